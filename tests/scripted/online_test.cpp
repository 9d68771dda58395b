// Transparent mode: what looks like the end of the session and is none. Data arrives byte for byte,
// and what the client sends meanwhile is kept from the modem.
#include "tests/scripted/online_fixture.hpp"

namespace sim52xx::test {
namespace {

TEST_F(OnlineTest, FarewellWordsInDataAreData) {
  const std::vector<std::string> words{"\r\nCLOSED\r\n",        "\r\nNO CARRIER\r\n",
                                       "\r\nSTART\r\n",         "\r\nRDY\r\n",
                                       "\r\n+CSSLCLOSE: 0\r\n", "\r\n\r\nCLOSED\r\n\r\nRING\r\n"};
  for (const std::string& text : words) {
    SCOPED_TRACE(text);
    script_false_alarm();
    print("data" + text);
    EXPECT_LE(session().down().size(), 6U);  // the rest is held
    EXPECT_TRUE(stage.until([&] { return script.finished(); }, 5s));
    stage.pass(CloseDetector::prefix_hold);
    EXPECT_EQ(received(0), "data" + text);
    EXPECT_FALSE(session().peer_closed);
    stage.pass(10s);  // to the next probe
  }
}

TEST_F(OnlineTest, DataBeforeDuringAndBehindTheProbeArrivesInOrder) {
  for (std::size_t cut = 0; cut <= 1; ++cut) {
    SCOPED_TRACE(cut);
    if (cut == 1) line.dribble();
    script.expect("+++").wait(300ms).print("during the guard\r\n").wait(700ms);
    script.print("right before\r\nOK\r\n");
    script_number();
    script_return("behind\r\nCONNECT 9600\r\n");
    print("x\r\nCLOSED\r\n");
    EXPECT_TRUE(stage.until([&] { return script.finished(); }, 5s));
    stage.pass(CloseDetector::prefix_hold);
    EXPECT_EQ(received(0),
              "x\r\nCLOSED\r\nduring the guard\r\nright beforebehind\r\nCONNECT 9600\r\n");
    print("more");
    EXPECT_EQ(received(0), "more");
    stage.pass(10s);
  }
}

TEST_F(OnlineTest, DataBeforeThePlusSignsMakesThemNeedless) {
  print("x\r\nCLOSED\r\n");
  stage.pass(1s);
  EXPECT_EQ(received(0), "x");
  print("and on");
  EXPECT_EQ(received(0), "\r\nCLOSED\r\nand on");
  stage.pass(60s);
  EXPECT_TRUE(script.finished());  // nothing was sent
}

TEST_F(OnlineTest, ASuspicionInWhatTheProbeFoundIsProbedInItsTurn) {
  script.expect("+++").wait(1s);
  script.print("more\r\nNO CARRIER\r\n\r\nOK\r\n");
  script_number();
  script_return();
  print("x\r\nCLOSED\r\n");
  EXPECT_TRUE(stage.until([&] { return script.finished(); }, 5s));
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\nmore");
  script_false_alarm();
  EXPECT_TRUE(stage.until([&] { return script.finished(); }, 5s));
  stage.pass(CloseDetector::prefix_hold);
  EXPECT_EQ(received(0), "\r\nNO CARRIER\r\n");
}

TEST_F(OnlineTest, ClientBytesWaitWhileTheEndIsSuspected) {
  script_false_alarm();
  print("\r\nCLOSED\r\n");
  EXPECT_EQ(**send(0, "AT+CSSLCLOSE=0\r"), 0U);
  Task<void> sendable = stage.start(stack.wait_sendable("AT+CSSLCLOSE=0\r"));
  EXPECT_TRUE(stage.until([&] { return script.finished(); }, 5s));
  EXPECT_TRUE(sendable.done());
  script.expect("AT+CSSLCLOSE=0\r");
  EXPECT_EQ(**send(0, "AT+CSSLCLOSE=0\r"), 15U);
  stage.settle();
  EXPECT_TRUE(script.finished());
}

// A peer that says again and again what a modem would say when it leaves.
TEST_F(OnlineTest, InTheLongRunProbesKeepTheirDistance) {
  std::vector<Time> probes;
  constexpr int many = ProbeBudget::burst + 5;
  for (int i = 0; i < many; ++i) {
    script.expect("+++").call([&] { probes.push_back(stage.now()); }).wait(1s).say("OK");
    script_number();
    script_return("\r\nCLOSED\r\n");
  }
  script.expect("+++");
  print("\r\nCLOSED\r\n");
  EXPECT_TRUE(stage.until([&] { return script.finished(); }, 10min));
  ASSERT_EQ(probes.size(), many);
  EXPECT_GE(probes.back() - probes.front(), (many - ProbeBudget::burst) * endpoint.probe_interval);
  EXPECT_GE(probes[many - 1] - probes[many - 2], endpoint.probe_interval);
  EXPECT_LE(probes[many - 1] - probes[many - 2], endpoint.probe_interval + 5s);
}

TEST_F(OnlineTest, APeersOkThatMoreDataFollowsIsData) {
  script.expect("+++").print("\r\nOK\r\nand on").wait(1s).say("OK");
  script_number();
  script_return();
  print("\r\nCLOSED\r\n");
  EXPECT_TRUE(stage.until([&] { return script.finished(); }, 5s));
  EXPECT_EQ(received(0), "\r\nCLOSED\r\n\r\nOK\r\nand on");
}

TEST_F(OnlineTest, ALateOkIsNoEnd) {
  for (const Duration delay : {Duration(2400ms), Duration(3000ms)}) {
    SCOPED_TRACE(delay.count());
    const bool late = delay > 2500ms;
    script.expect("+++").wait(delay).say("OK");
    if (late) script.expect("\r");
    script_number();
    script_return("behind");
    print("x\r\nCLOSED\r\n");
    EXPECT_TRUE(stage.until([&] { return script.finished(); }, 6s));
    EXPECT_EQ(received(0), "x\r\nCLOSED\r\nbehind");
    EXPECT_FALSE(session().peer_closed);
    EXPECT_FALSE(session().failure);
    stage.pass(10s);
  }
}

TEST_F(OnlineTest, ClosingWaitsForAProbeAndDeliversWhatItHeld) {
  script_false_alarm();
  print("x\r\nCLOSED\r\n");
  stage.pass(1500ms);
  Task<void> closed = close(0);
  script_escape();
  script_number();
  script.command("AT+CSSLCLOSE=0");
  EXPECT_TRUE(stage.until([&] { return closed.done(); }, 10s));
  EXPECT_TRUE(script.finished());
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\n");
}

// The third plus sign stays behind for longer than an escape may take.
TEST_F(OnlineTest, ClientPlusSignsNeverEscape) {
  script.expect("a++");
  EXPECT_EQ(**send(0, "a+++"), 3U);
  EXPECT_EQ(**send(0, "+"), 0U);
  Task<void> sendable = stage.start(stack.wait_sendable("+"));
  stage.pass(1s);
  EXPECT_FALSE(sendable.done());
  stage.pass(200ms);
  EXPECT_TRUE(sendable.done());
  script.expect("+");
  EXPECT_EQ(**send(0, "+"), 1U);
}

}  // namespace
}  // namespace sim52xx::test
