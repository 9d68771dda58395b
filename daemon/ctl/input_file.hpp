// Files and standard input as what is read: whole, where it is small, or as a descriptor.
#pragma once

#include <optional>
#include <string>

#include "daemon/ctl/failure.hpp"
#include "daemon/ctl/pump.hpp"
#include "daemon/system/fd.hpp"

namespace sim52xx::ctl {

// What is in that file, at most a MiB; "-" is standard input.
Outcome<std::string> read_whole(const std::string& path);

// The body of a request.
struct Input {
  daemon::Fd file;           // what is read; empty: standard input
  daemon::Fd passed;         // what the daemon gets; to be closed when it has it
  std::optional<Pump> pump;  // to be run meanwhile, where there is one
};

// "-" is standard input. `alone`: this program may be gone before all is read (--detach).
Outcome<Input> open_input(const std::string& path, bool alone);

}  // namespace sim52xx::ctl
