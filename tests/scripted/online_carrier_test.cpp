// DCD: where it comes and goes with the session, its going is the end, without plus signs; where it
// does not, it says nothing.
#include "tests/scripted/online_fixture.hpp"

namespace sim52xx::test {
namespace {

// A line with DCD. DTR goes to nowhere, and that is known.
class CarrierTest : public SslTest {
 protected:
  void SetUp() override {
    line.carrier = before;
    SslTest::SetUp();
    modem.signals.dtr = daemon::Signals::Dtr::ignored;
    script_start(transparent);
    script.expect("AT+CSSLOPEN=0,\"www.myserver.com\",443\r").say("CONNECT 115200");
    script.call([this] { line.carrier = after; });
    ASSERT_TRUE(open(0, transparent).done());
  }
  void TearDown() override {
    SslTest::TearDown();
    EXPECT_TRUE(line.terminal_ready);
  }

  SslSession& session() { return stack.session(0); }
  void print(std::string_view bytes) {
    line.print(bytes);
    stage.settle();
  }
  // The modem is in command mode.
  void script_question(std::string_view answer = "NO CARRIER") {
    script.expect("\rAT+CGSN\r").print(std::string(number));
    script.command("ATO", answer);
  }
  void lose_carrier() {
    line.carrier = false;
    lost_at = stage.now();
  }
  void expect_end() {
    ASSERT_TRUE(stage.until([&] { return session().peer_closed; }, 5s));
    EXPECT_LT(stage.now() - lost_at, 5s);
    EXPECT_FALSE(session().failure);
    EXPECT_TRUE(script.finished());
  }

  bool before = false;
  bool after = true;
  Time lost_at{};
};

TEST_F(CarrierTest, ASilentEndIsKnownWithinFiveSeconds) {
  stage.pass(1h);
  print("the last words");
  script_question();
  lose_carrier();
  expect_end();
  EXPECT_EQ(received(0), "the last words");
}

TEST_F(CarrierTest, APrintedEndNeedsNoPlusSigns) {
  stage.pass(1min);
  script_question();
  lose_carrier();
  print("the last words\r\nCLOSED\r\n");
  expect_end();
  EXPECT_LT(stage.now() - lost_at, 1s);
  EXPECT_EQ(received(0), "the last words");
}

// DCD may be quicker than the data before it.
TEST_F(CarrierTest, DataBehindItsGoingIsDelivered) {
  stage.pass(1min);
  lose_carrier();
  for (int i = 0; i < 10; ++i) {
    stage.pass(200ms);
    print("more\r\nOK\r\n");
  }
  script_question();
  print("\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().peer_closed; }, 5s));
  std::string all;
  for (int i = 0; i < 10; ++i)
    all += "more\r\nOK\r\n";
  EXPECT_EQ(received(0), all);
}

TEST_F(CarrierTest, NoClientByteGoesOutWithoutIt) {
  stage.pass(1min);
  lose_carrier();
  EXPECT_EQ(**send(0, "AT+CSSLSTOP\r"), 0U);
  script_question();
  expect_end();
}

TEST_F(CarrierTest, ItsReturnMeansThatNothingWas) {
  stage.pass(1min);
  lose_carrier();
  stage.until([&] { return stage.logged("DCD is off"); }, 2s);
  print("x");
  line.carrier = true;
  stage.pass(1min);
  EXPECT_EQ(received(0), "x");
  script.expect("hello");
  EXPECT_EQ(**send(0, "hello"), 5U);
  stage.settle();
  EXPECT_TRUE(script.finished());
}

TEST_F(CarrierTest, AModemThatReturnsAllTheSameIsBelieved) {
  stage.pass(1min);
  script_question("CONNECT 115200");
  lose_carrier();
  ASSERT_TRUE(stage.until([&] { return script.finished(); }, 5s));
  stage.pass(1min);
  EXPECT_FALSE(session().peer_closed);
  print("x");
  EXPECT_EQ(received(0), "x");
}

TEST_F(CarrierTest, AModemThatTakesNoCommandsIsAFailure) {
  stage.pass(1min);
  script.expect("\rAT+CGSN\rAT+CGSN\r");
  lose_carrier();
  ASSERT_TRUE(stage.until([&] { return session().failure.has_value(); }, 10s));
  EXPECT_FALSE(session().peer_closed);
}

TEST_F(CarrierTest, APeersWordsAreProbedForAsWithoutIt) {
  stage.pass(1min);
  script.expect("+++").wait(1s).say("OK").expect("AT+CGSN\r").print(std::string(number));
  script.command("ATO", "CONNECT 115200");
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return script.finished(); }, 5s));
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\n");
}

class AlwaysOnTest : public CarrierTest {
 protected:
  AlwaysOnTest() { before = true; }
};

TEST_F(AlwaysOnTest, SaysNothingEvenIfItGoes) {
  stage.pass(1min);
  lose_carrier();
  stage.pass(1min);
  EXPECT_FALSE(session().peer_closed);
  script.expect("hello");
  EXPECT_EQ(**send(0, "hello"), 5U);
}

class AlwaysOffTest : public CarrierTest {
 protected:
  AlwaysOffTest() { after = false; }
};

TEST_F(AlwaysOffTest, SaysNothingAndWakesNobody) {
  stage.pass(1min);
  EXPECT_FALSE(session().peer_closed);
  line.carrier = true;  // too late to have come with the session
  stage.pass(1min);
  line.carrier = false;
  stage.pass(1min);
  EXPECT_FALSE(session().peer_closed);
  EXPECT_FALSE(session().failure);
}

}  // namespace
}  // namespace sim52xx::test
