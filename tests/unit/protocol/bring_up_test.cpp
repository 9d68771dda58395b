// What is said to a modem in whatever state it was left in, and in which order, until it can be
// used.
#include "tests/unit/protocol/bring_up_fixture.hpp"

namespace sim52xx {
namespace {

using Words = std::vector<std::string>;

TEST_F(BringUpMachine, OfACleanModemTakesNoGuardTime) {
  answers("ATI", answer({"Manufacturer: SIMCOM INCORPORATED", "Model: SIMCOM_SIM5216A",
                         "Revision: SIM5216A_V1.5", "IMEI: 359769034498003"}));
  play();
  EXPECT_EQ(said, (Words{"AT\r", "prove", "ATE0", "AT+CMEE=2", "AT&D0", "AT&C1", "AT+IFC=0,0",
                         "AT+CSSLSTOP", "AT+CHTTPSSTOP", "AT+CFTPSSTOP", "ATI", "AT+CCHOPEN=?",
                         "AT+CPIN?", "AT+CGREG?"}));
  ASSERT_TRUE(over);
  EXPECT_TRUE(*over);
  EXPECT_EQ(facts.model, "SIMCOM_SIM5216A");
  EXPECT_EQ(facts.revision, "SIM5216A_V1.5");
  EXPECT_EQ(facts.sim, "READY");
  EXPECT_EQ(facts.registration, 1);
  EXPECT_EQ(remarks, Words{});
  EXPECT_LT(now, 101s);
}

TEST_F(BringUpMachine, LeavesDataModeFirstWhereItWasEntered) {
  plan.data_mode = true;
  play();
  EXPECT_EQ(said[0], "pause 1600");
  EXPECT_EQ(said[1], "+++");
  EXPECT_EQ(said[2], "pause 1090");  // the OK came after 10 ms: it may be a peer's
  EXPECT_EQ(said[3], "prove");
  EXPECT_EQ(said[4], "ATE0");
}

TEST_F(BringUpMachine, IsAskedWhereThePlusSignsWereInVain) {
  plan.data_mode = true;
  int proofs = 0;
  proves = [&] { return ++proofs > 1; };
  play();
  said.resize(7);
  EXPECT_EQ(said, (Words{"pause 1600", "+++", "pause 1090", "prove", "AT\r", "prove", "ATE0"}));
}

TEST_F(BringUpMachine, AQuietModemIsToldToSpeak) {
  hears = [](const std::string& text) { return text != "AT\r"; };
  play();
  said.resize(4);
  EXPECT_EQ(said, (Words{"AT\r", "ATQ0V1\r", "prove", "ATE0"}));
}

TEST_F(BringUpMachine, DataModeThatNobodyKnewOfIsLeftToo) {
  hears = [](const std::string& text) { return text == "+++"; };
  play();
  said.resize(7);
  EXPECT_EQ(said, (Words{"AT\r", "ATQ0V1\r", "AT\r", "pause 1100", "+++", "pause 1090", "prove"}));
  EXPECT_TRUE(did("leaving data mode (+++)"));
}

TEST_F(BringUpMachine, AHalfCommandsPayloadIsFilledUp) {
  hears = [](const std::string& text) { return text.size() > 4096; };
  proves = [&] { return said.at(said.size() - 2) == "pause 1000"; };
  play();
  ASSERT_GT(said.size(), 10U);
  EXPECT_EQ(said[6], "prove");           // behind the plus signs
  EXPECT_GT(said[7].size(), 4096U);      // the most that a command takes, and one more
  EXPECT_LT(said[7].size(), 4096U + 4);  // in lines that do nothing
  EXPECT_EQ(said[8], "pause 1000");
  EXPECT_EQ(said[9], "prove");
  EXPECT_EQ(said[10], "ATE0");
}

TEST_F(BringUpMachine, ASilentModemIsAbsent) {
  hears = [](const std::string&) { return false; };
  proves = [] { return false; };
  play();
  EXPECT_EQ(failed_with(), ErrorKind::modem_absent);
  EXPECT_LT(now - 100s, 20s);
}

TEST_F(BringUpMachine, WithControlLinesDtrKeepsTheSession) {
  plan.control_lines = true;
  play();
  EXPECT_EQ(times("AT&D1"), 1);
  EXPECT_TRUE(facts.dtr_escapes);
  EXPECT_TRUE(facts.dcd_follows);
}

// The factory's AT&D2 would end the session.
TEST_F(BringUpMachine, DtrIsNotUsedWhereTheModemDidNotSayOk) {
  plan.control_lines = true;
  answers("AT&D1", answer({}, Final::error));
  answers("AT&C1", Error(ErrorKind::timeout, "command", "no answer"));
  play();
  EXPECT_TRUE(*over);
  EXPECT_FALSE(facts.dtr_escapes);
  EXPECT_FALSE(facts.dcd_follows);
}

TEST_F(BringUpMachine, TellsOfWhatTheModemRefusedAndOfWhatWasHeld) {
  plan.rtscts = true;
  plan.urc_port = 1;
  answers("AT+IFC=2,2", answer({}, Final::error));
  answers("AT+CHTTPSSTOP", answer({}));
  answers("AT+CCHOPEN=?", answer({"+CCHOPEN: (0,1),\"ADDRESS\",(1-65535)"}));
  play();
  EXPECT_EQ(times("AT+CATR=1"), 1);
  ASSERT_EQ(remarks.size(), 3U);
  EXPECT_EQ(remarks[0], "it refused RTS/CTS flow control (AT+IFC=2,2)");
  EXPECT_EQ(remarks[1], "released a stack that was held (AT+CHTTPSSTOP)");
  EXPECT_NE(remarks[2].find("AT+CCH..."), std::string::npos);
  EXPECT_EQ(facts.other_family, "CCH");
}

}  // namespace
}  // namespace sim52xx
