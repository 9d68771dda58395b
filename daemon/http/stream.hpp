// A TLS connection of the modem as HTTP sees it: bytes both ways, in order. One user at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/timers.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon::http {

class Stream {
 public:
  virtual ~Stream() = default;

  // Connects anew; what was open is closed before.
  virtual asio::awaitable<Result<void>> connect(std::string host, int port) = 0;
  // It is connected to there, and nothing speaks against another request.
  [[nodiscard]] virtual bool connected_to(std::string_view host, int port) const = 0;
  // Sends all of `bytes`, which must live until it returns.
  virtual asio::awaitable<Result<void>> write(std::string_view bytes) = 0;
  // Nothing that was written waits for more to come.
  virtual asio::awaitable<Result<void>> flush() = 0;
  // At least one byte, at most `most`; 0: the server has closed in order.
  virtual asio::awaitable<Result<std::size_t>> read(char* to, std::size_t most) = 0;
  // There is something to read, be it the end.
  [[nodiscard]] virtual bool readable() const = 0;
  virtual asio::awaitable<void> close() = 0;
  // Whoever waits gets ErrorKind::cancelled, as soon as the modem allows; so does everybody until
  // close().
  virtual void cancel() = 0;
  // The certificates of all connections so far were in order, as far as the modem tells.
  [[nodiscard]] virtual bool verified() const = 0;
  // What the modem was told it has answered.
  [[nodiscard]] virtual bool in_order() const = 0;
};

}  // namespace sim52xx::daemon::http
