// Time of the daemon: one ordered set of timers, driven by the event loop, or by hand in tests
// (virtual time). Everything that waits for a moment does it through here; nobody reads a clock.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace sim52xx::daemon {

namespace asio = boost::asio;

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Clock::duration;

class Timer;

class Timers {
 public:
  explicit Timers(asio::io_context& io);

  [[nodiscard]] Time now() const { return virtual_now_ ? *virtual_now_ : Clock::now(); }
  // The same, but up to 10 ms ago: for what is noted with each piece that passes.
  [[nodiscard]] Time recent() const;

  // Cancels the wait for the next timer, so that the event loop can run out of work.
  void shutdown();

  // Virtual time, for tests: the clock stands still until advance().
  void go_virtual(Time start) { virtual_now_ = start; }
  // Moves the clock to the next timer and runs what is due; false: there is no timer.
  bool advance_to_next();

 private:
  friend class Timer;
  using Queue = std::multimap<Time, Timer*>;

  void drive();
  void set(std::optional<Time> when);
  void wait();
  void run_due();

  Queue queue_;
  asio::posix::stream_descriptor alarm_;  // timerfd(2); one of Asio's would go off every 5 minutes
  std::optional<Time> armed_;             // when that is
  bool waiting_ = false;
  unsigned waits_ = 0;  // so many so far
  std::optional<Time> virtual_now_;
  bool shut_ = false;
};

// Calls `due` once at the time it was armed for. Disarmed by cancel() and by its destructor.
class Timer {
 public:
  Timer(Timers& timers, std::function<void()> due) : timers_(timers), due_(std::move(due)) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { cancel(); }

  void arm(Time when);
  void cancel();
  [[nodiscard]] bool armed() const { return place_.has_value(); }
  // Armed for that time or an earlier one.
  [[nodiscard]] bool armed_by(Time when) const { return place_ && (*place_)->first <= when; }

 private:
  friend class Timers;

  void forget();

  Timers& timers_;
  std::function<void()> due_;
  std::optional<Timers::Queue::iterator> place_;
};

}  // namespace sim52xx::daemon
