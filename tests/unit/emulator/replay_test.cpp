// The reader of traces, and the modem that plays one.
#include "tests/emulator/core/replay.hpp"

#include <gtest/gtest.h>

namespace sim52xx::sim {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

TEST(Transcript, IsRead) {
  const auto steps = read_transcript(
      "# a comment\n\n@ 1.5\n! opened /dev/modem\n> AT+CPIN=\"\\{4}\"\\r\n< \\r\\nOK\\r\\n\n< "
      "\\x00\\\\\\{2}\n"
      "~ 1.0\n@ 2.75\n< x\n! vanished: gone\n");
  ASSERT_EQ(steps.size(), 5U);
  EXPECT_EQ(steps[0].kind, Step::Kind::opened);
  EXPECT_EQ(steps[1].kind, Step::Kind::host);
  EXPECT_EQ(transcript_bytes(steps[1].bytes, steps[1].masked), "AT+CPIN=\"\\{4}\"\\r");
  EXPECT_EQ(steps[1].line, 5U);
  EXPECT_EQ(steps[2].bytes, std::string("\r\nOK\r\n\0\\xx", 10));
  EXPECT_EQ(steps[2].at, 1.5);
  EXPECT_EQ(steps[3].at, 2.75);
  EXPECT_EQ(steps[4].kind, Step::Kind::vanished);
}

TEST(Transcript, MistakesAreNamed) {
  for (const char* text :
       {"> AT\n? what\n", "> AT\n> \\q\n", "> AT\n> \\x0\n", "> AT\n@ soon\n", "> AT\n! exploded\n",
        "> AT\n> \\{99999999999}\n", "> AT\n>x\n", "> AT\n> \\{4\n"}) {
    try {
      read_transcript(text);
      ADD_FAILURE() << text;
    } catch (const std::runtime_error& problem) {
      EXPECT_NE(std::string(problem.what()).find("line 2: "), std::string::npos) << problem.what();
    }
  }
}

class ReplayTest : public ::testing::Test {
 protected:
  void begin(std::string_view text, double scale = 1) {
    replay.emplace(read_transcript(text), scale, now);
  }
  std::string say(std::string_view bytes) {
    replay->receive(bytes, now);
    return std::exchange(replay->output, {});
  }
  std::string pass(Time time) {
    const Time end = now + time;
    while (replay->deadline() && *replay->deadline() <= end) {
      now = *replay->deadline();
      replay->tick(now);
    }
    now = end;
    return std::exchange(replay->output, {});
  }

  Time now = 1000s;
  std::optional<Replay> replay;
};

TEST_F(ReplayTest, AnswersWhenAllIsSaid) {
  begin("> AT\\r\n< \\r\\nOK\\r\\n\n> ATE0\\r\n< \\r\\nOK\\r\\n\n");
  EXPECT_EQ(say("A"), "");
  EXPECT_EQ(say("T\r"), "\r\nOK\r\n");
  EXPECT_FALSE(replay->done());
  EXPECT_EQ(say("ATE0\r"), "\r\nOK\r\n");
  EXPECT_TRUE(replay->done());
  EXPECT_EQ(replay->problem(), "");
}

TEST_F(ReplayTest, KeepsThePauses) {
  constexpr std::string_view text =
      "@ 10.0\n> AT\\r\n@ 10.5\n< \\r\\nOK\\r\\n\n@ 12.5\n< \\r\\nRING\\r\\n\n";
  begin(text);
  EXPECT_EQ(say("AT\r"), "");
  EXPECT_EQ(pass(499ms), "");
  EXPECT_EQ(pass(1ms), "\r\nOK\r\n");
  EXPECT_EQ(pass(1999ms), "");
  EXPECT_EQ(pass(1ms), "\r\nRING\r\n");
  begin(text, 0);
  EXPECT_EQ(say("AT\r"), "\r\nOK\r\n\r\nRING\r\n");
}

TEST_F(ReplayTest, MaskedBytesMayBeAny) {
  begin("> AT+CPIN=\"\\{4}\"\\r\n< \\r\\n\\{3}\\r\\n\n");
  EXPECT_EQ(say("AT+CPIN=\"9876\"\r"), "\r\nxxx\r\n");
}

TEST_F(ReplayTest, TellsWhereTheHostLeavesTheTrace) {
  begin("# from somewhere\n> AT\\r\n< \\r\\nOK\\r\\n\n> ATE0\\r\n");
  say("AT\r");
  EXPECT_EQ(say("ATZ\r"), "");
  EXPECT_EQ(replay->problem(), "4: expected: E0\\r; the host says: Z\\r");
}

TEST_F(ReplayTest, BehindTheEndTheModemIsSilent) {
  begin("> AT+CSQ\\r\n< \\r\\nOK\\r\\n\n");
  say("AT+CSQ\r");
  EXPECT_TRUE(replay->done());
  EXPECT_EQ(say("ATZ\rAT+"), "");
  EXPECT_EQ(say("AT+C"), "");
  EXPECT_EQ(say("SQ\r"), "\r\nOK\r\n");
  EXPECT_EQ(replay->problem(), "");
}

TEST_F(ReplayTest, ThePortVanishesAndComesBack) {
  begin(
      "@ 1.0\n> AT\\r\n@ 2.0\n< half\n! vanished: EIO\n@ 5.0\n! opened again\n> AT\\r\n< "
      "\\r\\nOK\\r\\n\n",
      0);
  EXPECT_EQ(say("AT\r"), "half");
  EXPECT_TRUE(replay->plugged());  // what was said can be read
  pass(50ms);
  EXPECT_FALSE(replay->plugged());
  pass(50ms);
  EXPECT_TRUE(replay->plugged());
  EXPECT_EQ(say("AT\r"), "\r\nOK\r\n");
}

TEST_F(ReplayTest, QuestionsAboutTheNetworkComeAnywhereOrNot) {
  begin(
      "> AT\\r\n< \\r\\nOK\\r\\n\n> AT+CSQ\\r\n< \\r\\n+CSQ: 20,99\\r\\n\n< \\r\\nOK\\r\\n\n"
      "> AT+COPS?\\r\n< \\r\\nOK\\r\\n\n> ATE0\\r\n< \\r\\nOK\\r\\n\n> ATZ\\r\n");
  EXPECT_EQ(say("AT+CSQ\r"), "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
  EXPECT_EQ(say("AT\r"), "\r\nOK\r\n");
  EXPECT_EQ(say("ATE0\r"), "\r\nOK\r\n");         // neither AT+CSQ nor AT+COPS? was asked
  EXPECT_EQ(say("AT+CREG?\r"), "\r\nERROR\r\n");  // of that it knows nothing
  EXPECT_EQ(say("ATZ\r"), "");
  EXPECT_TRUE(replay->done());
  EXPECT_EQ(replay->problem(), "");
}

TEST_F(ReplayTest, AQuestionThatIsNotAskedDoesNotHoldUpWhatTheModemSays) {
  begin("> AT+CSQ\\r\n< \\r\\nOK\\r\\n\n< \\r\\nRING\\r\\n\n");
  EXPECT_EQ(pass(999ms), "");
  EXPECT_NE(pass(1ms).find("RING"), std::string::npos);
}

}  // namespace
}  // namespace sim52xx::sim
