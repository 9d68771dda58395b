// The version of the project, from CMakeLists.txt.
#pragma once

#include <string_view>

namespace sim52xx::daemon {

extern const std::string_view version;

}  // namespace sim52xx::daemon
