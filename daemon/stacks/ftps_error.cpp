#include "daemon/stacks/ftps_error.hpp"

#include <algorithm>
#include <array>

#include "protocol/fields.hpp"
#include "protocol/result_codes.hpp"

namespace sim52xx::daemon {
namespace {

struct Cause {
  long code;
  ErrorKind kind;
  ErrorKind at_login;
};

constexpr std::array<Cause, 10> causes{{
    {1, ErrorKind::tls_alert, ErrorKind::tls_alert},
    {2, ErrorKind::modem_error, ErrorKind::connect_failed},
    {3, ErrorKind::modem_error, ErrorKind::modem_error},
    {4, ErrorKind::peer_closed, ErrorKind::peer_closed},
    {5, ErrorKind::timeout, ErrorKind::timeout},
    {6, ErrorKind::interrupted, ErrorKind::interrupted},
    {7, ErrorKind::modem_error, ErrorKind::modem_error},
    {8, ErrorKind::invalid, ErrorKind::invalid},
    {9, ErrorKind::denied, ErrorKind::denied},
    {10, ErrorKind::interrupted, ErrorKind::connect_failed},
}};

}  // namespace

std::optional<long> ftps_code(const Outcome& outcome) {
  if (outcome.code || outcome.lines.size() != 1) return outcome.code;
  const Fields fields(outcome.lines.front());
  const auto number = fields.number(0);
  if (!number || fields.rest().starts_with('"')) return std::nullopt;
  return static_cast<long>(*number);
}

bool server_refused(const Outcome& outcome) {
  const auto code = ftps_code(outcome);
  return code == 1 || code == 4 || code == 9;
}

Error ftps_refusal(std::string_view doing, const std::string& at, const Outcome& outcome) {
  const auto code = ftps_code(outcome);
  const auto* const cause =
      std::ranges::find(causes, code.value_or(0), [](const Cause& c) { return c.code; });
  const bool login = doing.starts_with("log in");
  ErrorKind kind = login ? ErrorKind::connect_failed : ErrorKind::modem_error;
  if (cause != causes.end()) kind = login ? cause->at_login : cause->kind;
  std::string words = "the modem could not " + std::string(doing) + ": ";
  words +=
      code ? result_text(Stack::ftps, *code) : outcome.text + ", for a reason it does not tell";
  if (login && !code)
    words += " (no connection, no explicit TLS on that port, or a wrong password)";
  Error error(kind, login ? "open" : "command", std::move(words));
  error.at = at;
  error.response = outcome.text;
  return error;
}

std::string shown_as(const Spelling::Ways& ways) {
  const auto line = ways.front().line();
  return line ? line->shown : std::string();
}

}  // namespace sim52xx::daemon
