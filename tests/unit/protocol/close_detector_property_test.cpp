// The close detector against random peers in virtual time: data rich in line ends and in the
// modem's words, random splits and pauses, the modem's farewell at any place.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "protocol/bytes.hpp"
#include "protocol/close_detector.hpp"
#include "tests/support/random.hpp"

namespace sim52xx {
namespace {

using namespace std::chrono_literals;
using test::Random;
using Time = CloseDetector::Time;

constexpr std::array<std::string_view, 9> farewells{
    "CLOSED",          "NO CARRIER",          "START",         "RDY", "DISCONNECT", "+CSSLCLOSE: 0",
    "+CSSLCLOSE: 0,4", "+CCH_PEER_CLOSED: 0", "+CCHCLOSE: 0,0"};
constexpr std::array<std::string_view, 22> scraps{"\r",
                                                  "\n",
                                                  "\r\n",
                                                  "\r\n",
                                                  "\r\n",
                                                  "CLOSED",
                                                  "\r\nCLOSED\r\n",
                                                  "CLO",
                                                  "SED",
                                                  "NO CARRIER",
                                                  "NO ",
                                                  "START",
                                                  "\r\nRDY\r\n",
                                                  "+CSSLCLOSE: 0",
                                                  ",1",
                                                  "OK",
                                                  "+CSQ: ",
                                                  "ERROR",
                                                  "+STIN: 25\r\n",
                                                  "+CSSLRECV: DATA,0,3",
                                                  "a",
                                                  "+CCHCLOSE: 0,0\r\n"};

std::string peer_data(Random& random) {
  std::string data;
  for (auto n = random.between(0, 30); n > 0; --n) {
    if (random.one_in(40)) data.append(random.between(1, 3000), 'x');
    if (random.one_in(8)) {
      data += random.byte();
    } else {
      data += random.pick(scraps);
    }
  }
  return data;
}

std::string modem_farewell(Random& random) {
  constexpr std::array<std::string_view, 5> more{"CLOSED", "+STIN: 25", "+CREG: 0", "", "RING"};
  std::string text = "\r\n" + std::string(random.pick(farewells)) + "\r\n";
  while (random.one_in(2))
    text += "\r\n" + std::string(random.pick(more)) + "\r\n";
  return text;
}

// The detector between a modem and a client, with a clock that calls tick() in time.
class Wire {
 public:
  void feed(std::string_view bytes) {
    fed_ += bytes;
    take(detector.feed(bytes, now_));
  }
  void pause(Time time) {
    const Time end = now_ + time;
    if (detector.deadline() && *detector.deadline() <= end) {
      now_ = std::max(now_, *detector.deadline());
      take(detector.tick(now_));
      EXPECT_FALSE(detector.deadline());
    }
    now_ = end;
  }
  void alive() { take(detector.alive()); }

  CloseDetector detector;
  std::string data;

 private:
  void take(const CloseDetector::Data& out) {
    data.append(out.held).append(out.fresh);
    ASSERT_TRUE(fed_.starts_with(data)) << printable(data) << "\nof\n" << printable(fed_);
    ASSERT_LE(fed_.size() - data.size(), CloseDetector::max_held);
    EXPECT_EQ(detector.words().empty(), !detector.suspect());
    if (detector.suspect()) {
      EXPECT_FALSE(detector.deadline());
    } else if (data.size() < fed_.size()) {
      ASSERT_TRUE(detector.deadline());
      EXPECT_GT(*detector.deadline(), now_);
      EXPECT_LE(*detector.deadline(), now_ + CloseDetector::prefix_hold);
      EXPECT_LT(fed_.size() - data.size(), 32U) << "a mere beginning is short";
    } else {
      EXPECT_FALSE(detector.deadline());
    }
  }

