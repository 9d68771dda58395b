// metrics, config.reload, trace.*: what the daemon as a whole is asked.
#pragma once

#include <functional>
#include <string>

#include "daemon/at/trace.hpp"
#include "daemon/control/methods.hpp"

namespace sim52xx::daemon::control {

struct UpkeepSupport {
  std::function<std::string()> metrics;  // as Prometheus reads it
  std::function<Result<json>()> reload;  // {applied, needs_restart}
  Trace* trace = nullptr;                // must outlive the methods
};

void add_upkeep_methods(Methods& methods, const UpkeepSupport& support);

}  // namespace sim52xx::daemon::control
