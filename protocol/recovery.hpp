// What is done about a modem that could not be brought up, or that is lost again and again: the
// ladder. Bring-up itself has asked three times, tried the escape and stopped the stacks; behind
// that come AT+CRESET, then the reset command that the user configured (it may cut the power), and
// from the beginning again, for ever, with pauses that grow.
//
// Pure: times are given by the caller, from any monotonic clock; chance comes from a seed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace sim52xx {

// Why a bring-up has failed.
enum class Trouble : std::uint8_t {
  silent,   // nothing that is written gets an answer
  faulty,   // it answers, but not to everything, or not what it should
  refused,  // SIM, PIN or APN: a restart would not change it
  absent,   // the port went away: it will come back by itself, or not
};

enum class Remedy : std::uint8_t {
  none,   // only try again
  reset,  // AT+CRESET
  power,  // the configured reset command
};
std::string_view name(Remedy remedy);

struct RecoveryStep {
  Remedy remedy = Remedy::none;
  std::chrono::nanoseconds pause{};  // before the next bring-up; after the remedy, if there is one
};

class Recovery {
 public:
  using Time = std::chrono::nanoseconds;  // since any fixed point

  // Pauses between two rounds on the ladder: the first, doubled until the last.
  static constexpr Time first_pause = std::chrono::seconds(1);
  static constexpr Time last_pause = std::chrono::seconds(60);
  // The same between two runs of the reset command, which is hard on the modem and its SIM.
  static constexpr Time first_power_gap = std::chrono::minutes(1);
  static constexpr Time last_power_gap = std::chrono::minutes(30);
  // A modem that was ready for so long has recovered; before that, a loss is one more failure.
  static constexpr Time stable = std::chrono::seconds(60);
  static constexpr unsigned habit = 4;  // losses of a modem that was not stable
  static constexpr Time absence = std::chrono::minutes(2);

  // `power`: there is a reset command. `seed`: so that a fleet does not act in step.
  Recovery(bool power, std::uint64_t seed) : power_(power), chance_(seed) {}

  // A bring-up has failed.
  RecoveryStep on_failure(Trouble trouble, Time now);
  // It is ready.
  void on_ready(Time now) { ready_since_ = now; }
  // It was ready and is lost. Nothing is done about that but to try again; when it becomes a habit,
  // slower and slower, and in the end (`habit`) as if it had failed.
  RecoveryStep on_lost(Time now);
  // The device has not been there since `since`. Only the reset command can help, and only once in
  // a while: perhaps it was unplugged.
  Remedy on_absence(Time since, Time now);

  // Failures since it last was stable; 0 in good times.
  [[nodiscard]] unsigned failures() const { return failures_; }

 private:
  [[nodiscard]] bool may_power(Time now) const;
  void count_power(Time now);
  Time next_pause();
  Time spread(Time time);

  bool power_;
  std::uint64_t chance_;
  unsigned failures_ = 0;  // since it was stable
  unsigned rung_ = 0;      // of the ladder; 0: nothing but asking was tried
  unsigned rounds_ = 0;    // of the whole ladder
  unsigned losses_ = 0;    // of a modem that was ready, since it was stable
  unsigned powers_ = 0;    // runs of the reset command since it was stable
  Time next_power_{};
  Time ready_since_{};
};

}  // namespace sim52xx
