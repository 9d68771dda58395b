// https.request.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/control/job_answers.hpp"
#include "daemon/jobs/https_request.hpp"

namespace sim52xx::daemon::control {

// Checks the request and makes its job. The error names the field at fault.
using MakeHttpsJob =
    std::function<Result<std::unique_ptr<Job>>(const std::string& id, HttpsRequest request)>;

// Adds the row. The context outlives the server.
void add_https_methods(Methods& methods, const JobsContext& context, MakeHttpsJob make);

}  // namespace sim52xx::daemon::control
