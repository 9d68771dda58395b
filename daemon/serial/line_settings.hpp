// All termios settings of the modem's line in one place: raw 8N1, any baud rate, flow control.
#pragma once

#include <string>

namespace sim52xx::daemon {

struct LineSettings {
  unsigned baud = 115200;
  bool rtscts = false;
};

// Sets every field of the terminal `fd` and reads it back. Returns what is wrong, or an empty
// string. `errno` is not meaningful afterwards.
std::string apply(int fd, const LineSettings& settings);

}  // namespace sim52xx::daemon
