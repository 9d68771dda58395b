// What differs between two configurations, key by key.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.hpp"

namespace sim52xx::daemon::config {

// Names of keys whose values differ, as "section.key"; a data socket that only one of them has is
// named by its section.
std::vector<std::string> difference(const Config& before, const Config& after);

}  // namespace sim52xx::daemon::config
