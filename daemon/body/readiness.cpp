#include "daemon/body/readiness.hpp"

#include <sys/epoll.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/system/fd.hpp"

namespace sim52xx::daemon {
namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

}  // namespace

Readiness::Readiness(Runtime& runtime, int fd, What what)
    : fd_(fd), what_(what), epoll_(runtime.io) {}

asio::awaitable<bool> Readiness::wait() {
  if (closed_ || !arm()) co_return false;
  epoll_event event{};
  int count = 0;
  while (count == 0 && !closed_) {
    const auto result =
        co_await epoll_.async_wait(asio::posix::stream_descriptor::wait_read, as_result);
    if (std::get<0>(result) || closed_) co_return false;
    count = ::epoll_wait(epoll_.native_handle(), &event, 1, 0);
  }
  co_return count == 1;
}

void Readiness::close() {
  closed_ = true;
  boost::system::error_code ignored;
  epoll_.close(ignored);
}

// For one event: nobody is woken while nobody waits.
bool Readiness::arm() {
  epoll_event event{};
  event.events = (what_ == What::read ? EPOLLIN : EPOLLOUT) | EPOLLONESHOT;
  if (epoll_.is_open()) return ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_MOD, fd_, &event) == 0;
  Fd fresh(::epoll_create1(EPOLL_CLOEXEC));
  if (!fresh || ::epoll_ctl(fresh.get(), EPOLL_CTL_ADD, fd_, &event) != 0) return false;
  boost::system::error_code error;
  epoll_.assign(fresh.get(), error);
  if (error) return false;
  static_cast<void>(fresh.release());
  return true;
}

}  // namespace sim52xx::daemon
