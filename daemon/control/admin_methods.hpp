// What only an admin may ask: modem.command, modem.reset, session.close.
#pragma once

namespace sim52xx::daemon {
class Arbiter;
class RawCommands;
}  // namespace sim52xx::daemon

namespace sim52xx::daemon::control {

class Methods;

// Adds the rows. `commands` and `arbiter` must outlive the server.
void add_admin_methods(Methods& methods, RawCommands& commands, Arbiter& arbiter);

}  // namespace sim52xx::daemon::control
