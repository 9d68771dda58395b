#include "daemon/jobs/job_list.hpp"

#include <charconv>
#include <exception>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "daemon/system/log_event.hpp"

namespace sim52xx::daemon {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr auto progress_pause = 1s;  // between two reports of one job's bytes

std::string_view stack_of(const Want& want) {
  if (want.https) return "https";
  return want.ftps ? "ftps" : "ssl";
}

}  // namespace

JobList::JobList(Runtime& runtime, Settings settings, Explain explain, JobWatcher* watcher,
                 std::function<void()> failed)
    : runtime_(runtime),
      settings_(settings),
      explain_(std::move(explain)),
      watcher_(watcher),
      tasks_(runtime, std::move(failed)),
      expiry_(runtime.timers, [this] { forget_old(); }) {}

Result<JobPtr> JobList::submit(JobOrder order, const Make& make) {
  if (stopping_) return Error(ErrorKind::interrupted, "queued", "the daemon stops");
  if (!order.client_ref.empty()) {
    Result<JobPtr> before = known(order);
    if (!before || *before) return before;
  }
  if (waiting() >= waiting_most || waiting_memory_ + order.memory > waiting_memory_most)
    return Error(ErrorKind::limit, "queued",
                 "too many jobs wait: " + std::to_string(waiting()) + ", with " +
                     std::to_string(waiting_memory_) + " bytes of bodies in memory");
  auto job = std::make_shared<JobRecord>(runtime_, last_number_ + 1, std::move(order));
  Result<Parts> parts = make(job->id);
  if (!parts) return parts.error();
  job->job = std::move(parts->job);
  job->bodies = std::move(parts->bodies);
  job->accepted = runtime_.now();
  ++last_number_;
  ++counters_.accepted;
  waiting_memory_ += job->order.memory;
  jobs_.emplace(job->number, job);
  if (!job->order.client_ref.empty())
    references_.emplace(Reference(job->order.owner.uid, job->order.client_ref), job);
  arm_timeout(job);
  if (watcher_ != nullptr) watcher_->on_job_state(*job);
  Lane& lane = lane_of(*job);
  lane.queued.emplace(job->number, job);
  start_next(lane);
  return job;
}

Result<JobPtr> JobList::known(const JobOrder& order) const {
  const auto before = references_.find(Reference(order.owner.uid, order.client_ref));
  if (before == references_.end()) return JobPtr();
  const JobPtr& job = before->second;
  if (job->order.kind == order.kind && job->order.fingerprint == order.fingerprint) return job;
  return Error(ErrorKind::invalid, "client_ref",
               "client_ref is taken by job " + job->id + ", which was asked for something else");
}

JobList::Lane& JobList::lane_of(const JobRecord& job) {
  for (const auto& lane : lanes_)
    if (lane->want == job.job->want) return *lane;
  lanes_.push_back(std::make_unique<Lane>(job.job->want));
  return *lanes_.back();
}

void JobList::start_next(Lane& lane) {
  while (!lane.queued.empty() && lane.started.size() < at_the_arbiter) {
    const JobPtr job = lane.queued.begin()->second;
    lane.queued.erase(lane.queued.begin());
    lane.started.emplace(job->number, job);
    job->started = std::chrono::system_clock::now();
    job->job->set_state(JobState::acquiring);
    tasks_.spawn("job " + job->id, run(job));
  }
}

// Not in the timer's own call: what follows may destroy it.
void JobList::arm_timeout(const JobPtr& job) {
  if (!job->order.timeout) return;
  const std::weak_ptr<JobRecord> weak = job;
  job->timer = std::make_unique<Timer>(runtime_.timers, [this, weak] {
    asio::post(runtime_.io, [this, weak] {
      if (const JobPtr late = weak.lock(); late && !late->decided()) time_out(*late);
    });
  });
  job->timer->arm(job->accepted + *job->order.timeout);
}

void JobList::time_out(JobRecord& job) {
  const auto waiting = waiting_for(job);
  std::string words = "the job's timeout is over in the state " + std::string(name(job.state()));
  if (waiting) words += ", waiting for " + waiting->stack + ", which " + waiting->holder + " has";
  Error error(ErrorKind::timeout, std::string(name(job.state())), std::move(words));
  if (waiting)
    error.waiting_for =
        Waited{waiting->stack, waiting->holder, wall_time(waiting->since, runtime_.now())};
  stop(job, std::move(error));
}

