// Lets bytes pass no faster than a UART would: 10 bits a byte.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace sim52xx::sim {

class Pacer {
 public:
  using Clock = std::chrono::steady_clock;

  // 0: no pacing.
  explicit Pacer(double bytes_per_second) : rate_(bytes_per_second) {}

  void set_rate(double bytes_per_second) { rate_ = bytes_per_second; }

  // How many bytes may pass now; at most `wanted`.
  std::size_t allowance(std::size_t wanted, Clock::time_point now) {
    if (rate_ <= 0) return wanted;
    const std::chrono::duration<double> passed = now - last_;
    last_ = now;
    credit_ = std::min(credit_ + passed.count() * rate_, std::max(1.0, rate_ * burst));
    return std::min(wanted, static_cast<std::size_t>(credit_));
  }

  void passed(std::size_t count) {
    if (rate_ > 0) credit_ -= static_cast<double>(count);
  }

  // When to try again after an allowance of 0.
  [[nodiscard]] Clock::duration pause() const {
    const std::chrono::duration<double> time((1.0 - credit_) / rate_);
    return std::max(std::chrono::duration_cast<Clock::duration>(time),
                    Clock::duration(std::chrono::milliseconds(2)));
  }

 private:
  static constexpr double burst = 0.010;  // seconds; a timer is not more exact than that

  double rate_;
  double credit_ = 1.0;
  Clock::time_point last_ = Clock::now();
};

}  // namespace sim52xx::sim
