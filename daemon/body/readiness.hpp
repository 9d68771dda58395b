// Waits until a descriptor that others share can be read or written, and leaves it as it is: asio,
// asked to wait for it, would make it non-blocking for those others too (the flag belongs to the
// open file). So asio waits for an epoll descriptor of ours, which waits for the shared one.
#pragma once

#include <cstdint>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "daemon/async/runtime.hpp"

namespace sim52xx::daemon {

class Readiness {
 public:
  enum class What : std::uint8_t { read, write };

  // `fd` stays the caller's and must outlive this. Costs a descriptor from the first wait on.
  Readiness(Runtime& runtime, int fd, What what);

  // Until reading (writing) would not block, or fail; false: close() was called, or there are no
  // descriptors left. One waits at a time.
  asio::awaitable<bool> wait();
  // Ends the wait, now and for ever.
  void close();

 private:
  bool arm();

  const int fd_;
  const What what_;
  asio::posix::stream_descriptor epoll_;
  bool closed_ = false;
};

}  // namespace sim52xx::daemon
