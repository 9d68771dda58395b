// Faults at the steps of a dialogue, by name.
#include <set>

#include <gtest/gtest.h>

#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

// A modem without echo and with a fault.
class FaultStepsTest : public ::testing::Test {
 protected:
  FaultStepsTest() { rig.say("ATE0\r"); }

  void arm(FaultKind kind, std::size_t step = 1, std::size_t at = 0, double seconds = 0,
           std::string match = {}) {
    rig.modem.arm(StepFault{kind, step, std::move(match), at, seconds});
  }

  Rig rig;
};

TEST(FaultList, EveryFaultIsFoundByItsNameAndSaysWhatItDoes) {
  std::set<std::string_view> names;
  for (const FaultRow& row : fault_list()) {
    EXPECT_EQ(find_fault(row.name), &row_of(row.kind));
    EXPECT_FALSE(row.help.empty()) << row.name;
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
  }
  EXPECT_EQ(find_fault("rust"), nullptr);
}

TEST_F(FaultStepsTest, CountsAnswers) {
  arm(FaultKind::garble, 2, 3);
  EXPECT_EQ(rig.say("AT\r"), "\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT\r"), "\r\nO\x1e\r\n");
  EXPECT_EQ(rig.say("AT\r"), "\r\nOK\r\n");
  EXPECT_EQ(rig.modem.steps().struck(), 1U);
}

TEST_F(FaultStepsTest, CountsOnlyWhatMatches) {
  arm(FaultKind::cut, 1, 6, 0, "+CSQ");
  EXPECT_EQ(rig.say("AT\r"), "\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT+CSQ\r"), "\r\n+CSQ\r\nOK\r\n");
}

TEST_F(FaultStepsTest, CommandsFailOrGetLost) {
  arm(FaultKind::plain_error, 1, 0, 0, "CSQ");
  arm(FaultKind::lost_command, 2, 0, 0, "CSQ");
  EXPECT_EQ(rig.say("AT+CSQ\r"), "\r\nERROR\r\n");
  EXPECT_EQ(rig.say("AT+CSQ\r"), "");
  EXPECT_EQ(rig.say("AT+CSQ\r"), "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
}

TEST_F(FaultStepsTest, ALateResultKeepsTheModemBusy) {
  arm(FaultKind::late_final, 1, 0, 5);
  EXPECT_EQ(rig.say("AT\r"), "");
  EXPECT_EQ(rig.say("AT+CSQ\r"), "");
  EXPECT_EQ(rig.wait(milliseconds(4900)), "");
  EXPECT_EQ(rig.wait(milliseconds(100)), "\r\nOK\r\n\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
}

TEST_F(FaultStepsTest, ResultsAreMissingDoubledOrInAnotherOrder) {
  arm(FaultKind::no_final);
  EXPECT_EQ(rig.say("AT+CSQ\r"), "\r\n+CSQ: 20,99\r\n");
  arm(FaultKind::double_final);
  EXPECT_EQ(rig.say("AT\r"), "\r\nOK\r\n\r\nOK\r\n");
  arm(FaultKind::ok_first);
  EXPECT_EQ(rig.say("AT+CSQ\r"), "\r\nOK\r\n\r\n+CSQ: 20,99\r\n");
  arm(FaultKind::result_first, 1, 0, 0.3);
  EXPECT_EQ(rig.say("AT\r"), "");
  EXPECT_EQ(rig.wait(milliseconds(300)), "\r\nOK\r\n");
}

TEST_F(FaultStepsTest, BlocksOfAnotherLengthAreFollowedBySilence) {
  rig.start();
  rig.open(1);
  arm(FaultKind::short_data, 1, 0, 30);
  EXPECT_EQ(rig.received(1, "hello"), "\r\n+CSSLRECV: DATA,1,2\r\nhello\r\n");
  EXPECT_EQ(rig.say("AT\r"), "");
  EXPECT_EQ(rig.wait(seconds(30)), "\r\nOK\r\n");
  arm(FaultKind::long_data, 1, 0, 30);
  EXPECT_EQ(rig.received(1, "hello"), "\r\n+CSSLRECV: DATA,1,12\r\nhello\r\n");
}

TEST_F(FaultStepsTest, LinesNameTheOtherSession) {
  rig.start();
  rig.open(1);
  arm(FaultKind::wrong_id);
  EXPECT_EQ(rig.received(1, "hello"), "\r\n+CSSLRECV: DATA,0,5\r\nhello\r\n");
}

TEST_F(FaultStepsTest, APromptIsMissingAndWaits) {
  rig.start();
  rig.open(1);
  arm(FaultKind::no_prompt);
  EXPECT_EQ(rig.say("AT+CSSLSEND=1,5\r"), "");
  EXPECT_EQ(rig.say("hello"), "\r\nOK\r\n");
}

TEST_F(FaultStepsTest, PayloadLosesAByte) {
  rig.start();
  rig.open(1);
  arm(FaultKind::payload_drop, 1, 1);
  EXPECT_EQ(rig.say("AT+CSSLSEND=1,5\r"), ">");
  EXPECT_EQ(rig.say("hello"), "");
  EXPECT_EQ(rig.say("A"), "\r\nOK\r\n");
  EXPECT_EQ(rig.network.sent.at(1), "hlloA");
}

TEST_F(FaultStepsTest, CommandLinesAreDamaged) {
  arm(FaultKind::host_drop, 1, 3);
  EXPECT_EQ(rig.say("AT+CSQ\r"), "\r\nERROR\r\n");
}

TEST_F(FaultStepsTest, TheOutsideIsTold) {
  std::string told;
  rig.modem.set_fault_outside(
      {[&](double time) { told += "vanish " + std::to_string(static_cast<int>(time)) + ";"; },
       [&] { told += "close"; }});
  arm(FaultKind::vanish, 1, 0, 5);
  arm(FaultKind::peer_close, 2);
  rig.say("AT\r");
  rig.say("AT\r");
  EXPECT_EQ(told, "vanish 5;close");
}

TEST_F(FaultStepsTest, ARebootForgetsWhatWasHeldBack) {
  arm(FaultKind::late_final, 1, 0, 60);
  EXPECT_EQ(rig.say("AT\r"), "");
  rig.modem.reboot(rig.time);
  EXPECT_EQ(rig.wait(milliseconds(3000)), "\r\nSTART\r\n");
  EXPECT_EQ(rig.say("ATE0\r"), "ATE0\r\r\nOK\r\n");
}

}  // namespace
}  // namespace sim52xx::sim
