#include "daemon/control/job_answers.hpp"

#include <algorithm>
#include <utility>

#include "daemon/control/call_bodies.hpp"
#include "daemon/jobs/fingerprint.hpp"
#include "daemon/report/error_json.hpp"
#include "daemon/report/times.hpp"

namespace sim52xx::daemon::control {
namespace {

constexpr std::size_t reference_most = 256;
constexpr std::size_t shown_waiting = 100;
constexpr std::size_t shown_over = 20;

json time_or_null(const std::optional<WallTime>& time) {
  return time ? json(rfc3339(*time)) : json(nullptr);
}

json progress_json(const Progress& progress) {
  json object = json::object();
  object["stage"] = progress.stage;
  object["up"] = progress.up;
  object["down"] = progress.down;
  object["total"] = progress.total ? json(*progress.total) : json(nullptr);
  return object;
}

json waiting_json(const JobsContext& context, const JobRecord& job) {
  const auto waiting = context.jobs.waiting_for(job);
  if (!waiting) return nullptr;
  json object = json::object();
  object["stack"] = waiting->stack;
  object["holder"] = waiting->holder;
  object["since"] = rfc3339(wall_time(waiting->since, context.runtime.now()));
  return object;
}

json owner_json(const JobOwner& owner) {
  json object = json::object();
  object["uid"] = owner.uid;
  object["pid"] = owner.pid;
  return object;
}

// As far as it has come, or nothing.
json result_json(const JobRecord& job) {
  if (job.result.empty()) return nullptr;
  json result = json::parse(job.result);
  if (job.end != JobState::done) return result;
  if (result.is_object()) result["job_id"] = job.id;
  put_bodies(result, job.bodies);
  return result;
}

asio::awaitable<void> wait_decided(JobList& jobs, std::shared_ptr<Client> client, JobPtr job) {
  const GoneWatch watch(client, [job] { job->changed.notify(); });
  JobList::attach(*job);
  while (!job->decided() && !client->gone())
    co_await job->changed.wait();
  jobs.leave(*job);
}

bool is_reference(std::string_view text) {
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
  return plain && !text.empty() && text.size() <= reference_most;
}

}  // namespace

JobReader reader_of(const Client& client) {
  return {client.peer().uid, client.is_admin()};
}

json short_job(const JobsContext& context, const JobRecord& job) {
  json object = json::object();
  const auto& failure = job.failure();
  object["job_id"] = job.id;
  object["client_ref"] = job.order.client_ref.empty() ? json(nullptr) : json(job.order.client_ref);
  object["kind"] = job.order.kind;
  object["state"] = name(job.state());
  object["waiting_for"] = waiting_json(context, job);
  object["progress"] = progress_json(job.current_progress());
  object["error"] = failure ? error_object(*failure) : json(nullptr);
  object["owner"] = owner_json(job.order.owner);
  object["created"] = rfc3339(job.created);
  object["started"] = time_or_null(job.started);
  object["finished"] = job.over() ? json(rfc3339(job.finished)) : json(nullptr);
  return object;
}

json whole_job(const JobsContext& context, const JobRecord& job) {
  json object = short_job(context, job);
  object["result"] = result_json(job);
  return object;
}

json status_jobs(const JobsContext& context, const Client& client) {
  const JobReader reader = reader_of(client);
  json list = json::array();
  auto waiting =
      context.jobs.select(reader, shown_waiting, [](const JobRecord& job) { return !job.over(); });
  auto over =
      context.jobs.select(reader, shown_over, [](const JobRecord& job) { return job.over(); });
  for (const JobPtr& job : waiting)
    list.push_back(short_job(context, *job));
  for (const JobPtr& job : over)
    list.push_back(short_job(context, *job));
  return list;
}

Result<JobOrder> order_of(Call& call, std::string kind) {
  const CallParams params(call.params);
  JobOrder order;
  const Result<std::optional<double>> timeout = params.seconds("timeout");
  if (!timeout) return timeout.error();
  if (*timeout)
    order.timeout = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(**timeout));
  order.detached = params.flag("detach");
  if (params.has("client_ref")) {
    order.client_ref = params.take_text("client_ref");
    if (!is_reference(order.client_ref))
      return params.wrong("client_ref", "1 to 256 printable ASCII characters without blanks");
    // Who comes back for its answer may have lost a connection, and come with another one.
    call.params.erase("detach");
    call.params.erase("client_ref");
    order.fingerprint = fingerprint(call.params.dump());
  }
  order.kind = std::move(kind);
  order.owner = JobOwner{call.client->peer().uid, call.client->peer().pid};
  return order;
}

Error as_parameter(Error error) {
  if (error.kind == ErrorKind::invalid) error.stage = "parameters";
  return error;
}

Result<JobPtr> submit(const JobsContext& context, Call& call, JobOrder order,
                      const JobList::Make& make) {
  const bool detached = order.detached;
  Result<JobPtr> job = context.jobs.submit(std::move(order), make);
  call.params = json();
  if (job && detached) (*job)->order.detached = true;
  return job;
}

asio::awaitable<Result<json>> answer_for(const JobsContext& context, Call& call, JobPtr job,
                                         bool detached) {
  json answer = json::object();
  answer["job_id"] = job->id;
  if (detached) co_return answer;
  co_await wait_decided(context.jobs, call.client, job);
  job->delivered = !call.client->gone();
  if (!job->failure()) co_return result_json(*job);
  call.error_data = std::move(answer);
  if (!job->result.empty()) call.error_data["partial"] = result_json(*job);
  co_return *job->failure();
}

asio::awaitable<void> wait_over(const JobsContext&, Call& call, JobPtr job, Time until) {
  const GoneWatch watch(call.client, [job] { job->changed.notify(); });
  bool in_time = true;
  while (in_time && !job->over() && !call.client->gone())
    in_time = co_await job->changed.wait_until(until);
}

}  // namespace sim52xx::daemon::control
