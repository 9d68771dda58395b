// Runs modem.reset_command: the user's own way to restart a modem that hears nothing any more, for
// example by cutting its power.
#pragma once

#include <filesystem>
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

// Where the daemon itself may do nothing of that kind: makes the file `request`, for which another
// unit of systemd waits (sim52xx-reset@.path), and waits until it is gone. Errors: modem_error (it
// cannot be made), timeout (nobody has removed it within `patience`).
asio::awaitable<Result<void>> request_reset(Runtime& runtime, std::filesystem::path request,
                                            Duration patience);

}  // namespace sim52xx::daemon
