// The escape guard against a model of sloppy firmware: three plus signs with gaps below 0.9 s, then
// 0.2 s of silence, are an escape, whatever came before. No sequence of writes and pauses may be
// one, and every byte goes out in the end.
#include <string>

#include "protocol/escape_guard.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace sim52xx::fuzz {
namespace {

using namespace std::chrono_literals;
using Time = EscapeGuard::Time;

// The firmware's side of the line.
class Model {
 public:
  void byte(char c, Time now) {
    pass(now);
    if (c == '+')
      run_ = now - last_ < 900ms ? run_ + 1 : 1;
    else
      run_ = 0;
    last_ = now;
  }
  void pass(Time now) const {
    check(run_ < 3 || now - last_ < 200ms, "client data does not escape");
  }

 private:
  unsigned run_ = 0;
  Time last_ = -10s;
};

struct Line {
  // Writes what the guard admits, a byte per 87 us (115200 baud): while they pass, the gap behind an
  // earlier plus sign may end, so it is asked until it admits nothing.
  void write() {
    while (const std::size_t count = guard.admit(pending, now)) {
      check(count <= pending.size(), "no more than there is");
      for (std::size_t i = 0; i < count; ++i) {
        now += 87us;
        model.byte(pending[i], now);
      }
      guard.sent(std::string_view(pending).substr(0, count), now);
      pending.erase(0, count);
    }
  }
  // Time goes on, with what the guard has to say to that.
  void pass(Time time) {
    const Time until = now + time;
    for (auto at = guard.release_at(pending, now); at && *at <= until;
         at = guard.release_at(pending, now)) {
      now = std::max(now, *at);
      model.pass(now);
      const std::size_t before = pending.size();
      write();
      check(pending.size() < before, "at release_at() something is released");
    }
    now = std::max(now, until);
    model.pass(now);
  }

  EscapeGuard guard;
  Model model;
  std::string pending;
  Time now = 100s;
};

void run(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Line line;
  while (!input.empty()) {
    const unsigned what = input.byte();
    if ((what & 1U) != 0) {
      line.pass(Time(10ms) * (what / 2));
      continue;
    }
    for (const char c : input.bytes(what / 2 % 8 + 1))
      line.pending += (c & 3) != 0 ? '+' : c;
    line.write();
  }
  for (int i = 0; i < 4096 && !line.pending.empty(); ++i) line.pass(1200ms);
  check(line.pending.empty(), "every byte goes out in the end");
}

}  // namespace
}  // namespace sim52xx::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sim52xx::fuzz::run(data, size);
  return 0;
}
