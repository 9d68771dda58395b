// The ends of a transparent session: one in order is known within 5 s, and everything else is a
// failure, never an end in order.
#include "tests/scripted/online_fixture.hpp"

namespace sim52xx::test {
namespace {

TEST_F(OnlineTest, ARealCloseIsKnownWithinFiveSeconds) {
  const std::vector<std::string> farewells{"CLOSED",
                                           "NO CARRIER",
                                           "DISCONNECT",
                                           "+CSSLCLOSE: 0",
                                           "+CSSLCLOSE: 0,0",
                                           "+CCH_PEER_CLOSED: 0",
                                           "CLOSED\r\n\r\n+CSSLCLOSE: 0,0",
                                           "CLOSED\r\n\r\n+CMTI: \"SM\",3\r\n\r\nRING"};
  for (const std::string& farewell : farewells) {
    SCOPED_TRACE(farewell);
    if (!stack.online()) {
      script.command("AT+CSSLOPEN=0,\"www.myserver.com\",443", "CONNECT 115200");
      EXPECT_TRUE(open(0, transparent).done());
    }
    script_over(farewell.starts_with("NO") ? "ERROR" : "");
    const Time before = stage.now();
    print("the last words\r\n" + farewell + "\r\n");
    ASSERT_TRUE(stage.until([&] { return session().peer_closed; }, 5s));
    EXPECT_LT(stage.now() - before, 5s);
    EXPECT_FALSE(session().failure);
    EXPECT_EQ(received(0), "the last words");
    EXPECT_FALSE(std::filesystem::exists(marker_path));
    script.command("AT+CSSLCLOSE=0", "ERROR");
    EXPECT_TRUE(close(0).done());
  }
}

// The transfer timer: nobody else would ever end a session whose bytes do not leave.
TEST_F(OnlineTest, ALineThatTakesNothingForTwoMinutesIsAFailure) {
  line.deaf(true);
  const std::string much(16384, 'x');
  while (**send(0, much) > 0) {
  }
  Task<void> waiting = stage.start(stack.wait_sendable(much));
  stage.pass(119s);
  EXPECT_FALSE(session().failure);
  ASSERT_TRUE(stage.until([&] { return waiting.done(); }, 3s));
  ASSERT_TRUE(session().failure);
  EXPECT_EQ(session().failure->kind, ErrorKind::timeout);
}

TEST_F(OnlineTest, ARealCloseRightAfterFalseAlarmsIsKnownWithinFiveSecondsToo) {
  for (int i = 0; i < 5; ++i) {
    script_false_alarm();
    print("x\r\nCLOSED\r\n");
    ASSERT_TRUE(stage.until([&] { return script.finished(); }, 5s));
    EXPECT_EQ(received(0), "x\r\nCLOSED\r\n");
  }
  script_over("");
  const Time before = stage.now();
  print("the last words\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().peer_closed; }, 5s));
  EXPECT_LT(stage.now() - before, 5s);
}

// The modem is deaf, and the peer plays it.
TEST_F(OnlineTest, APeerThatPlaysTheModemIsNotBelieved) {
  script.expect("+++").print("\r\nOK\r\n").wait(1100ms);
  script.expect("AT+CGSN\r").print("\r\n123456789012345\r\n\r\nOK\r\n");
  print("\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().failure.has_value(); }, 10s));
  EXPECT_EQ(session().failure->kind, ErrorKind::interrupted);
  EXPECT_FALSE(session().peer_closed);
  EXPECT_TRUE(script.finished());
}

// The end comes while the plus signs wait for their silence, behind data that looks like an answer.
TEST_F(OnlineTest, TheLastBytesBeforeARealCloseAreDelivered) {
  const std::string last = "more\r\nOK\r\n\r\n+CSSLRECV: DATA,0,10\r\n.";
  script.expect("+++").print(last + "\r\nCLOSED\r\n").expect("\r");
  script_number();
  script.command("ATO", "NO CARRIER");
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().peer_closed; }, 5s));
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\n" + last);
}

// The modem was quick to say OK, and the session ended before the way back.
TEST_F(OnlineTest, WhatWasHeldBeforeAnAnsweredEscapeIsData) {
  script_escape();
  script_number();
  script.command("ATO", "NO CARRIER");
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().peer_closed; }, 5s));
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\n");
}

TEST_F(OnlineTest, AnEscapeThatIsNeverAnsweredIsAFailureNotAnEnd) {
  script.expect("+++").expect("\rAT+CGSN\rAT+CGSN\r");
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().failure.has_value(); }, 10s));
  EXPECT_EQ(received(0), "x");
  EXPECT_FALSE(session().peer_closed);
  EXPECT_FALSE(stack.online());
}

TEST_F(OnlineTest, AReturnThatIsNotAnsweredIsAFailureNotAnEnd) {
  script_escape();
  script_number();
  script.expect("ATO\r");
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().failure.has_value(); }, 20s));
  EXPECT_FALSE(session().peer_closed);
  EXPECT_TRUE(std::filesystem::exists(marker_path));
}

TEST_F(OnlineTest, AnEndDuringTheProbeIsSeenOnTheWayBack) {
  script_escape("\r\nCLOSED\r\n");
  script_number();
  script.command("ATO", "NO CARRIER");
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().peer_closed; }, 5s));
  EXPECT_FALSE(session().failure);
}

TEST_F(OnlineTest, ARestartedModemIsAFailure) {
  script.expect("+++").expect("\r");
  script_number();
  script.command("ATO", "ERROR").command("AT", "");
  print("x\r\nSTART\r\n");
  ASSERT_TRUE(stage.until([&] { return session().failure.has_value(); }, 5s));
  EXPECT_EQ(session().failure->kind, ErrorKind::interrupted);
  EXPECT_FALSE(session().peer_closed);
}

TEST_F(OnlineTest, AnUnpluggedModemIsAFailureAtOnce) {
  plugged = false;
  print("x");
  line.hang_up();
  stage.settle();
  ASSERT_TRUE(session().failure);
  EXPECT_FALSE(session().peer_closed);
  EXPECT_EQ(received(0), "x");
}

TEST_F(OnlineTest, AModemUnpluggedDuringTheProbeIsAFailure) {
  script.expect("+++").call([&] {
    plugged = false;
    line.hang_up();
  });
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().failure.has_value(); }, 5s));
  EXPECT_FALSE(session().peer_closed);
}

}  // namespace
}  // namespace sim52xx::test
