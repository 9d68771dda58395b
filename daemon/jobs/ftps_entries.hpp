// A listing as the JSON of a job's result.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

#include "protocol/ftps_list.hpp"

namespace sim52xx::daemon {

// [{name, type, size, modified, raw}]; what is not known is left out. JSON is UTF-8: a name or line
// that is not is taken for Latin-1, which loses nothing.
nlohmann::json ftps_entries(std::string_view listing);

// The day it is in UTC; nullopt where the clock has obviously not been set.
std::optional<FtpsDate> today();

}  // namespace sim52xx::daemon
