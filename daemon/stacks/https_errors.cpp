#include "daemon/stacks/https_errors.hpp"

#include <utility>

#include "protocol/result_codes.hpp"

namespace sim52xx::daemon {
namespace {

constexpr long server_closed = 3;
constexpr long timed_out = 4;
constexpr long transfer_failed = 5;
constexpr long network = 8;

ErrorKind kind_of(const std::string& stage, long code) {
  if (code == timed_out) return ErrorKind::timeout;
  if (stage == "open") return ErrorKind::connect_failed;
  if (code == server_closed) return ErrorKind::peer_closed;
  if (code == transfer_failed || code == network) return ErrorKind::interrupted;
  return ErrorKind::modem_error;
}

}  // namespace

Error https_error(std::string stage, std::string words, std::string_view at,
                  const Outcome& outcome) {
  const bool coded = outcome.code.value_or(0) != 0;
  const std::string response = coded ? result_text(Stack::https, *outcome.code) : outcome.text;
  const ErrorKind kind = kind_of(stage, outcome.code.value_or(0));
  Error error(kind, std::move(stage), std::move(words) + ": " + response);
  error.at = at;
  error.response = response;
  return error;
}

Error at_stage(Error error, std::string stage, const std::string& words) {
  if (error.kind != ErrorKind::timeout) return error;
  error.stage = std::move(stage);
  error.message = words + " in time: " + error.message;
  return error;
}

}  // namespace sim52xx::daemon
