#include "daemon/body/pipe.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "daemon/body/file.hpp"
#include "daemon/body/memory.hpp"

namespace sim52xx::daemon {
namespace {

constexpr std::size_t piece = 16384;  // a pipe may take less of it

// Bytes moved; 0: the end; -1: errno tells, EAGAIN that it would block.
ssize_t move(int from, int to, std::size_t most) {
  ssize_t count = -1;
  do
    count = ::splice(from, nullptr, to, nullptr, most, SPLICE_F_NONBLOCK);
  while (count < 0 && errno == EINTR);
  return count;
}

}  // namespace

bool OwnPipe::make() {
  if (in_) return true;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return false;
  out_.reset(ends[0]);
  in_.reset(ends[1]);
  return true;
}

PipeSource::PipeSource(Runtime& runtime, Fd fd)
    : fd_(std::move(fd)), ready_(runtime, fd_.get(), Readiness::What::read) {}

asio::awaitable<Result<std::size_t>> PipeSource::read(char* to, std::size_t most) {
  most = std::min(most, piece);
  while (!cancelled_) {
    if (!own_.make()) co_return body_failed("read");
    const ssize_t moved = move(fd_.get(), own_.in(), most);
    if (moved == 0) co_return std::size_t{0};
    if (moved > 0) {
      const ssize_t count = ::read(own_.out(), to, static_cast<std::size_t>(moved));
      if (count != moved) co_return body_failed("read");
      co_return static_cast<std::size_t>(count);
    }
    if (errno != EAGAIN) co_return body_failed("read");
    const bool ready = co_await ready_.wait();
    if (!ready && !cancelled_) co_return body_failed("read");
  }
  co_return body_cancelled();
}

PipeSink::PipeSink(Runtime& runtime, Fd fd)
    : fd_(std::move(fd)), ready_(runtime, fd_.get(), Readiness::What::write) {}

asio::awaitable<Result<void>> PipeSink::write(std::string_view bytes) {
  while (!bytes.empty() && !cancelled_) {
    if (!own_.make()) co_return body_failed("written");
    const ssize_t count = ::write(own_.in(), bytes.data(), std::min(bytes.size(), piece));
    if (count < 0) co_return body_failed("written");
    const auto written = static_cast<std::size_t>(count);
    auto passed = co_await pass_on(written);
    if (!passed) co_return passed;
    bytes.remove_prefix(written);
  }
  if (cancelled_) co_return body_cancelled();
  co_return Result<void>();
}

asio::awaitable<Result<void>> PipeSink::pass_on(std::size_t count) {
  while (count > 0 && !cancelled_) {
    const ssize_t moved = move(own_.out(), fd_.get(), count);
    if (moved > 0) {
      count -= static_cast<std::size_t>(moved);
      continue;
    }
    if (moved == 0 || errno != EAGAIN) co_return body_failed("written");
    const bool ready = co_await ready_.wait();
    if (!ready && !cancelled_) co_return body_failed("written");
  }
  if (cancelled_) co_return body_cancelled();
  co_return Result<void>();
}

}  // namespace sim52xx::daemon
