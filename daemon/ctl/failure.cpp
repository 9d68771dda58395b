#include "daemon/ctl/failure.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/ctl/connect_words.hpp"
#include "daemon/ctl/fields.hpp"

namespace sim52xx::ctl {
namespace {

struct Kind {
  std::string_view name;
  Exit exit;
  std::string_view advice;  // what to do next; empty: the message says it all
};

constexpr std::array kinds{
    Kind{"busy", Exit::busy, "who has it: sim52xxctl status"},
    Kind{"denied", Exit::denied, ""},
    Kind{"invalid", Exit::usage, ""},
    Kind{"modem_absent", Exit::failed, "what the daemon knows about the modem: sim52xxctl status"},
    Kind{"not_registered", Exit::failed,
         "antenna, SIM and operator: sim52xxctl status shows them, sim52xxctl monitor the changes"},
    Kind{"connect_failed", Exit::failed,
         "host and port right? The modem speaks no TLS after 1.0, which many servers refuse"},
    Kind{"tls_alert", Exit::tls_refused, ""},
    Kind{"timeout", Exit::timeout, ""},
    Kind{"peer_closed", Exit::failed, ""},
    Kind{"cancelled", Exit::failed, ""},
    Kind{"interrupted", Exit::failed, ""},
    Kind{"not_found", Exit::failed, ""},
    Kind{"limit", Exit::failed, ""},
    Kind{"unsupported", Exit::failed, ""},
    Kind{"modem_error", Exit::failed, "the dialogue with the modem: journalctl -u sim52xxd -n 50"},
    Kind{"protocol_error", Exit::failed, ""},
};

const Kind* find_kind(std::string_view name) {
  const auto* at =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& kind) { return kind.name == name; });
  return at == kinds.end() ? nullptr : at;
}

constexpr int unknown_method = -32601;

// Where the message names the group, or the line of the configuration, the advice goes on from it.
std::vector<std::string> advice_for(std::string_view kind, const Failure& failure) {
  if (kind == "denied") {
    constexpr std::string_view mark = "group ";
    const auto at = failure.message.rfind(mark);
    if (at == std::string::npos) return {};
    return group_advice(failure.message.substr(at + mark.size()));
  }
  if (kind == "tls_alert" && failure.message.find("accept_alerts") != std::string::npos)
    return {"then: systemctl reload sim52xxd"};
  const Kind* known = find_kind(kind);
  if (known == nullptr || known->advice.empty()) return {};
  return {std::string(known->advice)};
}

}  // namespace

Failure misuse(std::string message, std::vector<std::string> advice) {
  Failure failure(Exit::usage, std::move(message));
  failure.advice = std::move(advice);
  return failure;
}

Failure failure_of(const json& error) {
  const json& data = member(error, "data");
  // In answers the kind is in `data`; in jobs and in status the object itself has it.
  const std::string kind = text(data.is_object() ? data : error, "kind");
  Failure failure(exit_of(kind), text(error, "message"));
  if (failure.message.empty())
    failure.message = kind.empty() ? "the daemon gives no reason" : "failed: " + kind;
  failure.advice = advice_for(kind, failure);
  if (member(error, "code") == unknown_method)
    failure.advice = {"is the daemon older than sim52xxctl? sim52xxctl version"};
  failure.error = error;
  return failure;
}

Exit exit_of(std::string_view kind) {
  const Kind* known = find_kind(kind);
  return known == nullptr ? Exit::failed : known->exit;
}

json error_object(const Failure& failure) {
  if (!failure.error.is_null()) return failure.error;
  json data = json::object();
  switch (failure.exit) {
    case Exit::absent:
      data["kind"] = "daemon_absent";
      break;
    case Exit::denied:
      data["kind"] = "denied";
      break;
    case Exit::usage:
      data["kind"] = "invalid";
      break;
    case Exit::timeout:
      data["kind"] = "timeout";
      break;
    default:
      data["kind"] = "failed";
  }
  json object = json::object();
  object["message"] = failure.message;
  object["data"] = std::move(data);
  return object;
}

}  // namespace sim52xx::ctl
