// What went wrong in the HTTPS stack, as errors a user can act on.
#pragma once

#include <string>
#include <string_view>

#include "protocol/exchange.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

// The modem has refused `at`, or told a result that is none of success. `words` begin the message.
Error https_error(std::string stage, std::string words, std::string_view at,
                  const Outcome& outcome);

// A command that was not answered gets the stage it was for, and `words` before its own.
Error at_stage(Error error, std::string stage, const std::string& words);

}  // namespace sim52xx::daemon
