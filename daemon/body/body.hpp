// Bodies of requests and answers as streams: memory, a passed descriptor, a spool file. Whoever
// moves bytes between them and the modem does not know which, holds no more than a piece at a time,
// and never blocks the event loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/runtime.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

// Bytes to send.
class Source {
 public:
  virtual ~Source() = default;

  // Reads at most `most` (> 0) bytes, waiting until there are some; 0: the end. Errors: interrupted
  // (the descriptor failed), cancelled.
  virtual asio::awaitable<Result<std::size_t>> read(char* to, std::size_t most) = 0;
  // Bytes from the beginning to the end, where that is known beforehand.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const = 0;
  // Back to the beginning; false where that cannot be (pipes).
  virtual bool rewind() = 0;
  // Whoever waits in read() gets ErrorKind::cancelled, now and from now on.
  virtual void cancel() = 0;
};

// Where received bytes go.
class Sink {
 public:
  virtual ~Sink() = default;

  // Takes all of `bytes`, waiting as long as the other side does not read. Errors: interrupted (the
  // reader is gone), limit (spool_limit), cancelled.
  virtual asio::awaitable<Result<void>> write(std::string_view bytes) = 0;
  virtual void cancel() = 0;
};

}  // namespace sim52xx::daemon
