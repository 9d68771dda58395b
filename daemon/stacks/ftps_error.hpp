// What the modem's refusals of FTPS commands mean, as errors a user can act on.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/modem/spelling.hpp"
#include "protocol/exchange.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

// The number the modem gave, also where a text was to be expected ("+CFTPSPWD: 9").
std::optional<long> ftps_code(const Outcome& outcome);

// The number is one that only a server can have caused: the modem had reached it.
bool server_refused(const Outcome& outcome);

// What it said instead of doing `doing` ("change to /x"); `at` is the command as shown.
Error ftps_refusal(std::string_view doing, const std::string& at, const Outcome& outcome);

// A command as logs show it.
std::string shown_as(const Spelling::Ways& ways);

}  // namespace sim52xx::daemon
