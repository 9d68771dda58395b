// The daemon's `status` as one page for people: what is, and nothing about what is not.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "daemon/ctl/style.hpp"
#include "daemon/ctl/units.hpp"

namespace sim52xx::ctl {

std::string status_view(const nlohmann::json& status, const Style& style, WallTime now);

// Its sessions alone.
std::string sessions_view(const nlohmann::json& sessions, const Style& style, WallTime now);

}  // namespace sim52xx::ctl
