#include "daemon/async/timers.hpp"

namespace sim52xx::daemon {

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

// Arms the one timer of the event loop; one that fires too early is left alone, which saves a
// system call for every timer that is armed and cancelled again.
void Timers::drive() {
  if (virtual_now_ || shut_ || queue_.empty()) return;
  const Time first = queue_.begin()->first;
  if (armed_ && *armed_ <= first) return;
  armed_ = first;
  wake_.expires_at(first);
  wake_.async_wait([this, first](const boost::system::error_code& error) {
    if (error || armed_ != first) return;
    armed_.reset();
    run_due();
    drive();
  });
}

void Timers::run_due() {
  const Time limit = now();
  while (!queue_.empty() && queue_.begin()->first <= limit) {
    Timer& timer = *queue_.begin()->second;
    timer.cancel();
    timer.due_();
  }
}

void Timer::arm(Time when) {
  cancel();
  place_ = timers_.queue_.emplace(when, this);
  timers_.drive();
}

void Timer::cancel() {
  if (!place_) return;
  timers_.queue_.erase(*place_);
  place_.reset();
}

}  // namespace sim52xx::daemon
