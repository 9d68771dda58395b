// Who gets which of the modem's stacks, and who has to wait. Pure: what is held and who waits in,
// grants out. HTTPS, FTPS and SSL exclude each other, and all three the raw commands of the
// conflicting families (note, chapter 7); the SSL stack is shared by two sessions (ssl_policy.hpp).
#pragma once

#include <optional>

#include "protocol/result_codes.hpp"
#include "protocol/ssl_policy.hpp"

namespace sim52xx {

// What somebody needs; any one of what is set will do. An HTTPS job that may go either way sets
// https and ssl: it goes over SSL while SSL is held, over the HTTPS stack otherwise.
struct Want {
  bool https = false;
  bool ftps = false;
  std::optional<SslWant> ssl;

  friend bool operator==(const Want&, const Want&) = default;
};

struct Grant {
  Stack stack = Stack::none;
  SslGrant ssl;  // where the stack is ssl

  friend bool operator==(const Grant&, const Grant&) = default;
};

}  // namespace sim52xx
