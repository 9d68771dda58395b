// What to say when nobody answers on the control socket, or when it may not be opened.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/failure.hpp"

namespace sim52xx::ctl {

// After connect() to `path` has failed with that errno.
Failure cannot_connect(const std::string& path, int error);

// How to see what became of the daemon.
std::vector<std::string> service_advice();

// How the user who runs this gets into that group.
std::vector<std::string> group_advice(const std::string& group);

}  // namespace sim52xx::ctl