  std::string fed_;
  Time now_{0};
};

// Feeds `bytes` in random pieces with pauses of less than `longest`; patience: how many pieces a
// suspicion waits for its verdict, which is "alive"; 0 for never.
void talk(Wire& wire, Random& random, std::string_view bytes, Time longest, std::size_t patience) {
  const std::size_t most = random.pick(std::array<std::size_t, 4>{1, 3, 12, 4000});
  while (!bytes.empty()) {
    wire.feed(random.piece(bytes, most));
    if (random.one_in(2)) wire.pause(longest * random.between(0, 999) / 1000);
    if (patience > 0 && wire.detector.suspect() && random.one_in(patience)) wire.alive();
  }
}

TEST(CloseDetectorProperty, nothing_is_lost_doubled_or_reordered) {
  Random random(1);
  std::size_t suspicions = 0;
  for (int round = 0; round < 10'000 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    Wire wire;
    const std::string data = peer_data(random);
    talk(wire, random, data, 80ms, random.between(1, 5));
    if (wire.detector.suspect()) {
      ++suspicions;
      wire.pause(5s);
      EXPECT_TRUE(wire.detector.suspect());
      wire.alive();
    }
    wire.pause(CloseDetector::prefix_hold);
    EXPECT_EQ(wire.data, data);
  }
  EXPECT_GT(suspicions, 500U);
}

TEST(CloseDetectorProperty, splits_without_pauses_change_nothing) {
  Random random(4);
  for (int round = 0; round < 10'000 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    const std::string data = peer_data(random) + (random.one_in(2) ? modem_farewell(random) : "");
    Wire whole;
    Wire pieces;
    whole.feed(data);
    talk(pieces, random, data, 0ms, 0);
    EXPECT_EQ(pieces.data, whole.data);
    EXPECT_EQ(pieces.detector.words(), whole.detector.words());
    EXPECT_EQ(pieces.detector.deadline(), whole.detector.deadline());
  }
}

// Whether the peer's data itself ends like a farewell, in the line where `kept` bytes end: then
// nobody could tell it from the modem's.
bool ends_like_a_farewell(std::string_view data, std::size_t kept) {
  const auto mark = data.rfind("\r\n", kept);
  const std::string_view line = mark == std::string_view::npos ? data : data.substr(mark + 2);
  return std::ranges::any_of(farewells, [&](auto words) { return line.starts_with(words); });
}

TEST(CloseDetectorProperty, a_farewell_is_suspected_and_held_back_whole) {
  Random random(2);
  int ambiguous = 0;
  for (int round = 0; round < 10'000 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    Wire wire;
    if (random.one_in(4)) wire.detector.reset();
    const std::string data = peer_data(random);
    const std::string farewell = modem_farewell(random);
    talk(wire, random, data, 80ms, 1);
    if (wire.detector.suspect()) wire.alive();
    talk(wire, random, farewell, CloseDetector::prefix_hold, 0);
    ASSERT_TRUE(wire.detector.suspect()) << printable(data + farewell);
    wire.detector.reset();
    EXPECT_FALSE(wire.detector.suspect());
    if (wire.data == data) continue;
    ++ambiguous;
    ASSERT_TRUE(data.starts_with(wire.data)) << printable(wire.data);
    EXPECT_TRUE(ends_like_a_farewell(data, wire.data.size())) << printable(data);
  }
  EXPECT_LT(ambiguous, 1000);
}

TEST(CloseDetectorProperty, a_halting_farewell_is_suspected_too) {
  Random random(3);
  int spilled = 0;
  for (int round = 0; round < 5'000 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    Wire wire;
    const std::string data = peer_data(random) + "x";
    const std::string farewell = "\r\n" + std::string(random.pick(farewells)) + "\r\n";
    talk(wire, random, data, 80ms, 1);
    if (wire.detector.suspect()) wire.alive();
    talk(wire, random, farewell, 1s, 0);
    ASSERT_TRUE(wire.detector.suspect()) << printable(data + farewell);
    EXPECT_TRUE(wire.data.starts_with(data));
    EXPECT_LT(wire.data.size(), data.size() + farewell.size());
    if (wire.data != data) ++spilled;
  }
  EXPECT_GT(spilled, 100);
}

}  // namespace
}  // namespace sim52xx
