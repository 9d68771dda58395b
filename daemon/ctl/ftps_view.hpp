// What an FTPS job came to, as people read it.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "daemon/ctl/style.hpp"

namespace sim52xx::ctl {

enum class Listing : std::uint8_t { table, names, raw };

std::string listing_text(const nlohmann::json& entries, Listing form, const Style& style);

// A line per step: "put      report.txt  12 KiB, verified".
std::string steps_text(const nlohmann::json& steps, const Style& style);

}  // namespace sim52xx::ctl
