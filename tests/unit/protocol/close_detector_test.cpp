// Which lines are suspected, and what passes as data; times and verdicts have a file of their own.
#include "protocol/close_detector.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/detected_line.hpp"
#include "tests/support/splits.hpp"

namespace sim52xx {
namespace {

using namespace std::chrono_literals;
using test::for_each_split;
using Line = test::DetectedLine;

// Each of them, printed by the modem behind "hello", is held; `data` passes.
TEST(CloseDetector, suspects_each_line_of_the_list) {
  for (const std::string_view words :
       {"CLOSED", "NO CARRIER", "START", "RDY", "DISCONNECT", "+CSSLCLOSE: 0", "+CSSLCLOSE: 0,0",
        "+CSSLCLOSE: 0,12", "+CCH_PEER_CLOSED: 0", "+CCHCLOSE: 0", "+CCHCLOSE: 0,5",
        "+CCH_RECV_CLOSED: 0", "+CCH_RECV_CLOSED: 0, 3", "+CSSLCLOSE:0"}) {
    const std::string stream = "hello\r\n" + std::string(words) + "\r\n";
    for_each_split(stream, [&](const test::Pieces& pieces) {
      Line line;
      line.feed(pieces);
      EXPECT_TRUE(line.detector.suspect()) << words;
      EXPECT_EQ(line.detector.words(), words);
      EXPECT_FALSE(line.detector.deadline());
      EXPECT_EQ(line.data, "hello");
      line.wait(1h);
      EXPECT_EQ(line.data, "hello");
      line.take(line.detector.alive());
      EXPECT_EQ(line.data, stream);
      EXPECT_FALSE(line.detector.suspect());
      EXPECT_EQ(line.detector.words(), "");
    });
  }
}

TEST(CloseDetector, everything_else_is_data) {
  for (const std::string_view stream : {"hello\r\nOK\r\n",
                                        "hello\r\nERROR\r\n",
                                        "hello\r\n+CSSLCLOSE: 1\r\n",
                                        "\r\n+CSSLSTOP: 0\r\n",
                                        "\r\n+CHTTPSSTOP: 0\r\n",
                                        "\r\n+CSSLCLOSE: 0,x\r\n",
                                        "\r\n+CSSLCLOSE: 00\r\n",
                                        "\r\n+CSSLCLOSE: 0,12345\r\n",
                                        "\r\n+CCHCLOSE: 0;\r\n",
                                        "x\r\nCLOSED!\r\n",
                                        "xCLOSED\r\n",
                                        "x\nCLOSED\r\n",
                                        "x\rCLOSED\r\n",
                                        "\r\nCLOSED\nx",
                                        "\r\nCLOSED\rx",
                                        "\r\n closed\r\n",
                                        "\r\nCLOSED \r\n",
                                        "x\r\n CLOSED\r\n",
                                        "\r\nNO  CARRIER\r\n",
                                        "\r\nSTARTED\r\n",
                                        "\r\n+CSSLRECV: DATA,0,5\r\nhello"}) {
    for_each_split(stream, [&](const test::Pieces& pieces) {
      Line line;
      for (const auto piece : pieces) {
        line.feed(piece);
        EXPECT_FALSE(line.detector.suspect()) << stream;
      }
      line.wait(30ms);
      EXPECT_EQ(line.data, stream);
      EXPECT_FALSE(line.detector.deadline());
    });
  }
}

TEST(CloseDetector, what_a_modem_prints_behind_its_farewell_stays_held) {
  for (const std::string_view more :
       {"\r\n", "\r\n\r\n", "\r\nNO CARRIER\r\n", "\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n",
        "\r\n+CREG: 0\r\n\r\n+CGREG: 0\r\n", "\r\n+STIN: 25\r\n", "\r\n+CSSLCLOSE: 0,0\r\n",
        "\r\n+CCHCLOSE: 0,0\r\n", "+CSSL: RECV EVENT,1\r\n", "\r\nRING\r\n", "\r\n+CP",
        "\r\n+CPIN: READ", "\r\nPB DONE\r", "\r\n*ATREADY: 1\r\n", "\r\nOPL UPDATING\r\n"}) {
    const std::string stream = "hello\r\nCLOSED\r\n" + std::string(more);
    for_each_split(stream, [&](const test::Pieces& pieces) {
      Line line;
      line.feed(pieces);
      EXPECT_TRUE(line.detector.suspect()) << more;
      EXPECT_EQ(line.detector.words(), "CLOSED");
      EXPECT_EQ(line.data, "hello");
    });
  }
}

TEST(CloseDetector, anything_else_behind_it_makes_all_of_it_data) {
  for (const std::string_view more :
       {"x", "\n", "\r\r", "\r\nOK\r\n", "OK", "\r\nERROR\r\n", "HTTP/1.1 200 OK", "\r\n+STIX",
        "\r\n+CSSLRECV: DATA,1,3", "\r\n+CSSLRECV: DATA,1,3\r\n", "+CSQ: \x01", "+CSQ: 1\n",
        "\r\n+CSSLALERT: 7,1,1\r\n", "+CSQ\r\n"}) {
    const std::string stream = "hello\r\nCLOSED\r\n" + std::string(more);
    for_each_split(stream, [&](const test::Pieces& pieces) {
      Line line;
      line.feed(pieces);
      EXPECT_FALSE(line.detector.suspect()) << more;
      line.wait(30ms);
      EXPECT_EQ(line.data, stream);
    });
  }
}

TEST(CloseDetector, an_end_in_the_middle_of_the_input_is_data) {
  Line line;
  line.feed("\r\nCLOSED\r\nand on it goes");
  EXPECT_FALSE(line.detector.suspect());
  EXPECT_EQ(line.data, "\r\nCLOSED\r\nand on it goes");
  line.feed("\r\nCLOSED\r\nno\r\nNO CARRIER\r\n");
  EXPECT_EQ(line.detector.words(), "NO CARRIER");
  EXPECT_EQ(line.data, "\r\nCLOSED\r\nand on it goes\r\nCLOSED\r\nno");
}

TEST(CloseDetector, the_session_begins_at_the_beginning_of_a_line) {
  for (const std::string_view stream : {"CLOSED\r\n", "\r\nCLOSED\r\n", "+CSSLCLOSE: 0\r\n"}) {
    for_each_split(stream, [&](const test::Pieces& pieces) {
      Line line;
      line.feed("before\r\n");
      line.detector.reset();
      line.data.clear();
      line.feed(pieces);
      EXPECT_TRUE(line.detector.suspect()) << stream;
      EXPECT_EQ(line.data, "");
    });
  }
}

TEST(CloseDetector, only_the_first_bytes_of_the_session_do) {
  Line line;
  line.feed("x");
  line.feed("CLOSED\r\n");
  EXPECT_FALSE(line.detector.suspect());

  Line held;
  held.feed("CLOSED\r\n+CSQ: 1");
  held.take(held.detector.alive());
  held.feed("CLOSED\r\n");
  EXPECT_FALSE(held.detector.suspect());

  // The detector looks at the last bytes only; these do not begin the session.
  std::string big = "CLOSED\r\n";
  while (big.size() < CloseDetector::max_held)
    big += "\r\n";
  Line whole;
  whole.feed(big);
  EXPECT_TRUE(whole.detector.suspect());
  Line cut;
  cut.feed("x" + big);
  EXPECT_FALSE(cut.detector.suspect());
}

TEST(CloseDetector, data_without_an_end_passes_as_it_came) {
  CloseDetector detector;
  const std::string big(100'000, '\r');
  const std::string input = big + "\r\nCLOSED\r\nnothing";
  const auto out = detector.feed(input, 0s);
  EXPECT_EQ(out.held, "");
  EXPECT_EQ(out.fresh.data(), input.data());
  EXPECT_EQ(out.fresh.size(), input.size());
  const auto tail = detector.feed(big + "\r\nCLOSED\r\n", 0s);
  EXPECT_EQ(tail.fresh.size(), big.size());
  EXPECT_TRUE(detector.suspect());
  const auto none = detector.feed("", 0s);
  EXPECT_EQ(none.held.size() + none.fresh.size(), 0U);
  EXPECT_TRUE(detector.suspect());
}

TEST(CloseDetector, over_drops_one_farewell_and_no_more) {
  struct Case {
    std::string_view stream;
    std::string_view data;
  };
  for (const auto& [stream, data] : std::vector<Case>{
           {"bye\r\nCLOSED\r\n", "bye"},
           {"bye\r\nCLOSED\r\n\r\nCLOSED\r\n", "bye\r\nCLOSED\r\n"},
           {"bye\r\nNO CARRIER\r\n\r\nCLOSED\r\n", "bye\r\nNO CARRIER\r\n"},
           {"bye\r\n+CSSLCLOSE: 0\r\n\r\nCLOSED\r\n", "bye"},
           {"bye\r\nCLOSED\r\n\r\n+CSSLCLOSE: 0\r\n\r\nCLOSED\r\n", "bye\r\nCLOSED\r\n"},
           {"bye\r\nCLOSED\r\n\r\n+CREG: 1\r\n", "bye"},
           {"CLOSED\r\n\r\nCLOSED\r\n", "CLOSED\r\n"},
           {"CLOSED\r\n", ""},
           {"bye\r", "bye\r"},
           {"bye\r\nCLO", "bye\r\nCLO"}}) {
    for_each_split(std::string(stream), [&](const test::Pieces& pieces) {
      Line line;
      line.feed(pieces);
      line.take(line.detector.over());
      EXPECT_EQ(line.data, data) << stream;
      EXPECT_FALSE(line.detector.suspect());
      line.feed("next");
      EXPECT_EQ(line.data, std::string(data) + "next");
    });
  }
}

TEST(CloseDetector, what_the_modem_said_behind_its_farewell_is_dropped) {
  struct Case {
    std::string_view behind;
    std::string_view data;
    std::string_view words;
  };
  for (const auto& [behind, data, words] : std::vector<Case>{
           {"", "bye", "CLOSED"},
           {"+++", "bye", "CLOSED"},
           {"\r\n+CREG: 1\r\n+++\r\n+CREG: 1\r\n", "bye", "CLOSED"},
           {"last\r\nNO CARRIER\r\n+++", "bye\r\nCLOSED\r\nlast", "NO CARRIER"},
           {"last\r\n+CSSLCLOSE: 0\r\n\r\nCLOSED\r\n+++", "bye\r\nCLOSED\r\nlast", "CLOSED"},
           {"\r\nSTART\r\n\r\n+STIN: 25\r\n+++", "bye\r\nCLOSED\r\n", "START"}}) {
    Line line;
    line.feed("bye\r\nCLOSED\r\n");
    line.take(line.detector.over(behind));
    EXPECT_EQ(line.data, data) << behind;
    EXPECT_EQ(line.detector.words(), words) << behind;
    EXPECT_FALSE(line.detector.suspect());
  }
}

}  // namespace
TEST(CloseDetector, data_of_session_1_behind_a_farewell_is_held_and_can_be_had) {
  constexpr std::string_view block = "\r\n+CSSLRECV: DATA,1,18\r\nx\r\nCLOSED\r\nOK\r\nOK\r";
  constexpr std::string_view more = "\r\n+CSSLRECV: DATA,1,2\r\n\r\n\r\nRING\r\n";
  CloseDetector detector;
  detector.expect_guest(true);
  const auto first = detector.feed("bye\r\nCLOSED\r\n", 1ms);
  EXPECT_EQ(first.fresh, "bye");
  const auto second = detector.feed(block, 2ms);
  EXPECT_EQ(std::string(second.held) + std::string(second.fresh), "");
  EXPECT_TRUE(detector.suspect());
  EXPECT_EQ(detector.modem_lines({}, 0), "\r\n" + std::string(block));
  EXPECT_EQ(detector.modem_lines(more, more.size()),
            "\r\n" + std::string(block) + std::string(more));
  EXPECT_EQ(detector.over(more).held, "");
  EXPECT_EQ(detector.words(), "CLOSED");
}

TEST(CloseDetector, what_has_an_ok_or_stops_short_is_not_the_modems) {
  CloseDetector detector;
  detector.expect_guest(true);
  detector.feed("\r\nCLOSED\r\n\r\n+CSSLRECV: DATA,1,3\r\nabc", 1ms);
  EXPECT_NE(detector.modem_lines({}, 0), "");
  EXPECT_NE(detector.modem_lines("\r\nRING\r\n", 8), "");
  EXPECT_EQ(detector.modem_lines("\r\nOK\r\n", 0), "");
  EXPECT_EQ(detector.modem_lines("\r\n+CSSLRECV: DATA,1,3\r\nab", 25), "");
  const std::string huge = "\r\n+CSSLRECV: DATA,1,18446744073709551615\r\n";
  EXPECT_EQ(detector.modem_lines(huge, huge.size()), "");
}

TEST(CloseDetector, an_answer_before_the_farewell_was_one_to_an_escape) {
  constexpr std::string_view behind = "x\r\nOK\r\n\r\nCLOSED\r\n\r\n+CSSLRECV: DATA,1,3\r\nabc";
  CloseDetector detector;
  detector.expect_guest(true);
  EXPECT_EQ(detector.modem_lines(behind, 1), "");
  EXPECT_NE(detector.modem_lines(behind, behind.size()), "");
}

TEST(CloseDetector, the_farewell_is_the_last_before_session_1_speaks) {
  CloseDetector detector;
  detector.expect_guest(true);
  detector.feed("bye\r\nCLOSED\r\n\r\nCLOSED\r\n", 1ms);
  const auto data = detector.over("\r\n+CSSLRECV: DATA,1,10\r\n\r\nCLOSED\r\n");
  EXPECT_EQ(data.held, "\r\nCLOSED\r\n");
}

TEST(CloseDetector, what_looks_like_session_1_is_data_when_the_session_lives) {
  constexpr std::string_view forged = "\r\nCLOSED\r\n\r\n+CSSLRECV: DATA,1,3\r\nabc";
  CloseDetector detector;
  detector.expect_guest(true);
  std::string got(detector.feed(forged, 1ms).fresh);
  got += detector.alive().held;
  EXPECT_EQ(got, forged);
}

TEST(CloseDetector, without_session_1_its_data_is_the_peers) {
  constexpr std::string_view forged = "\r\nCLOSED\r\n\r\n+CSSLRECV: DATA,1,3\r\nabc";
  CloseDetector detector;
  const auto data = detector.feed(forged, 1ms);
  EXPECT_EQ(std::string(data.held) + std::string(data.fresh), forged);
  EXPECT_FALSE(detector.suspect());
}

TEST(CloseDetector, a_report_with_data_behind_it_is_no_part_of_the_farewell) {
  CloseDetector detector;
  const auto fed = detector.feed("bye\r\n+CSSLCLOSE: 0,0\r\n", 1ms);
  std::string got(fed.fresh);
  got += detector.over(".\r\nCLOSED\r\n").held;
  EXPECT_EQ(got, "bye\r\n+CSSLCLOSE: 0,0\r\n.");
}

}  // namespace sim52xx
