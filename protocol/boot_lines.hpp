// What a modem prints when it starts, at the end of bytes that were announced as something else. A
// modem that restarts in the middle of a counted block goes on with these lines, and whoever counts
// takes them for the rest of the block. Never decides by them alone: a peer's data may say the
// same, so that a block has to have stopped short, too.
#pragma once

#include <string_view>

namespace sim52xx {

// From the CR LF before the first of them to the end; empty where `bytes` does not end with START
// (or what else a modem says first) and nothing but whole lines of a modem behind it.
std::string_view boot_lines_at_end(std::string_view bytes);

}  // namespace sim52xx
