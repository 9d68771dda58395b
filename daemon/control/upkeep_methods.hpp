// metrics, config.reload, trace.start, trace.stop: what the daemon as a whole is asked.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "daemon/at/trace.hpp"
#include "daemon/control/methods.hpp"

namespace sim52xx::daemon::control {

struct UpkeepSupport {
  std::function<std::string()> metrics;  // as Prometheus reads it
  std::function<Result<json>()> reload;  // {applied, needs_restart}
  std::function<void()> trace_start;
  std::function<std::optional<Trace::Text>()> trace_stop;  // nullopt: none is running
};

void add_upkeep_methods(Methods& methods, UpkeepSupport support);

}  // namespace sim52xx::daemon::control
