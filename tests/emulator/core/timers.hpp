// Deadlines of the emulated modem. The core never looks at a clock: the caller says what time it
// is, and asks when it wants to be called again.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace sim52xx::sim {

using Time = std::chrono::nanoseconds;  // since any fixed point of a monotonic clock
using std::chrono::milliseconds;
using std::chrono::seconds;

class Timers {
 public:
  using Id = std::pair<Time, std::uint64_t>;
  static constexpr Id none{};

  Id at(Time when, std::function<void()> call) {
    const Id id{when, ++last_};
    calls_.emplace(id, std::move(call));
    return id;
  }

  // Forgets a timer; one that has fired already is no mistake.
  void cancel(Id& id) {
    calls_.erase(id);
    id = none;
  }

  void clear() { calls_.clear(); }

  [[nodiscard]] std::optional<Time> next() const {
    if (calls_.empty()) return std::nullopt;
    return calls_.begin()->first.first;
  }

  // Runs what is due, in order; what a call adds for "now" runs too.
  void run(Time now) {
    while (!calls_.empty() && calls_.begin()->first.first <= now) {
      auto due = calls_.extract(calls_.begin());
      due.mapped()();
    }
  }

 private:
  std::map<Id, std::function<void()>> calls_;
  std::uint64_t last_ = 0;
};

}  // namespace sim52xx::sim
