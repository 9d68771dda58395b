// Reading JSON of a daemon that may be older or newer: what is missing, null or of another type is
// simply not there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace sim52xx::ctl {

using nlohmann::json;

// The member of that name; a null where there is none, or where `object` is no object.
const json& member(const json& object, std::string_view name);

// Its text; numbers and booleans as JSON writes them; empty for everything else.
std::string text(const json& object, std::string_view name);

std::optional<double> number(const json& object, std::string_view name);
std::uint64_t count(const json& object, std::string_view name);  // 0 where there is none

// The value as one would say it: texts without quotes, everything else as JSON.
std::string plain(const json& value);

// Without control characters, which a terminal would obey: "\x1b". Tabs and line ends as well,
// unless `lines`.
std::string printable(std::string_view text, bool lines = false);

}  // namespace sim52xx::ctl
