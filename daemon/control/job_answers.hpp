// Jobs as the control protocol shows them, and the way from a request to its job's answer.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/body/spool.hpp"
#include "daemon/control/methods.hpp"
#include "daemon/jobs/job_list.hpp"

namespace sim52xx::daemon::control {

// What the methods need that have to do with jobs. All outlive the server.
struct JobsContext {
  Runtime& runtime;
  JobList& jobs;
  SpoolSpace& space;
};

JobReader reader_of(const Client& client);

// The job object without its result, for lists and events.
json short_job(const JobsContext& context, const JobRecord& job);
// The whole job object; bodies that were spooled are in its result as far as they fit.
json whole_job(const JobsContext& context, const JobRecord& job);

// Those for `status`: what is not over yet, and what was over last.
json status_jobs(const JobsContext& context, const Client& client);

// What was asked, apart from what is special to its kind: client_ref, timeout, detach.
Result<JobOrder> order_of(Call& call, std::string kind);

// The refusal of a request by its job, as one of a parameter: it names the field.
Error as_parameter(Error error);

// Submits the job, or finds the one of before; the parameters are dropped, for there may be secrets
// and bodies in them.
Result<JobPtr> submit(const JobsContext& context, Call& call, JobOrder order,
                      const JobList::Make& make);

// The job's number where it is detached, else what it comes to, as soon as that is decided. It is
// cancelled when its client goes away before.
boost::asio::awaitable<Result<json>> answer_for(const JobsContext& context, Call& call, JobPtr job,
                                                bool detached);

// Waits until the job is over, its client gone or the time up.
boost::asio::awaitable<void> wait_over(const JobsContext& context, Call& call, JobPtr job,
                                       Time until);

}  // namespace sim52xx::daemon::control
