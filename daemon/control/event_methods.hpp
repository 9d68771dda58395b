// events.subscribe.
#pragma once

#include <functional>

#include "daemon/control/methods.hpp"
#include "daemon/events/hub.hpp"

namespace sim52xx::daemon::control {

// The state as `status` tells it to that client.
using Snapshot = std::function<json(const Client& client)>;

// Adds the row. `hub` outlives the server.
void add_event_methods(Methods& methods, EventHub& hub, Snapshot snapshot);

}  // namespace sim52xx::daemon::control
