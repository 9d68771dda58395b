// From checked requests to jobs: where the control methods meet the stacks.
#pragma once

#include "daemon/control/ftps_methods.hpp"
#include "daemon/control/https_methods.hpp"
#include "daemon/jobs/ftps_job.hpp"
#include "daemon/jobs/https_job.hpp"

namespace sim52xx::daemon {

control::MakeHttpsJob https_maker(const HttpsContext& context);

// Passwords by the name of a credential, but not those that the configuration names for the SIM or
// the access point: who may run jobs could send them anywhere.
control::FtpsSupport ftps_support(const FtpsContext& context, const config::Config& config);

}  // namespace sim52xx::daemon
