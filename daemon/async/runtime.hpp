// The one thread's event loop and its timers, handed down to everything that waits.
#pragma once

#include <boost/asio/io_context.hpp>

#include "daemon/async/timers.hpp"

namespace sim52xx::daemon {

struct Runtime {
  Runtime() : io(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE), timers(io) {}

  [[nodiscard]] Time now() const { return timers.now(); }

  asio::io_context io;
  Timers timers;
};

}  // namespace sim52xx::daemon
