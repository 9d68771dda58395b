// Recognises "+++" in what the host sends in data mode.
//
// Strict (the manual): at least 1 s of silence, three plus signs at most 0.9 s apart, at least 1 s
// of silence. Sloppy (some firmware): three plus signs with gaps below 0.9 s, then 0.2 s of
// silence, whatever came before. Plus signs that may yet become an escape are held; those that do
// not go to the peer like any other byte.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/core/timers.hpp"

namespace sim52xx::sim {

class EscapeRecogniser {
 public:
  static constexpr milliseconds guard{1000};
  static constexpr milliseconds gap{900};
  static constexpr milliseconds sloppy_guard{200};

  // Data mode begins. Guard times are multiplied by `scale`.
  void reset(bool sloppy, double scale, Time now);

  // Bytes from the host; gives what goes to the peer now.
  std::string feed(std::string_view bytes, Time now);

  struct Verdict {
    bool escape = false;
    std::string forward;  // plus signs that turned out to be data
  };
  // To be called at deadline().
  Verdict poll(Time now);
  [[nodiscard]] std::optional<Time> deadline() const;

 private:
  void plus(std::string& out, Time now);
  void release(std::string& out);
  [[nodiscard]] Time scaled(milliseconds time) const;

  bool sloppy_ = false;
  double scale_ = 1.0;
  std::size_t held_ = 0;
  Time last_{};  // of any byte
};

}  // namespace sim52xx::sim
