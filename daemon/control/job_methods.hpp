// job.list, job.get, job.wait, job.cancel, job.read.
#pragma once

#include "daemon/control/job_answers.hpp"

namespace sim52xx::daemon::control {

// Adds the rows. The context outlives the server.
void add_job_methods(Methods& methods, const JobsContext& context);

}  // namespace sim52xx::daemon::control
