// Whether an answer leads elsewhere, and what is asked there.
#pragma once

#include <optional>
#include <string>

#include "daemon/http/answer.hpp"
#include "daemon/http/headers.hpp"
#include "daemon/http/url.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon::http {

struct Hop {
  Url url;
  std::string method;
  Headers headers;
  bool with_body = false;
};

// 301, 302, 303, 307 and 308 with a Location.
bool is_redirect(const Answer& answer);

// What `asked` becomes after `answer`, which is a redirect. As curl does it: 301 and 302 turn POST
// into GET, 303 everything but HEAD; without a body its headers go, on another server what was
// meant for the first only. Errors: those of resolve().
Result<Hop> follow(const Hop& asked, const Answer& answer);

}  // namespace sim52xx::daemon::http
