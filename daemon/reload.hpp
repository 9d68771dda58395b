// What may change while the daemon runs. Sessions that are open keep what they began with.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.hpp"

namespace sim52xx::daemon {

struct Reloaded {
  std::vector<std::string> applied;        // keys, "section.key"
  std::vector<std::string> needs_restart;  // the same
};

// Moves from `fresh` into `current` what can be applied, and names what differs. `current` is what
// the parts of the daemon refer to: its objects stay where they are. Endpoints keep their number.
Reloaded apply(config::Config& current, const config::Config& fresh);

}  // namespace sim52xx::daemon
