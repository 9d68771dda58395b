// The escape guard between random clients and two models of a modem, in virtual time: strict
// firmware as the manual has it, and sloppy firmware as found. Neither may ever see an escape.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "protocol/bytes.hpp"
#include "protocol/escape_guard.hpp"
#include "tests/support/random.hpp"

namespace sim52xx {
namespace {

using namespace std::chrono_literals;
using test::Random;
using Time = EscapeGuard::Time;

// Escapes on three plus signs with gaps below or at `between`, after `before` of silence and
// followed by `behind` of silence. Another byte, or a wider gap, starts over.
class Modem {
 public:
  Modem(Time before, Time between, Time behind)
      : before_(before), between_(between), behind_(behind) {}

  void receive(char byte, Time at) {
    silence_until(at);
    const Time pause = any_ ? at - last_ : before_;
    if (byte != '+') {
      run_ = 0;
    } else if (run_ > 0 && run_ < 3 && pause <= between_) {
      ++run_;
    } else if (pause >= before_ && (run_ == 0 || pause > between_)) {
      run_ = 1;
    } else if (before_ == 0s) {
      run_ = std::min(run_ + 1, 3);  // sloppy: the last three of a longer run count
    } else {
      run_ = 0;
    }
    any_ = true;
    last_ = at;
    data += byte;
  }
  // Nothing arrives until `at`.
  void silence_until(Time at) {
    if (run_ == 3 && at - last_ >= behind_) escaped = true;
  }

  bool escaped = false;
  std::string data;

 private:
  Time before_;
  Time between_;
  Time behind_;
  Time last_{0};
  int run_ = 0;
  bool any_ = false;
};

Modem strict_modem() {
  return {1s, 900ms, 1s};
}
Modem sloppy_modem() {
  return {0s, 900ms, 200ms};
}

TEST(ModemModel, escapes_when_it_should) {
  for (Modem modem : {strict_modem(), sloppy_modem()}) {
    modem.receive('x', 1s);
    modem.receive('+', 2s);
    modem.receive('+', 2900ms);
    modem.receive('+', 3s);
    modem.silence_until(3100ms);
    EXPECT_FALSE(modem.escaped);
    modem.silence_until(4s);
    EXPECT_TRUE(modem.escaped);
  }
  Modem sloppy = sloppy_modem();
  for (const char c : std::string_view("x++++"))
    sloppy.receive(c, 1s);
  sloppy.silence_until(1200ms);
  EXPECT_TRUE(sloppy.escaped);
}

// A client, the guard, a serial line that needs `byte_time` for each byte, and both modems.
class Line {
 public:
  Line(Time byte_time, Time latency) : byte_time_(byte_time), latency_(latency) {}

  // `bytes` more are pending; then time passes, in which the guard lets go of what it can.
  void write(std::string_view bytes, Time pause) {
    pending_ += bytes;
    const Time end = now_ + pause;
    push();
    while (const auto at = guard_.release_at(pending_, now_)) {
      if (*at > end) break;
      ASSERT_GT(*at, now_) << "no progress";
      now_ = *at;
      push();
      ASSERT_FALSE(guard_.release_at(pending_, now_) == at) << "woken for nothing";
    }
    now_ = end;
  }

  // Lets everything out; the time it took.
  Time flush() {
    const Time begin = now_;
    while (!pending_.empty() && !testing::Test::HasFailure())
      write("", EscapeGuard::gap);
    const Time took = last_push_ - begin;
    strict.silence_until(free_at_ + 10s);
    sloppy.silence_until(free_at_ + 10s);
    return took;
  }

  [[nodiscard]] std::string_view pending() const { return pending_; }
  [[nodiscard]] Time wire_left() const { return std::max(free_at_ - now_, Time{0}); }

  Modem strict = strict_modem();
  Modem sloppy = sloppy_modem();

 private:
  void push() {
    const std::size_t n = guard_.admit(pending_, now_);
    ASSERT_LE(n, pending_.size());
    if (n == 0) return;
    free_at_ = std::max(free_at_, now_ + latency_);
    for (const char c : pending_.substr(0, n)) {
      free_at_ += byte_time_;
      strict.receive(c, free_at_);
      sloppy.receive(c, free_at_);
    }
    guard_.sent(std::string_view(pending_).substr(0, n), free_at_);
    pending_.erase(0, n);
    last_push_ = now_;
  }

  EscapeGuard guard_;
  std::string pending_;
  Time byte_time_;
  Time latency_;
  Time now_{10s};
  Time free_at_{0};
  Time last_push_{0};
};

std::string payload(Random& random) {
  std::string data;
  for (auto n = random.between(1, 12); n > 0; --n) {
    data.append(random.between(0, 5), '+');
    if (random.one_in(2)) data.append(random.between(1, 4), random.byte());
  }
  return data;
}

Time milliseconds(Random& random, std::size_t most) {
  return std::chrono::milliseconds(random.between(0, most));
}

Time pause(Random& random) {
  static constexpr std::array<Time, 9> pauses{0ms,   1ms,    190ms,  210ms, 899ms,
                                              901ms, 1000ms, 1099ms, 2500ms};
  return random.one_in(3) ? milliseconds(random, 2500) : random.pick(pauses);
}

Line random_line(Random& random) {
  static constexpr std::array<long, 5> bauds{300, 9600, 115200, 921600, 4000000};
  return {Time(10'000'000'000 / random.pick(bauds)), milliseconds(random, 20)};
}

TEST(EscapeGuardProperty, no_client_escapes_the_modem) {
  Random random(1);
  for (int round = 0; round < 20'000 && !testing::Test::HasFailure(); ++round) {
    Line line = random_line(random);
    const std::string data = payload(random);
    for (std::string_view rest = data; !rest.empty();)
      line.write(random.piece(rest, random.between(1, 6)), pause(random));
    line.flush();
    EXPECT_FALSE(line.strict.escaped) << round << ": " << printable(data);
    EXPECT_FALSE(line.sloppy.escaped) << round << ": " << printable(data);
    EXPECT_EQ(line.strict.data, data) << round;
  }
}

TEST(EscapeGuardProperty, data_without_trailing_plus_signs_is_never_delayed) {
  Random random(2);
  for (int round = 0; round < 5'000 && !testing::Test::HasFailure(); ++round) {
    Line line = random_line(random);
    for (int i = 0; i < 5; ++i) {
      line.write(payload(random) + "x", 0s);
      EXPECT_EQ(line.pending(), "") << round;
      line.write("", pause(random));
    }
  }
}

// Each gap lets two plus signs go, so k of them wait for ceil(k/2) gaps at most, counted from when
// the bytes before them have left the wire.
TEST(EscapeGuardProperty, the_delay_is_bounded) {
  Random random(3);
  for (int round = 0; round < 5'000 && !testing::Test::HasFailure(); ++round) {
    Line line = random_line(random);
    line.write(payload(random), pause(random));
    line.flush();
    const std::size_t k = random.between(1, 9);
    line.write((random.one_in(2) ? "x" : "") + std::string(k, '+'), 0s);
    const Time wire = line.wire_left();
    const Time gaps = EscapeGuard::gap * static_cast<long>((k + 1) / 2);
    EXPECT_LE(line.flush(), wire + gaps + Time(500ms)) << k;
  }
}

}  // namespace
}  // namespace sim52xx
