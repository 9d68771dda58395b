// Runs modem.reset_command: the user's own way to restart a modem that hears nothing any more, for
// example by cutting its power.
#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/runtime.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

namespace asio = boost::asio;

// Runs `command` by /bin/sh in a session of its own; what it prints goes where the daemon's log
// goes. Errors: modem_error (it failed, and how), timeout (it was killed after `patience`).
asio::awaitable<Result<void>> run_reset_command(Runtime& runtime, std::string command,
                                                Duration patience);

}  // namespace sim52xx::daemon
