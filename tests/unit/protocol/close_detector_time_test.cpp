// How long a close detector holds what, and what a verdict does.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "protocol/close_detector.hpp"
#include "tests/support/detected_line.hpp"
#include "tests/support/splits.hpp"

namespace sim52xx {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using Line = test::DetectedLine;

TEST(CloseDetector, a_beginning_is_held_for_a_time_only) {
  for (const std::string_view beginning :
       {"\r", "\r\n", "\r\nC", "\r\nCLOSED", "\r\nCLOSED\r", "\r\nNO CARR", "\r\n+CSSLCLOSE: 0\r",
        "\r\n+CSSLCLOSE: 0,", "\r\n+CCH_RECV_CLOSED:"}) {
    SCOPED_TRACE(beginning);
    Line line;
    line.now = 5s;
    line.feed("hello" + std::string(beginning));
    EXPECT_EQ(line.data, "hello");
    EXPECT_EQ(line.detector.deadline(), 5s + 30ms);
    EXPECT_FALSE(line.detector.suspect());
    line.wait(30ms - 1ns);
    EXPECT_EQ(line.data, "hello");
    line.wait(1ns);
    EXPECT_EQ(line.data, "hello" + std::string(beginning));
    EXPECT_FALSE(line.detector.deadline());
    line.wait(1h);
    EXPECT_EQ(line.data, "hello" + std::string(beginning));
  }
}

TEST(CloseDetector, each_piece_gives_the_rest_another_while) {
  Line line;
  for (const char c : "\r\nNO CARRIER\r"s) {
    line.feed({&c, 1});
    line.wait(29ms);
    EXPECT_EQ(line.data, "");
  }
  line.feed("\n");
  EXPECT_TRUE(line.detector.suspect());
}

TEST(CloseDetector, a_farewell_with_a_long_pause_inside_is_still_suspected) {
  const std::string_view farewell = "\r\nCLOSED\r\n";
  for (std::size_t cut = 1; cut < farewell.size(); ++cut) {
    SCOPED_TRACE(cut);
    Line line;
    line.feed("hello" + std::string(farewell.substr(0, cut)));
    line.wait(1s);
    line.feed(farewell.substr(cut));
    EXPECT_TRUE(line.detector.suspect());
    EXPECT_EQ(line.detector.words(), "CLOSED");
    EXPECT_EQ(line.data, "hello" + std::string(farewell.substr(0, cut)));
    line.take(line.detector.alive());
    EXPECT_EQ(line.data, "hello" + std::string(farewell));
  }
}

TEST(CloseDetector, and_so_is_one_with_which_the_session_begins) {
  Line line;
  line.feed("CLO");
  line.wait(1s);
  EXPECT_EQ(line.data, "CLO");
  line.feed("SED\r\n");
  EXPECT_TRUE(line.detector.suspect());
}

TEST(CloseDetector, after_a_verdict_the_next_line_is_suspected_again) {
  Line line;
  line.feed("\r\nCLOSED\r\n\r\nNO CA");
  line.take(line.detector.alive());
  EXPECT_EQ(line.data, "\r\nCLOSED\r\n\r\nNO CA");
  line.feed("RRIER\r\n");
  EXPECT_TRUE(line.detector.suspect());
  EXPECT_EQ(line.data, "\r\nCLOSED\r\n\r\nNO CA");
  line.take(line.detector.alive());
  line.feed("CLOSED\r\n");
  EXPECT_TRUE(line.detector.suspect());
  line.feed("tail");
  EXPECT_FALSE(line.detector.suspect());
  EXPECT_EQ(line.data, "\r\nCLOSED\r\n\r\nNO CARRIER\r\nCLOSED\r\ntail");
}

TEST(CloseDetector, reset_drops_what_was_the_modems) {
  Line line;
  line.feed("bye\r\nCLOSED\r\n");
  line.detector.reset();
  EXPECT_FALSE(line.detector.suspect());
  EXPECT_EQ(line.detector.words(), "");
  line.feed("next");
  EXPECT_EQ(line.data, "byenext");
  line.feed("\r\n");
  line.detector.reset();
  EXPECT_FALSE(line.detector.deadline());
  line.wait(1s);
  EXPECT_EQ(line.data, "byenext");
}

TEST(CloseDetector, more_than_a_farewell_is_never_held) {
  Line line;
  std::string stream = "\r\nCLOSED\r\n";
  line.feed(stream);
  while (line.detector.suspect() && stream.size() < 10'000) {
    EXPECT_EQ(line.data, "");
    line.feed("\r\n+STIN: 25\r\n");
    stream += "\r\n+STIN: 25\r\n";
  }
  EXPECT_GT(stream.size(), CloseDetector::max_held);
  EXPECT_LE(stream.size(), CloseDetector::max_held + 13);
  line.wait(30ms);
  EXPECT_EQ(line.data, stream);
}

}  // namespace
}  // namespace sim52xx
