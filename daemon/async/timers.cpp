#include "daemon/async/timers.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/timerfd.h>
#include <time.h>

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto worth_a_call = 1s;
constexpr auto far_off = 4s;

int make_alarm() {
  const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (fd < 0) throw std::system_error(errno, std::system_category(), "timerfd_create");
  return fd;
}

}  // namespace

Timers::Timers(asio::io_context& io) : alarm_(io, make_alarm()) {}

Time Timers::recent() const {
  if (virtual_now_) return *virtual_now_;
  timespec at{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &at);
  return Time(std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec));
}

void Timers::shutdown() {
  shut_ = true;
  set(std::nullopt);
}

bool Timers::advance_to_next() {
  if (queue_.empty()) return false;
  virtual_now_ = std::max(*virtual_now_, queue_.begin()->first);
  run_due();
  return true;
}

// Keeps the one alarm of the event loop armed for the first timer. One that goes off too early is
// left alone, which saves a system call for every timer that is armed and cancelled again, but not
// where it is far off: an idle daemon does not wake up for nothing.
void Timers::drive() {
  if (virtual_now_ || shut_) return;
  const std::optional<Time> first =
      queue_.empty() ? std::nullopt : std::optional(queue_.begin()->first);
  if (first == armed_) return;
  const bool early = armed_ && (!first || *armed_ <= *first);
  const bool near = early && first && *first - *armed_ < worth_a_call;
  if (near || (early && *armed_ - recent() < far_off)) return;
  set(first);
}

// nullopt: never.
void Timers::set(std::optional<Time> when) {
  using std::chrono::nanoseconds;
  const auto at = when ? std::max<nanoseconds>(when->time_since_epoch(), 1ns) : nanoseconds::zero();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  const itimerspec value{{}, {seconds.count(), (at - seconds).count()}};
  timerfd_settime(alarm_.native_handle(), TFD_TIMER_ABSTIME, &value, nullptr);
  armed_ = when;
  if (armed_ && !waiting_) wait();
  if (armed_ || !std::exchange(waiting_, false)) return;
  ++waits_;
  alarm_.cancel();
}

void Timers::wait() {
  waiting_ = true;
  alarm_.async_wait(asio::posix::stream_descriptor::wait_read,
                    [this, number = ++waits_](const boost::system::error_code& error) {
                      if (error || number != waits_) return;
                      waiting_ = false;
                      armed_.reset();
                      run_due();
                      drive();
                    });
}

void Timers::run_due() {
  const Time limit = now();
  while (!queue_.empty() && queue_.begin()->first <= limit) {
    Timer& timer = *queue_.begin()->second;
    timer.forget();
    timer.due_();
  }
}

void Timer::arm(Time when) {
  forget();
  place_ = timers_.queue_.emplace(when, this);
  timers_.drive();
}

void Timer::cancel() {
  if (!place_) return;
  forget();
  timers_.drive();
}

void Timer::forget() {
  if (place_) timers_.queue_.erase(*place_);
  place_.reset();
}

}  // namespace sim52xx::daemon
