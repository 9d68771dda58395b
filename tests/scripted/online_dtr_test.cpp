// The escape by DTR, on a line that has it: tried once, kept where it works, given up where it does
// not, and DTR is on again whatever happens.
#include "tests/scripted/online_fixture.hpp"

namespace sim52xx::test {
namespace {

class DtrTest : public OnlineTest {
 protected:
  void SetUp() override {
    line.carrier = true;  // there are lines, and this one never changes
    OnlineTest::SetUp();
  }
  void TearDown() override {
    OnlineTest::TearDown();
    EXPECT_TRUE(line.terminal_ready);
  }

  // The modem hears DTR, says OK, and gets it back.
  Script& script_dtr(Duration delay = 20ms) {
    script.expect_dtr(false).wait(delay).say("OK");
    return script.expect_dtr(true);
  }
  // The first time plus signs go out all the same: did DTR work, they begin a line.
  Script& script_first_dtr() {
    script_dtr();
    return script.expect("+++").expect("\r").say("ERROR");
  }
  void script_false_alarm_by_dtr(std::string_view behind = {}) {
    script_dtr();
    script_number();
    script_return(behind);
  }
  // DTR has worked before.
  void know_dtr() { modem.signals.dtr = daemon::Signals::Dtr::escapes; }
  // DTR goes to nowhere.
  Script& script_deaf_dtr() { return script.expect_dtr(false).expect_dtr(true); }

