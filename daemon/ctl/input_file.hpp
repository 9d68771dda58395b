// Files and standard input as what is read: whole, where it is small, or as a descriptor.
#pragma once

#include <string>

#include "daemon/ctl/failure.hpp"

namespace sim52xx::ctl {

// What is in that file, at most a MiB; "-" is standard input.
Outcome<std::string> read_whole(const std::string& path);

}  // namespace sim52xx::ctl
