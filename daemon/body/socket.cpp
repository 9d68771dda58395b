#include "daemon/body/socket.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/socket.h>

#include "daemon/body/file.hpp"
#include "daemon/body/memory.hpp"

namespace sim52xx::daemon {
namespace {

constexpr std::size_t piece = 65536;

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

SocketSource::SocketSource(Runtime& runtime, Fd fd)
    : fd_(std::move(fd)), ready_(runtime, fd_.get(), Readiness::What::read) {}

asio::awaitable<Result<std::size_t>> SocketSource::read(char* to, std::size_t most) {
  most = std::min(most, piece);
  while (!cancelled_) {
    const ssize_t count = ::recv(fd_.get(), to, most, MSG_DONTWAIT);
    if (count >= 0) co_return static_cast<std::size_t>(count);
    if (!would_block()) co_return body_failed("read");
    const bool ready = co_await ready_.wait();
    if (!ready && !cancelled_) co_return body_failed("read");
  }
  co_return body_cancelled();
}

SocketSink::SocketSink(Runtime& runtime, Fd fd)
    : fd_(std::move(fd)), ready_(runtime, fd_.get(), Readiness::What::write) {}

asio::awaitable<Result<void>> SocketSink::write(std::string_view bytes) {
  while (!bytes.empty() && !cancelled_) {
    const ssize_t count =
        ::send(fd_.get(), bytes.data(), std::min(bytes.size(), piece), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      continue;
    }
    if (!would_block()) co_return body_failed("written");
    const bool ready = co_await ready_.wait();
    if (!ready && !cancelled_) co_return body_failed("written");
  }
  if (cancelled_) co_return body_cancelled();
  co_return Result<void>();
}

}  // namespace sim52xx::daemon