  [[nodiscard]] bool settles(Duration most) {
    const bool finished = stage.until([&] { return script.finished(); }, most);
    stage.settle();
    return finished;
  }
};

TEST_F(DtrTest, AFalseAlarmIsFoundOutWithoutPlusSigns) {
  script_first_dtr();
  script_number();
  script_return("behind");
  for (int i = 0; i < 3; ++i) {
    const Time before = stage.now();
    print("x\r\nCLOSED\r\n");
    ASSERT_TRUE(settles(5s));
    EXPECT_LT(stage.now() - before, i == 0 ? 5s : 1s);
    EXPECT_EQ(received(0), "x\r\nCLOSED\r\nbehind");
    EXPECT_FALSE(session().peer_closed);
    EXPECT_EQ(modem.signals.dtr, daemon::Signals::Dtr::escapes);
    stage.pass(10s);
    script_false_alarm_by_dtr("behind");
  }
  print("\r\nCLOSED\r\n");
  ASSERT_TRUE(settles(5s));
}

// An OK that the modem is only about to say may come behind one of the peer's.
TEST_F(DtrTest, WhatCameBeforeTheOkIsData) {
  know_dtr();
  script.expect_dtr(false).print("more\r\nOK\r\nand on\r\nOK\r\n").expect_dtr(true);
  script_number();
  script_return();
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(settles(5s));
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\nmore\r\nOK\r\nand on");
}

// As long as it is not known whether DTR gets through, only an OK that stands alone is believed.
TEST_F(DtrTest, AnOkBehindDataProvesNothingTheFirstTime) {
  script.expect_dtr(false).print("more\r\nOK\r\n").expect_dtr(true);
  script.expect("+++").wait(1s).say("OK").expect("\r");
  script_number();
  script_return();
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(settles(6s));
  stage.pass(1s);  // what may begin a farewell is held for a moment
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\nmore\r\nOK\r\n");
}

// It is found out by the plus signs, to which the modem itself says OK.
TEST_F(DtrTest, APeerThatSaysOkTheFirstTimeGetsNoCommand) {
  script.expect_dtr(false).say("OK").expect_dtr(true);
  script.expect("+++").wait(1s).say("OK").expect("\r");
  script_number();
  script_return("behind");
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(settles(6s));
  stage.pass(1s);
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\n\r\nOK\r\nbehind");
  EXPECT_EQ(modem.signals.dtr, daemon::Signals::Dtr::ignored);
}

// The modem's own OK may be slower than it should: it still says that DTR did not work.
TEST_F(DtrTest, ALateOkToThePlusSignsCountsToo) {
  script.expect_dtr(false).say("OK").expect_dtr(true);
  script.expect("+++").wait(2550ms).say("OK").expect("\r");
  script_number();
  script_return();
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(settles(6s));
  EXPECT_EQ(modem.signals.dtr, daemon::Signals::Dtr::ignored);
}

// The first command after any escape is the one that no client byte and no peer can fake.
TEST_F(DtrTest, APeerThatSaysOkIsNotBelieved) {
  know_dtr();
  script.expect_dtr(false).say("OK").expect_dtr(true);
  script.expect("AT+CGSN\r").print("\r\n123456789012345\r\n\r\nOK\r\n");
  print("\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().failure.has_value(); }, 10s));
  EXPECT_FALSE(session().peer_closed);
}

TEST_F(DtrTest, WhereItGoesNowherePlusSignsAreUsedFromThenOn) {
  script_deaf_dtr();
  script.expect("+++").wait(1s).say("OK").expect("\r");
  script_number();
  script_return();
  const Time before = stage.now();
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(settles(6s));
  EXPECT_LT(stage.now() - before, 3s);  // no later than without DTR
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\n");
  EXPECT_EQ(modem.signals.dtr, daemon::Signals::Dtr::ignored);
  stage.pass(10s);
  script_false_alarm();
  print("y\r\nCLOSED\r\n");
  ASSERT_TRUE(settles(6s));
}

TEST_F(DtrTest, AnEndIsKnownWithinFiveSecondsAndDoesNotSpeakAgainstIt) {
  script_deaf_dtr();
  script_over("");
  const Time before = stage.now();
  print("the last words\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().peer_closed; }, 5s));
  EXPECT_LT(stage.now() - before, 5s);
  EXPECT_EQ(received(0), "the last words");
  EXPECT_EQ(modem.signals.dtr, daemon::Signals::Dtr::untried);
}

// It may come while the plus signs are on their way: they are then the beginning of a line.
TEST_F(DtrTest, ALateAnswerIsUnderstood) {
  script.expect_dtr(false).expect_dtr(true).expect("+++").say("OK").expect("\r").say("ERROR");
  script_number();
  script_return("behind");
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(settles(6s));
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\nbehind");
  EXPECT_FALSE(session().failure);
}

TEST_F(DtrTest, AModemThatEndsTheSessionForItIsNotAskedAgain) {
  script_first_dtr();
  script_number();
  script.command("ATO", "NO CARRIER");
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().peer_closed; }, 5s));
  EXPECT_EQ(modem.signals.dtr, daemon::Signals::Dtr::ignored);
}

TEST_F(DtrTest, ClosingUsesItToo) {
  know_dtr();
  script_dtr();
  script_number();
  script.command("AT+CSSLCLOSE=0");
  const Time before = stage.now();
  Task<void> closed = close(0);
  ASSERT_TRUE(stage.until([&] { return closed.done(); }, 5s));
  EXPECT_LT(stage.now() - before, 1s);
  EXPECT_TRUE(script.finished());
}

TEST_F(DtrTest, AWindowUsesItToo) {
  know_dtr();
  script_dtr();
  script_number();
  script.command("AT+CSSLOPEN=1,\"www.myserver.com\",443");
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(stage.until([&] { return opened.done(); }, 2s));
  EXPECT_TRUE(*opened);
  EXPECT_TRUE(script.finished());
}

TEST_F(DtrTest, WhatTheClientSentHasLeftBefore) {
  know_dtr();
  script.expect("hello");
  EXPECT_EQ(**send(0, "hello"), 5U);
  Time sent = stage.now();
  script.expect_dtr(false).call([&] { EXPECT_GE(stage.now() - sent, 200ms); }).say("OK");
  script.expect_dtr(true);
  script_number();
  script.command("AT+CSSLSEND?", "+CSSLSEND: 0,0,1,0").say("OK").command("AT+CSSLCLOSE=0");
  Task<void> closed = close(0);
  ASSERT_TRUE(stage.until([&] { return closed.done(); }, 5s));
  EXPECT_TRUE(script.finished());
}

TEST_F(DtrTest, NothingIsDoneWhileFlowControlHoldsTheClientsBytes) {
  know_dtr();
  line.deaf(true);
  EXPECT_EQ(**send(0, "AT+CSSLSTOP\r"), 12U);
  print("x\r\nCLOSED\r\n");
  stage.pass(5s);
  EXPECT_TRUE(line.terminal_ready);
  script.expect("AT+CSSLSTOP\r");
  script_false_alarm_by_dtr();
  line.deaf(false);
  ASSERT_TRUE(settles(20s));
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\n");
}

TEST_F(DtrTest, AModemUnpluggedMeanwhileIsAFailure) {
  script.expect_dtr(false).call([&] {
    plugged = false;
    line.hang_up();
  });
  script.expect_dtr(true);
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().failure.has_value(); }, 5s));
  EXPECT_FALSE(session().peer_closed);
}

// The factory's AT&D2 would end the session.
class RefusedDtrTest : public DtrTest {
 protected:
  void SetUp() override {
    dtr_answer = "ERROR";
    DtrTest::SetUp();
  }
};

TEST_F(RefusedDtrTest, ItIsNotTouched) {
  script_false_alarm();
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(settles(6s));
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\n");
}

}  // namespace
}  // namespace sim52xx::test
