// The composition root: builds the parts in order, starts them, and takes them down in the opposite
// order. Holds no logic of its own.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/system/options.hpp"

namespace sim52xx::daemon {

// Runs the daemon until SIGTERM or SIGINT. Returns the exit code: 0 after an orderly stop, 1 where
// it could not start or an internal error ended it.
int run(const Options& options, config::Config config);

}  // namespace sim52xx::daemon
