// Keeps client data in transparent mode from ever being the escape "+++".
//
// Strict firmware wants 1 s of silence, three plus signs at most 0.9 s apart, 1 s of silence.
// Sloppy firmware takes three plus signs with gaps below 0.9 s, then 0.2 s of silence, whatever
// came before. Both are beaten by one rule: whenever the line falls silent, at most two plus signs
// with gaps below `gap` are the last bytes on it. So trailing plus signs are counted across
// writes, and the third is held until a byte that is no plus sign follows, or until `gap` after
// the plus sign before it left the wire.
//
// Pure: times are given by the caller, from any monotonic clock.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace sim52xx {

class EscapeGuard {
 public:
  using Time = std::chrono::nanoseconds;  // since any fixed point

  // Longer than the 0.9 s that may lie between plus signs of an escape, with a margin.
  static constexpr std::chrono::milliseconds gap{1100};

  // How many bytes at the front of `pending` may be written now. They must be written without a
  // pause between them. 0: nothing until release_at(pending), or until more bytes are pending.
  [[nodiscard]] std::size_t admit(std::string_view pending, Time now) const;

  // `bytes` were written; the last of them leaves the wire at `off_wire` (>= now).
  void sent(std::string_view bytes, Time off_wire);

  // When admit(pending) will grow without further bytes; nullopt where nothing is held.
  [[nodiscard]] std::optional<Time> release_at(std::string_view pending, Time now) const;

  // Three or more plus signs are the last bytes on the wire, because a write was cut short. Then
  // whatever was pending behind them must follow without a pause.
  [[nodiscard]] bool exposed() const { return run_ > 2; }

  // A new session: nothing is on the wire.
  void reset();

 private:
  [[nodiscard]] std::size_t run_at(Time now) const;

  std::size_t run_ = 0;  // plus signs at the end of what was sent, gaps below `gap`
  Time last_plus_{};     // when the last of them left the wire
};

}  // namespace sim52xx
