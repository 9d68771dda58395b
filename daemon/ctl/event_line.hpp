// One event as one line: when, what about, what happened; the rest as "name value".
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "daemon/ctl/style.hpp"
#include "daemon/ctl/units.hpp"

namespace sim52xx::ctl {

// Without its LF.
std::string event_line(const nlohmann::json& event, const Style& style, WallTime now);

}  // namespace sim52xx::ctl
