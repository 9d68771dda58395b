#include "daemon/async/timers.hpp"

#include <time.h>

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto worth_a_call = 1s;
constexpr auto far_off = 4s;

}  // namespace

Time Timers::recent() const {
  if (virtual_now_) return *virtual_now_;
  timespec at{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &at);
  return Time(std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec));
}

void Timers::shutdown() {
  shut_ = true;
  wake_.cancel();
}

bool Timers::advance_to_next() {
  if (queue_.empty()) return false;
  virtual_now_ = std::max(*virtual_now_, queue_.begin()->first);
  run_due();
  return true;
}

// Keeps the one timer of the event loop armed for the first of ours. One that fires too early is
// left alone, which saves a system call for every timer that is armed and cancelled again, but not
// where it is far off: an idle daemon does not wake up for nothing.
void Timers::drive() {
  if (virtual_now_ || shut_ || queue_.empty()) return;
  const Time first = queue_.begin()->first;
  const bool early = armed_ && *armed_ <= first;
  if (early && (first - *armed_ < worth_a_call || *armed_ - recent() < far_off)) return;
  arm(first);
}

void Timers::arm(Time when) {
  armed_ = when;
  wake_.expires_at(when);
  wake_.async_wait([this, when](const boost::system::error_code& error) {
    if (error || armed_ != when) return;
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
