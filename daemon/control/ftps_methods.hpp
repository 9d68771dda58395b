// ftps.run.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/control/job_answers.hpp"
#include "daemon/jobs/ftps_request.hpp"

namespace sim52xx::daemon::control {

struct FtpsSupport {
  // Checks the request and makes its job. The error names the field at fault.
  std::function<Result<std::unique_ptr<Job>>(const std::string& id, FtpsRequest request)> make;
  std::function<std::optional<FtpsOp>(std::string_view name)> find_op;
  // The secret of that credential. Errors: denied, invalid.
  std::function<Result<std::string>(const std::string& credential)> credential;
};

// Adds the row. The context outlives the server.
void add_ftps_methods(Methods& methods, const JobsContext& context, FtpsSupport support);

}  // namespace sim52xx::daemon::control
