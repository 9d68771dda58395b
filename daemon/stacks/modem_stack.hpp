// One of the modem's three mutually exclusive stacks, as the arbiter sees it: started lazily by its
// user, stopped by the arbiter (after `linger`, before another stack starts, or to clean up).
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/async/runtime.hpp"
#include "protocol/result_codes.hpp"

namespace sim52xx::daemon {

class ModemStack {
 public:
  virtual ~ModemStack() = default;

  [[nodiscard]] virtual Stack kind() const = 0;
  // The modem holds it, as far as we know: it must be stopped before another one starts.
  [[nodiscard]] virtual bool started() const = 0;
  // Stops it, whatever state its connections are in (note, 2.6, 3.15, 4.6). Errors are logged, for
  // there is nothing left to do about them; afterwards started() is false.
  virtual asio::awaitable<void> stop() = 0;
  // Closes one session whose user has dropped it, where another user keeps the stack from being
  // stopped. Only for a stack that is shared.
  virtual asio::awaitable<void> close(int /*session*/) { co_return; }
};

}  // namespace sim52xx::daemon
