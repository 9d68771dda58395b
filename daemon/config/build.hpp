// From settings to the configuration: defaults filled in, and what only shows when all files have
// been read (an endpoint without a host, two sources of one secret).
#pragma once

#include <string>

#include "daemon/config/reader.hpp"

namespace sim52xx::daemon::config {

// Fills loaded.config from loaded.settings; adds to its problems and warnings.
void build(Loaded& loaded);

// "FILE:LINE:COL: ".
std::string at(const Origin& origin);

}  // namespace sim52xx::daemon::config
