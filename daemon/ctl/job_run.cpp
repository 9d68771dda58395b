#include "daemon/ctl/job_run.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include "daemon/ctl/connect_words.hpp"
#include "daemon/ctl/fields.hpp"

namespace sim52xx::ctl {
namespace {

constexpr double paint_again = 0.2;     // seconds
constexpr double cancel_patience = 10;  // for the answer to a cancelled job
constexpr double drain_patience = 10;   // for the end of a body whose job is over

double clock_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// The job that an event is about, as far as the event tells.
const json& job_of(const json& event) {
  const json& job = member(event, "job");
  return job.is_object() ? job : event;
}

}  // namespace

JobRun::JobRun(const Globals& globals, JobRequest request)
    : globals_(globals),
      request_(std::move(request)),
      progress_(clock_now()),
      begin_(clock_now()) {}

double JobRun::seconds() const {
  return clock_now() - begin_;
}

Outcome<json> JobRun::run() {
  auto client = Client::connect(globals_.socket);
  if (!client) return client.error();
  if (auto started = start(*client); !started) return started.error();
  while (!answer_) {
    auto gone_on = round(*client);
    if (gone_on) continue;
    wipe();
    return in_the_end(std::move(gone_on.error()));
  }
  wipe();
  auto result = Client::result_of(std::move(*answer_));
  // After a failure nobody knows when the daemon lets go of its end.
  drain(result ? drain_patience : 0);
  if (!result) return in_the_end(std::move(result.error()));
  for (const auto* pump : request_.pumps)
    if (*pump && (*pump)->failure()) return *(*pump)->failure();
  return result;
}

Outcome<void> JobRun::start(Client& client) {
  if (request_.show_progress) {
    // Before the request, so that no event is missed. A daemon without events still does the job.
    auto subscribed = client.send("events.subscribe", {{"topics", {"job"}}});
    if (!subscribed) return subscribed.error();
  }
  auto sent = client.send(request_.method, request_.params, request_.passed);
  if (!sent) return sent.error();
  id_ = *sent;
  if (request_.when_passed) request_.when_passed();
  return {};
}

// Waits for something to happen, and handles it.
Outcome<void> JobRun::round(Client& client) {
  std::vector<pollfd> ready{{client.fd(), POLLIN, 0}, {interrupts_.fd(), POLLIN, 0}};
  for (const auto* pump : request_.pumps)
    if (*pump && !(*pump)->ended()) ready.push_back((*pump)->next());
  if (::poll(ready.data(), ready.size(), next_look()) > 0) {
    copy(ready);
    // Ctrl-C first: it was typed before the answer could be seen.
    if (ready[1].revents != 0)
      if (auto going = interrupted(client, interrupts_.take()); !going) return going;
    if (ready[0].revents != 0)
      if (auto received = client.receive(); !received) return received;
    while (auto message = client.next())
      handle(std::move(*message));
  }
  if (give_up_ > 0 && clock_now() > give_up_)
    return Failure(Exit::interrupted, "the daemon does not confirm that the job is cancelled");
  paint();
  return {};
}

int JobRun::next_look() const {
  if (give_up_ > 0) return 500;
  return request_.show_progress ? static_cast<int>(paint_again * 1000) : -1;
}

void JobRun::handle(json message) {
  if (Client::answers(message, id_)) {
    answer_ = std::move(message);
  } else if (message.contains("method")) {
    follow(member(message, "params"));
  }
}

// The first time the job is told to stop, and its answer awaited; where we do not know its number,
// closing the connection tells it the same. The second time nobody waits any more.
Outcome<void> JobRun::interrupted(Client& client, int signal) {
  const bool again = std::exchange(signal_, signal) != 0;
  if (again || request_.watched || request_.job_id.empty())
    return Failure(Exit::interrupted, "interrupted");
  wipe();
  request_.show_progress = false;
  std::fprintf(stderr, "cancelling job %s (Ctrl-C: do not wait for it)\n", request_.job_id.c_str());
  auto sent = client.send("job.cancel", {{"job_id", request_.job_id}});
  if (!sent) return sent.error();
  give_up_ = clock_now() + cancel_patience;
  return {};
}

Failure JobRun::in_the_end(Failure failure) const {
  if (signal_ != 0) {
    failure.exit = static_cast<Exit>(128 + signal_);
    failure.advice.clear();
    if (request_.watched)
      failure.message = "no longer waiting; job " + request_.job_id + " goes on";
    else if (request_.job_id.empty())
      failure.message = "interrupted; the daemon cancels the job";
  } else if (failure.exit == Exit::absent) {
    failure.message += " while the job ran; what has become of it is not known";
  }
  return failure;
}

// Events tell of all jobs that we may see; ours is the one that this process has made.
void JobRun::follow(const json& event) {
  const json& job = job_of(event);
  const std::string id = text(job, "job_id");
  if (id.empty()) return;
  if (request_.job_id.empty() && text(member(job, "owner"), "pid") == std::to_string(::getpid()))
    request_.job_id = id;
  if (id == request_.job_id) progress_.update(job, clock_now());
}

void JobRun::copy(const std::vector<pollfd>& ready) {
  std::size_t at = 2;
  for (auto* pump : request_.pumps) {
    if (!*pump || (*pump)->ended()) continue;
    if (ready.at(at).revents != 0) (*pump)->go();
    ++at;
  }
}

// The answer is here; what the daemon has written before it is still in the pipe.
void JobRun::drain(double patience) {
  const double end = clock_now() + patience;
  for (auto* pump : request_.pumps) {
    while (*pump && !(*pump)->to_daemon() && !(*pump)->ended()) {
      pollfd look = (*pump)->next();
      const int found = ::poll(&look, 1, patience > 0 ? 100 : 0);
      if (found > 0) (*pump)->go();
      if (found <= 0 && clock_now() >= end) break;
    }
  }
}

void JobRun::paint() {
  if (!request_.show_progress || answer_ || clock_now() - painted_ < paint_again) return;
  painted_ = clock_now();
  const std::size_t columns = columns_of(STDERR_FILENO) - 1;
  std::string line = progress_.line(columns, painted_, std::chrono::system_clock::now());
  if (line == shown_) return;
  const std::string rest(shown_.size() - std::min(shown_.size(), line.size()), ' ');
  std::fprintf(stderr, "\r%s%s", line.c_str(), rest.c_str());
  std::fflush(stderr);
  shown_ = std::move(line);
}

void JobRun::wipe() {
  if (shown_.empty()) return;
  std::fprintf(stderr, "\r%s\r", std::string(shown_.size(), ' ').c_str());
  std::fflush(stderr);
  shown_.clear();
}

}  // namespace sim52xx::ctl
