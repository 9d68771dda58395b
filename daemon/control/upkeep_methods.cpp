#include "daemon/control/upkeep_methods.hpp"

#include <utility>

namespace sim52xx::daemon::control {
namespace {

using Task = boost::asio::awaitable<Result<json>>;

constexpr std::size_t page_size = std::size_t{128} * 1024;

Result<json> start_trace(Trace& trace, const Call& call) {
  const json* const payload = call.find("payload");
  trace.start(payload != nullptr && payload->get<bool>());
  return json::object();
}

Result<json> stop_trace(Trace& trace) {
  if (!trace.running()) return Error(ErrorKind::invalid, "trace", "no trace is running");
  Trace::Text kept = trace.stop();
  json result = json::object();
  result["trace"] = std::move(kept.text);
  result["truncated"] = kept.truncated;
  return result;
}

Result<json> get_trace(Trace& trace, const Call& call) {
  const json* const from = call.find("from");
  if (from != nullptr && !from->is_number_unsigned())
    return Error(ErrorKind::invalid, "parameters", "from must be 0 or a \"next\" of an answer");
  Trace::Page page = trace.page(from != nullptr ? from->get<std::uint64_t>() : 0, page_size);
  json result = json::object();
  result["trace"] = std::move(page.text);
  result["next"] = page.next;
  result["more"] = page.more;
  result["truncated"] = page.truncated;
  return result;
}

void add_trace_methods(Methods& methods, Trace& trace) {
  methods.add(Method(
      "trace.start", Who::admin, "Marks where the trace that trace.stop gives begins",
      {Parameter("payload", Type::boolean,
                 "keep payloads as they are until trace.stop, but for headers with credentials; "
                 "false where missing: their length and how they end only")},
      "{}", [&trace](Call& call) -> Task { co_return start_trace(trace, call); }));
  methods.add(Method("trace.stop", Who::admin, "Ends the trace and gives what it has kept", {},
                     "{trace, truncated}: the last 256 KiB of it",
                     [&trace](Call&) -> Task { co_return stop_trace(trace); }));
  methods.add(Method(
      "trace.get", Who::admin,
      "What has passed the serial line lately, secrets masked: always kept, 256 KiB of it",
      {Parameter("from", Type::integer, "\"next\" of the answer before; the oldest where missing")},
      "{trace, next, more, truncated}: a part of it as text, and from where to go on",
      [&trace](Call& call) -> Task { co_return get_trace(trace, call); }));
}

}  // namespace

void add_upkeep_methods(Methods& methods, const UpkeepSupport& support) {
  methods.add(Method("metrics", Who::user, "Counters and gauges", {},
                     "a string in the text format of Prometheus",
                     [get = support.metrics](Call&) -> Task { co_return json(get()); }));
  methods.add(Method("config.reload", Who::admin,
                     "Reads the configuration again and applies what can be applied without "
                     "closing sessions; where anything in it is wrong nothing changes",
                     {}, "{applied, needs_restart}: names of keys",
                     [reload = support.reload](Call&) -> Task { co_return reload(); }));
  add_trace_methods(methods, *support.trace);
}

}  // namespace sim52xx::daemon::control
