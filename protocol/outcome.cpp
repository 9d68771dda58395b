#include "protocol/outcome.hpp"

#include <array>

namespace sim52xx {
namespace {

struct Kind {
  std::string_view name;
  bool retryable;
};

constexpr std::array<Kind, 16> kinds{{
    {"busy", true},
    {"denied", false},
    {"invalid", false},
    {"modem_absent", true},
    {"not_registered", true},
    {"connect_failed", true},
    {"tls_alert", false},
    {"timeout", true},
    {"peer_closed", true},
    {"cancelled", false},
    {"interrupted", true},
    {"not_found", false},
    {"limit", false},
    {"unsupported", false},
    {"modem_error", true},
    {"protocol_error", false},
}};

}  // namespace

std::string_view name(ErrorKind kind) {
  return kinds.at(static_cast<std::size_t>(kind)).name;
}

bool retryable(ErrorKind kind) {
  return kinds.at(static_cast<std::size_t>(kind)).retryable;
}

}  // namespace sim52xx
