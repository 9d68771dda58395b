#include "daemon/control/upkeep_methods.hpp"

#include <utility>

namespace sim52xx::daemon::control {
namespace {

using Task = boost::asio::awaitable<Result<json>>;

Result<json> trace_json(std::optional<Trace::Text> kept) {
  if (!kept) return Error(ErrorKind::invalid, "trace", "no trace is running");
  json result = json::object();
  result["trace"] = std::move(kept->text);
  result["truncated"] = kept->truncated;
  return result;
}

}  // namespace

void add_upkeep_methods(Methods& methods, UpkeepSupport support) {
  methods.add(Method("metrics", Who::user, "Counters and gauges", {},
                     "a string in the text format of Prometheus",
                     [get = std::move(support.metrics)](Call&) -> Task { co_return json(get()); }));
  methods.add(Method("config.reload", Who::admin,
                     "Reads the configuration again and applies what can be applied without "
                     "closing sessions; where anything in it is wrong nothing changes",
                     {}, "{applied, needs_restart}: names of keys",
                     [reload = std::move(support.reload)](Call&) -> Task { co_return reload(); }));
  methods.add(Method("trace.start", Who::admin,
                     "Keeps what goes to and comes from the modem from now on, secrets masked", {},
                     "{}", [start = std::move(support.trace_start)](Call&) -> Task {
                       start();
                       co_return json::object();
                     }));
  methods.add(Method(
      "trace.stop", Who::admin, "Ends the trace and gives what it has kept", {},
      "{trace, truncated}: the last 256 KiB of it",
      [stop = std::move(support.trace_stop)](Call&) -> Task { co_return trace_json(stop()); }));
}

}  // namespace sim52xx::daemon::control
