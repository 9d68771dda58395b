#include "daemon/control/job_methods.hpp"

#include <utility>

#include "daemon/body/encoding.hpp"
#include "daemon/control/call_bodies.hpp"

namespace sim52xx::daemon::control {
namespace {

constexpr std::int64_t listed_most = 1000;
constexpr std::int64_t listed_usually = 100;
constexpr std::size_t read_most = std::size_t{256} * 1024;

using Task = asio::awaitable<Result<json>>;

Result<JobPtr> find(const JobsContext& context, Call& call) {
  const std::string& id = call.find("job_id")->get_ref<const std::string&>();
  JobPtr job = context.jobs.find(id, reader_of(*call.client));
  if (job) return job;
  return Error(ErrorKind::not_found, "job",
               "there is no such job; those that are over are kept "
               "for job_ttl, and none over a restart of the daemon");
}

Result<json> list(const JobsContext& context, Call& call) {
  const CallParams params(call.params);
  const Result<std::int64_t> limit = params.integer("limit", 1, listed_most, listed_usually);
  if (!limit) return limit.error();
  std::optional<JobState> state;
  if (const json* word = params.find("state")) {
    state = find_job_state(word->get_ref<const std::string&>());
    if (!state) return params.wrong("state", "the name of a state");
  }
  const auto jobs =
      context.jobs.select(reader_of(*call.client), static_cast<std::size_t>(*limit),
                          [&](const JobRecord& job) { return !state || job.state() == *state; });
  json found = json::array();
  for (const JobPtr& job : jobs)
    found.push_back(short_job(context, *job));
  json result = json::object();
  result["jobs"] = std::move(found);
  return result;
}

Result<json> get(const JobsContext& context, Call& call) {
  const Result<JobPtr> job = find(context, call);
  if (!job) return job.error();
  return whole_job(context, **job);
}

Result<json> cancel(const JobsContext& context, Call& call) {
  const Result<JobPtr> job = find(context, call);
  if (!job) return job.error();
  context.jobs.stop(**job, Error(ErrorKind::cancelled, std::string(name((*job)->state())),
                                 "the job was cancelled"));
  return whole_job(context, **job);
}

Task wait(const JobsContext& context, Call& call) {
  const Result<JobPtr> job = find(context, call);
  if (!job) co_return job.error();
  const Result<std::optional<double>> timeout = CallParams(call.params).seconds("timeout");
  if (!timeout) co_return timeout.error();
  Time until = Time::max();
  if (*timeout)
    until = context.runtime.now() +
            std::chrono::duration_cast<Duration>(std::chrono::duration<double>(**timeout));
  const JobPtr found = *job;
  co_await wait_over(context, call, found, until);
  if (found->over() && !call.client->gone()) found->delivered = true;
  co_return whole_job(context, *found);
}

// Of a job with several bodies: which one.
Result<std::shared_ptr<Spool>> spool_of(const JobRecord& job, const CallParams& params) {
  const Result<std::int64_t> step = params.integer("step", 0, 9999, -1);
  if (!step) return step.error();
  const std::string place = *step < 0 ? "" : "/steps/" + std::to_string(*step);
  for (const JobBody& body : job.bodies)
    if (*step < 0 || body.place == place) return body.spool;
  return Error(ErrorKind::not_found, "body",
               "the job has no such body: it went to a descriptor, or none was asked for");
}

Result<json> read(const JobsContext& context, Call& call) {
  const CallParams params(call.params);
  const Result<std::int64_t> offset = params.integer("offset", 0, INT64_MAX, 0);
  if (!offset) return offset.error();
  const Result<std::int64_t> length = params.integer("length", 1, read_most, read_most);
  if (!length) return length.error();
  const Result<JobPtr> job = find(context, call);
  if (!job) return job.error();
  if (const auto& failure = (*job)->failure()) return *failure;
  const Result<std::shared_ptr<Spool>> spool = spool_of(**job, params);
  if (!spool) return spool.error();
  const auto from = static_cast<std::uint64_t>(*offset);
  const Result<std::string> bytes = (*spool)->read(from, static_cast<std::size_t>(*length));
  if (!bytes) return bytes.error();
  json result = json::object();
  result["data_base64"] = to_base64(*bytes);
  result["eof"] = (*job)->over() && from + bytes->size() >= (*spool)->size();
  return result;
}

// A handler that needs not wait.
Handler at_once(const JobsContext& context, Result<json> (*handle)(const JobsContext&, Call&)) {
  return [&context, handle](Call& call) -> Task { co_return handle(context, call); };
}

}  // namespace

void add_job_methods(Methods& methods, const JobsContext& context) {
  const Parameter id("job_id", Type::text, "the job's number", true);
  methods.add(Method("job.list", Who::user,
                     "The jobs of the caller, the newest first; an "
                     "administrator's call gives those of all users",
                     {Parameter("state", Type::text, "only those in this state"),
                      Parameter("limit", Type::integer, "at most so many; 1 to 1000, usually 100")},
                     "{jobs: job objects without their results}", at_once(context, list)));
  methods.add(Method("job.get", Who::user, "A job as it is now", {id}, "a job object",
                     at_once(context, get)));
  methods.add(Method(
      "job.wait", Who::user, "Waits until a job is over",
      {id,
       Parameter("timeout", Type::number, "seconds after which the job is answered as it is then")},
      "a job object", [&context](Call& call) -> Task { return wait(context, call); }));
  methods.add(Method("job.cancel", Who::user,
                     "Cancels a job; the modem may have to be unwound before it is over. Does "
                     "nothing to one that is over",
                     {id}, "a job object", at_once(context, cancel)));
  methods.add(Method("job.read", Who::user, "A piece of the body that a job has received",
                     {id, Parameter("offset", Type::integer, "from this byte on, usually 0"),
                      Parameter("length", Type::integer, "at most so many bytes, 1 to 262144"),
                      Parameter("step", Type::integer,
                                "of which step of ftps.run, from 0; usually of the first get")},
                     "{data_base64, eof}", at_once(context, read)));
}

}  // namespace sim52xx::daemon::control
