// The AT commands that do not run beside the TLS stacks (note, chapter 7), as families, and those
// that nobody but the daemon may give. One table, at_families.cpp.
#pragma once

#include <cstdint>
#include <string_view>

namespace sim52xx {

enum class AtFamily : std::uint8_t { none, tcpip, mms, gps, http, ftp };

// As in waiting_for.stack: "tcpip"; empty for none.
std::string_view name(AtFamily family);

}  // namespace sim52xx
