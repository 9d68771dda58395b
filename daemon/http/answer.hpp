// The head of an HTTP answer, and what is known of its body.
#pragma once

#include <cstdint>
#include <optional>

#include "daemon/http/headers.hpp"

namespace sim52xx::daemon::http {

struct Answer {
  int status = 0;
  Headers headers;                      // names in lower case
  std::optional<std::uint64_t> length;  // of the body, where it is known beforehand
  std::uint64_t bytes = 0;              // of the body, as received
  bool reusable = false;                // another request may follow on this connection
};

}  // namespace sim52xx::daemon::http
