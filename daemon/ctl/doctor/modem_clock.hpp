// The modem's clock: "yy/MM/dd,hh:mm:ss+zz", local time and its offset to UTC in quarters of an
// hour.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/ctl/units.hpp"

namespace sim52xx::ctl::doctor {

// Of the answer to AT+CCLK?, with or without its name. A modem that was never told says 1980 or so.
std::optional<WallTime> modem_clock(std::string_view answer);

// AT+CCLK="..." for that time, in UTC.
std::string clock_command(WallTime time);

}  // namespace sim52xx::ctl::doctor
