#include "protocol/recovery.hpp"

#include <algorithm>
#include <array>

namespace sim52xx {
namespace {

Recovery::Time grow(Recovery::Time first, Recovery::Time last, unsigned times) {
  return std::min(last, Recovery::Time(first * (1L << std::min(times, 20U))));
}

}  // namespace

std::string_view name(Remedy remedy) {
  constexpr std::array<std::string_view, 3> names{"none", "reset", "reset_command"};
  return names.at(static_cast<std::size_t>(remedy));
}

RecoveryStep Recovery::on_failure(Trouble trouble, Time now) {
  ++failures_;
  RecoveryStep step;
  if (trouble == Trouble::absent) {
    step.pause = first_pause;
    return step;
  }
  if (trouble == Trouble::refused) {
    step.pause = next_pause();
    return step;
  }
  // Up by one rung, and from the top to the ground.
  if (rung_ == 0) {
    rung_ = 1;
    step.remedy = Remedy::reset;
  } else if (rung_ == 1 && may_power(now)) {
    rung_ = 2;
    step.remedy = Remedy::power;
    count_power(now);
  } else {
    rung_ = 0;
    step.pause = next_pause();
  }
  return step;
}

RecoveryStep Recovery::on_lost(Time now) {
  if (now - ready_since_ >= stable) {
    failures_ = rung_ = rounds_ = losses_ = powers_ = 0;
    return {};
  }
  if (++losses_ >= habit) return on_failure(Trouble::faulty, now);
  ++failures_;
  if (losses_ == 1) return {};
  return {Remedy::none, next_pause()};
}

Remedy Recovery::on_absence(Time since, Time now) {
  if (now - since < absence || !may_power(now)) return Remedy::none;
  count_power(now);
  return Remedy::power;
}

bool Recovery::may_power(Time now) const {
  return power_ && (powers_ == 0 || now >= next_power_);
}

void Recovery::count_power(Time now) {
  next_power_ = now + spread(grow(first_power_gap, last_power_gap, powers_++));
}

Recovery::Time Recovery::next_pause() {
  return spread(grow(first_pause, last_pause, rounds_++));
}

// A fifth more or less. The generator is splitmix64: good enough for dice, and without state that
// differs between libraries.
Recovery::Time Recovery::spread(Time time) {
  chance_ += 0x9e3779b97f4a7c15U;
  std::uint64_t bits = chance_;
  bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebU;
  bits ^= bits >> 31U;
  const auto permille = static_cast<std::int64_t>(bits % 401) - 200;
  return time + time / 1000 * permille;
}

}  // namespace sim52xx
