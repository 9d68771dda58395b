// Session 1's data right behind the end of session 0: whose it is only the modem's answer tells.
#include "tests/scripted/online_fixture.hpp"

namespace sim52xx::test {
namespace {

constexpr std::string_view open_zero = "AT+CSSLOPEN=0,\"www.myserver.com\",443";

// Session 0 is online, session 1 open and waits for its next window.
class GuestTest : public OnlineTest {
 protected:
  void SetUp() override {
    OnlineTest::SetUp();
    open_guest();
  }

  void open_guest() {
    script_false_alarm_begin();
    script.command(open_one);
    script_return();
    Task<Result<void>> opened = open(1, counted);
    ASSERT_TRUE(stage.until([&] { return opened.done(); }, 20s));
    ASSERT_TRUE(*opened);
    ASSERT_TRUE(stage.until([&] { return script.finished(); }, 20s));
    stage.settle();
  }
  void script_false_alarm_begin() {
    script_escape();
    script_number();
  }
  // Both are closed, and open again.
  void begin_anew() {
    script.command("AT+CSSLCLOSE=0", "ERROR");
    ASSERT_TRUE(close(0).done());
    script.command("AT+CSSLCLOSE=1");
    ASSERT_TRUE(close(1).done());
    script.command(open_zero, "CONNECT 115200");
    ASSERT_TRUE(open(0, transparent).done());
    open_guest();
  }
  SslSession& guest() { return stack.session(1); }

  const std::string block = "\r\n+CSSLRECV: DATA,1,26\r\n\r\nOK\r\n\r\nCLOSED\r\n\r\nOK\r\n4321";
  const std::string news = block.substr(block.size() - 26);
};

TEST_F(GuestTest, ItIsKeptForSession1WhereverItIsCut) {
  const std::string farewell = "the last words\r\nCLOSED\r\n";
  const std::string behind = block + "\r\n+CSSLRECV: DATA,1,4\r\nmore\r\n+CCH_PEER_CLOSED: 1\r\n";
  for (std::size_t cut = 0; cut <= behind.size(); ++cut) {
    SCOPED_TRACE(cut);
    script.expect("+++").print(behind.substr(cut)).expect("\r");
    script_number();
    script.command("ATO", "NO CARRIER");
    print(farewell + behind.substr(0, cut));
    ASSERT_TRUE(stage.until([&] { return session().peer_closed; }, 5s));
    EXPECT_EQ(received(0), "the last words");
    EXPECT_EQ(received(1), news + "more");
    EXPECT_TRUE(guest().peer_closed);
    EXPECT_FALSE(guest().failure);
    EXPECT_TRUE(script.finished());
    if (cut < behind.size()) begin_anew();
    if (HasFailure()) return;
  }
}

// The modem goes on with it while it is asked.
TEST_F(GuestTest, WhatComesLaterFollowsInOrder) {
  script.expect("+++").print("\r\n+CSSLRECV: DATA,1,3\r\ntwo").expect("\r");
  script.expect("AT+CGSN\r").print("\r\n+CSSLRECV: DATA,1,5\r\nthree" + std::string(number));
  script.print("\r\n+CSSLRECV: DATA,1,4\r\nfo");
  script.expect("ATO\r").print("ur\r\nNO CARRIER\r\n\r\n+CSSLRECV: DATA,1,4\r\nfive");
  print("x\r\nCLOSED\r\n\r\n+CSSLRECV: DATA,1,3\r\none");
  ASSERT_TRUE(stage.until([&] { return session().peer_closed; }, 5s));
  stage.settle();
  EXPECT_EQ(received(0), "x");
  EXPECT_EQ(received(1), "onetwothreefourfive");
  EXPECT_FALSE(guest().failure);
}

TEST_F(GuestTest, ItIsSession0sWhereThatLives) {
  script_false_alarm();
  print("x\r\nCLOSED\r\n" + block);
  ASSERT_TRUE(stage.until([&] { return script.finished(); }, 5s));
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\n" + block);
  EXPECT_EQ(received(1), "");
  EXPECT_FALSE(guest().failure);
}

TEST_F(GuestTest, ItIsSession0sWhereThatLivesAndTheOkGotLost) {
  script.expect("+++").expect("\r");
  script_number();
  script_return();
  print("x\r\nCLOSED\r\n" + block);
  ASSERT_TRUE(stage.until([&] { return script.finished(); }, 5s));
  EXPECT_EQ(received(0), "x\r\nCLOSED\r\n" + block);
  EXPECT_EQ(received(1), "");
  EXPECT_FALSE(guest().failure);
}

// A peer of session 0 that says the head of a block just before the modem's OK, and a block of
// session 1 that ends in an OK, are the same bytes. Rather than guess, both end, in words.
TEST_F(GuestTest, WhatCanBeReadInTwoWaysEndsBoth) {
  script_escape("\r\n+CSSLRECV: DATA,1,6\r\n\r\nOK\r\n");
  script_number();
  print("x\r\nCLOSED\r\n");
  ASSERT_TRUE(stage.until([&] { return session().failure && guest().failure; }, 6s));
  EXPECT_EQ(session().failure->kind, ErrorKind::interrupted);
  EXPECT_NE(session().failure->message.find("cannot be told"), std::string::npos)
      << session().failure->message;
  EXPECT_EQ(received(1), "");
  EXPECT_FALSE(session().peer_closed);
  EXPECT_FALSE(guest().peer_closed);
}

// Session 0's peer has forged the head of a block around the modem's OK.
TEST_F(GuestTest, WhatCannotBeToldIsAFailureOfSession1) {
  const std::string forged = "x\r\nCLOSED\r\n\r\n+CSSLRECV: DATA,1,6\r\n";
  script_escape("\r\n+CSSLRECV: DATA,1,4\r\nnews").expect("\r");
  script_number();
  script_return();
  print(forged);
  ASSERT_TRUE(stage.until([&] { return script.finished(); }, 5s));
  stage.settle();
  EXPECT_EQ(received(0), forged);
  EXPECT_EQ(received(1), "");
  ASSERT_TRUE(guest().failure);
  EXPECT_FALSE(session().failure);
  EXPECT_FALSE(session().peer_closed);
}

TEST_F(GuestTest, ItIsKeptWhenSession0sClientLeaves) {
  script.expect("+++").expect("\r");
  script_number();
  script.command("ATO", "NO CARRIER").command("AT+CSSLCLOSE=0", "ERROR");
  print("x\r\nCLOSED\r\n" + block);
  Task<void> closed = close(0);
  ASSERT_TRUE(stage.until([&] { return closed.done(); }, 6s));
  EXPECT_EQ(received(1), news);
  EXPECT_FALSE(guest().failure);
  EXPECT_TRUE(script.finished());
}

}  // namespace
}  // namespace sim52xx::test
