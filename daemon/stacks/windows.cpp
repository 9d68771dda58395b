// Windows of Online: other work in online command mode while session 0 stays open.
#include <algorithm>

#include <spdlog/spdlog.h>

#include "daemon/stacks/online.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto quiet_time = 150ms;   // silence both ways that makes a good moment
constexpr auto quiet_patience = 2s;  // ... which is not waited for any longer
constexpr auto idle_use = 1s;        // a window nobody used for that long ends when session 0 wants
constexpr auto shortest_slice = 1s;  // of session 0 between two windows

}  // namespace

asio::awaitable<Online::Use> Online::command_mode() {
  while (active() && state_ != State::window)
    co_await changed_.wait();
  co_return Use(*this);
}

void Online::doubt() {
  doubted_ = true;
  changed_.notify();
}

asio::awaitable<void> Online::serve_window() {
  co_await quiet_moment();
  if (state_ != State::online || detector_.suspect() || wants_ == 0) co_return;
  const Escape result = co_await escape(false);
  if (result == Escape::unknown) {
    modem_.fail("it does not leave transparent mode");
    co_return;
  }
  if (result == Escape::lost || result == Escape::still_online) co_return;
  if (result == Escape::no_answer) {
    const Resumed asked = co_await resume();
    if (asked == Resumed::over) over();
    next_window_ = runtime_.now() + shortest_slice;  // it has been interrupted all the same
    co_return;
  }
  deliver(detector_.alive());
  deliver_answer(false);
  const Time opened = runtime_.now();
  spdlog::debug("ssl0: window opened");
  last_use_ = opened;
  doubted_ = false;
  state_ = State::window;
  changed_.notify();
  while (state_ == State::window && runtime_.now() < window_end(opened)) {
    co_await changed_.wait_until(std::min(window_end(opened), next_look()));
    if (state_ == State::window && carrier_lost()) doubted_ = true;
  }
  if (state_ != State::window) co_return;  // session 0 left, or the modem was lost
  state_ = State::window_ending;
  while (uses_ > 0 && state_ == State::window_ending)
    co_await changed_.wait();
  if (state_ != State::window_ending) co_return;
  const Resumed resumed = co_await resume();
  if (resumed == Resumed::over) over();
  if (resumed != Resumed::online) co_return;
  const Duration lasted = runtime_.now() - opened;
  spdlog::debug("ssl0: window closed after {} ms",
                std::chrono::duration_cast<std::chrono::milliseconds>(lasted).count());
  const Duration share = std::min<Duration>(lasted, window_max_);
  next_window_ = runtime_.now() + std::max<Duration>(share, shortest_slice);
}

// When the window has to end, as things stand.
Time Online::window_end(Time opened) const {
  if (wants_ == 0 || doubted_) return uses_ == 0 ? Time::min() : Time::max();
  const Time latest = opened + window_max_;
  if (!pressed_ || uses_ > 0) return latest;
  return std::min(latest, last_use_ + idle_use);
}

// Neither side of session 0 is in the middle of something.
asio::awaitable<void> Online::quiet_moment() {
  const Time latest = runtime_.now() + quiet_patience;
  while (state_ == State::online && !detector_.suspect()) {
    const Time quiet = std::min(last_traffic_ + quiet_time, latest);
    if (runtime_.now() >= quiet) co_return;
    co_await changed_.wait_until(quiet);
  }
}

}  // namespace sim52xx::daemon
