// One AT command as an admin types it: exactly one, printable, and none that would break the daemon
// (at_families.hpp). The only way by which such a line reaches the modem.
#pragma once

#include <string>
#include <string_view>

#include "protocol/at_families.hpp"
#include "protocol/command.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx {

struct RawCommand {
  CommandLine line;  // as typed; arguments that are secret are masked where it is shown
  std::string name;  // what follows AT, in upper case, without arguments: "+CSQ", "&V", "I"
  AtFamily family = AtFamily::none;
  AtRole role = AtRole::asks;
};

inline constexpr std::size_t longest_raw_command = 512;

// Errors: invalid, where it is not one command; denied, where nobody may give it.
Result<RawCommand> check_raw_command(std::string_view text);

}  // namespace sim52xx
