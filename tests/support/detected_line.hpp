// A close detector with a clock of its own, and all that it has let through.
#pragma once

#include <string>
#include <string_view>

#include "protocol/close_detector.hpp"
#include "tests/support/splits.hpp"

namespace sim52xx::test {

struct DetectedLine {
  CloseDetector detector;
  std::string data;
  CloseDetector::Time now{0};

  void take(const CloseDetector::Data& out) { data.append(out.held).append(out.fresh); }
  void feed(std::string_view bytes) { take(detector.feed(bytes, now)); }
  void feed(const Pieces& pieces) {
    for (const std::string_view piece : pieces)
      feed(piece);
  }
  // Time passes, and the owner calls tick().
  void wait(CloseDetector::Time pause) {
    now += pause;
    take(detector.tick(now));
  }
};

}  // namespace sim52xx::test
