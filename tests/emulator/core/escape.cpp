#include "tests/emulator/core/escape.hpp"

namespace sim52xx::sim {

Time EscapeRecogniser::scaled(milliseconds time) const {
  return std::chrono::duration_cast<Time>(std::chrono::duration<double, std::nano>(time) * scale_);
}

void EscapeRecogniser::reset(bool sloppy, double scale, Time now) {
  sloppy_ = sloppy;
  scale_ = scale;
  held_ = 0;
  last_ = now;
}

void EscapeRecogniser::release(std::string& out) {
  out.append(held_, '+');
  held_ = 0;
}

void EscapeRecogniser::plus(std::string& out, Time now) {
  const Time silence = now - last_;
  if (sloppy_) {
    if (held_ > 0 && silence >= scaled(gap)) release(out);
    if (held_ == 3) {
      out += '+';  // the three that count are the last three
    } else {
      ++held_;
    }
    return;
  }
  const bool first = held_ == 0 && silence >= scaled(guard);
  const bool next = held_ > 0 && held_ < 3 && silence <= scaled(gap);
  if (!first && !next) {
    release(out);
    out += '+';
  } else {
    ++held_;
  }
}

std::string EscapeRecogniser::feed(std::string_view bytes, Time now) {
  std::string out;
  for (const char c : bytes) {
    if (c == '+') {
      plus(out, now);
    } else {
      release(out);
      out += c;
    }
    last_ = now;
  }
  return out;
}

std::optional<Time> EscapeRecogniser::deadline() const {
  if (held_ == 0) return std::nullopt;
  if (held_ < 3) return last_ + scaled(gap) + Time(1);
  return last_ + scaled(sloppy_ ? sloppy_guard : guard);
}

EscapeRecogniser::Verdict EscapeRecogniser::poll(Time now) {
  Verdict verdict;
  const auto due = deadline();
  if (!due || now < *due) return verdict;
  if (held_ == 3) {
    verdict.escape = true;
    held_ = 0;
  } else {
    release(verdict.forward);
  }
  return verdict;
}

}  // namespace sim52xx::sim
