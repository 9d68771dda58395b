// When escape probes may be made: each one stops the session for some seconds, so that in the long
// run they are at least an interval apart. Not each from the one before, though: a real end that
// comes soon after a false alarm must not wait for the interval to be over. So what was not used is
// saved, up to `burst` probes, and a peer whose data looks like the modem's farewell again and
// again is probed for every time until these are spent.
//
// Pure: times are given by the caller, from any monotonic clock.
#pragma once

#include <chrono>

namespace sim52xx {

class ProbeBudget {
 public:
  using Time = std::chrono::nanoseconds;  // since any fixed point

  static constexpr int burst = 10;

  // A new session: all of the burst may be spent.
  void begin(Time interval, Time now);
  // From when on the next probe may be made.
  [[nodiscard]] Time next() const { return paid_; }
  // One is made.
  void spend(Time now);

 private:
  Time interval_{};
  Time paid_{};  // the next one is paid for at this time; in the past by as much as is saved
};

}  // namespace sim52xx
