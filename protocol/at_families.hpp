// The AT commands that do not run beside the TLS stacks (note, chapter 7), as families, and those
// that nobody but the daemon may give, since they would break it. One table, in at_families.cpp.
#pragma once

#include <cstdint>
#include <string_view>

namespace sim52xx {

enum class AtFamily : std::uint8_t { none, tcpip, mms, gps, http, ftp };

// What a command does to its family. `asks` neither needs nor disturbs anything.
enum class AtRole : std::uint8_t { asks, uses, starts, stops };

// AT+X, AT+X?, AT+X=?, AT+X=...
enum class AtForm : std::uint8_t { exec, read, test, set };

struct AtRule {
  AtFamily family = AtFamily::none;
  AtRole role = AtRole::asks;
  std::string_view refusal;  // why nobody may give it; empty: one may
  bool secret = false;       // its arguments are not for logs, nor is what it reads
};

// `name` is what follows AT, in upper case: "+NETOPEN", "&F", "E", "S3". `argument` is what follows
// the first '=', or the digits of a basic command.
AtRule at_rule(std::string_view name, AtForm form, std::string_view argument);

// As in waiting_for.stack: "tcpip"; empty for none.
std::string_view name(AtFamily family);

}  // namespace sim52xx