asio::awaitable<void> JobList::run(JobPtr job) {
  tasks_.spawn("job " + job->id + " watch", follow(job));
  Result<json> result =
      Error(ErrorKind::interrupted, "job", "internal error; see the daemon's log");
  std::string mistake;
  try {
    auto outcome = co_await job->job->run();
    result = std::move(outcome);
  } catch (const std::exception& e) {
    mistake = e.what();
  }
  if (!mistake.empty()) spdlog::error("internal error in job {}: {}", job->id, mistake);
  finish(*job, std::move(result));
}

// Tells of each state as it comes, and of the bytes from time to time.
asio::awaitable<void> JobList::follow(JobPtr job) {
  std::optional<JobState> state;
  std::string stage;
  Time told{};
  while (!job->over()) {
    const Progress& progress = job->job->progress;
    const bool new_state = state != job->state();
    const bool new_stage = stage != progress.stage;
    if (new_state || new_stage || runtime_.now() >= told + progress_pause) {
      state = job->state();
      stage = progress.stage;
      told = runtime_.now();
      if (watcher_ != nullptr && new_state) watcher_->on_job_state(*job);
      if (watcher_ != nullptr && !new_state) watcher_->on_job_progress(*job);
    }
    if (new_state) job->changed.notify();
    co_await job->job->changed.wait();
  }
}

void JobList::finish(JobRecord& job, Result<json> result) {
  Lane& lane = lane_of(job);
  job.error = job.job->stopped();  // what was told already stays true
  if (!job.error && !result) job.error = result.error();
  const json& shown = job.error ? job.job->partial : *result;
  if (!shown.is_null()) job.result = shown.dump(-1, ' ', false, json::error_handler_t::replace);
  job.end = !job.error                                ? JobState::done
            : job.error->kind == ErrorKind::cancelled ? JobState::cancelled
                                                      : JobState::failed;
  ++(job.end == JobState::done     ? counters_.done
     : job.end == JobState::failed ? counters_.failed
                                   : counters_.cancelled);
  if (job.error) job.bodies.clear();
  if (job.error)
    log_event({message_id::job_failed, job.error->at}, spdlog::level::info, "job {}: {}: {}",
              job.id, name(job.end), job.error->message);
  job.progress = job.job->progress;
  job.finished = std::chrono::system_clock::now();
  if (job.timer) job.timer->cancel();
  waiting_memory_ -= job.order.memory;
  job.job->changed.notify();  // follow() ends
  job.job.reset();
  keep(job);
  if (watcher_ != nullptr) watcher_->on_job_state(job);
  job.changed.notify();
  lane.queued.erase(job.number);
  lane.started.erase(job.number);
  if (!stopping_) start_next(lane);
}

JobPtr JobList::find(std::string_view id, const JobReader& reader) const {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return nullptr;
  const auto found = jobs_.find(number);
  if (found == jobs_.end() || found->second->id != id) return nullptr;
  return reader.admin || found->second->order.owner.uid == reader.uid ? found->second : nullptr;
}

std::vector<JobPtr> JobList::select(const JobReader& reader, std::size_t most,
                                    const std::function<bool(const JobRecord&)>& wanted) const {
  std::vector<JobPtr> found;
  for (auto entry = jobs_.rbegin(); entry != jobs_.rend() && found.size() < most; ++entry) {
    const JobRecord& job = *entry->second;
    if ((reader.admin || job.order.owner.uid == reader.uid) && wanted(job))
      found.push_back(entry->second);
  }
  return found;
}

std::optional<WaitingFor> JobList::waiting_for(const JobRecord& job) const {
  if (job.decided()) return std::nullopt;
  if (job.started) return explain_(*job.job);
  for (const auto& lane : lanes_) {
    if (lane->want != job.job->want || lane->started.empty()) continue;
    const JobRecord& first = *lane->started.begin()->second;
    return WaitingFor{std::string(stack_of(lane->want)), "job " + first.id, job.accepted};
  }
  return std::nullopt;
}

void JobList::stop(JobRecord& job, Error why) {
  if (job.over()) return;
  const JobPtr alive = jobs_.at(job.number);
  job.job->stop(why);
  if (!job.started) finish(job, std::move(why));
  job.changed.notify();
}

void JobList::attach(JobRecord& job) {
  ++job.attached;
}

void JobList::leave(JobRecord& job) {
  if (--job.attached > 0 || job.order.detached || job.decided()) return;
  stop(job, Error(ErrorKind::cancelled, std::string(name(job.state())),
                  "the connection that asked for the job was closed"));
}

void JobList::stop() {
  stopping_ = true;
  expiry_.cancel();
  const auto jobs = jobs_;
  for (const auto& [number, job] : jobs)
    stop(*job, Error(ErrorKind::interrupted, std::string(name(job->state())), "the daemon stops"));
}

asio::awaitable<void> JobList::join() {
  return tasks_.join();
}

}  // namespace sim52xx::daemon
