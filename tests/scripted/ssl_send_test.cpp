// What may wait in the modem for a peer (note, 4.3): told by +CSSLSEND reports after CSSLSET=1,
// asked for by CSSLSEND? where the firmware stays at CSSLSET=0; bounded either way.
#include "tests/scripted/ssl_fixture.hpp"

namespace sim52xx::test {
namespace {

const std::string block(1024, 'x');

class SendTest : public SslTest {
 protected:
  // Eight blocks, which is what one session may have waiting.
  void send_full(std::string_view report = {}) {
    for (int i = 0; i < 8; ++i) {
      script_block(report);
      Task<Result<std::size_t>> sent = send(1, block);
      ASSERT_TRUE(sent.done());
      ASSERT_TRUE(*sent);
    }
  }
  void script_block(std::string_view report = {}) {
    script.expect("AT+CSSLSEND=1,1024\r").print(">").expect(block).say("OK");
    if (!report.empty()) script.say(report);
  }
  void script_unsent(int bytes) {
    script.command("AT+CSSLSEND?", "+CSSLSEND: 0,9000,1," + std::to_string(bytes)).say("OK");
  }
};

TEST_F(SendTest, WithoutReportsTheModemIsAskedUntilThereIsRoom) {
  be_open(1, counted);
  send_full();
  const Time before = stage.now();
  for (const int unsent : {8192, 8192, 7169, 7168})
    script_unsent(unsent);
  script_block();
  Task<Result<std::size_t>> sent = send(1, block);
  ASSERT_TRUE(stage.until([&] { return sent.done(); }, 10s));
  EXPECT_EQ(**sent, 1024U);
  EXPECT_EQ(stage.now() - before, 140ms);  // 20, 40, 80: ever less often
}

TEST_F(SendTest, WithReportsItIsNotAsked) {
  be_open(1, counted);
  send_full("+CSSLSEND: 1,0,1024");
  send_full("+CSSLSEND: 1, 0, 1024");  // as the note's 6.3 prints it
  script.expect_finished();
}

TEST_F(SendTest, AReportThatComesMeanwhileMakesRoom) {
  be_open(1, counted);
  send_full();
  script_unsent(8192);
  Task<Result<std::size_t>> sent = send(1, block);
  EXPECT_FALSE(sent.done());
  script_block();
  line.print("\r\n+CSSLSEND: 0,0,1024\r\n");  // of the other session: none of ours
  stage.settle();
  EXPECT_FALSE(sent.done());
  line.print("\r\n+CSSLSEND: 1,0,1024\r\n");
  ASSERT_TRUE(stage.until([&] { return sent.done(); }, 1s));
  EXPECT_EQ(**sent, 1024U);
}

TEST_F(SendTest, WhatDoesNotLeaveWithinTheTransferTimerIsAFailure) {
  be_open(1, counted);
  send_full();
  const Time before = stage.now();
  for (int i = 0; i < 126; ++i)  // seven in the first 1.26 s, then one a second
    script_unsent(8192);
  Task<Result<std::size_t>> sent = send(1, block);
  ASSERT_TRUE(stage.until([&] { return sent.done(); }));
  EXPECT_GE(stage.now() - before, 120s);
  EXPECT_LE(stage.now() - before, 121s);
  ASSERT_FALSE(*sent);
  EXPECT_EQ(sent->error().kind, ErrorKind::timeout);
  EXPECT_NE(sent->error().message.find("8192 bytes"), std::string::npos);
}

TEST_F(SendTest, ACloseWaitsUntilAllHasLeft) {
  be_open(1, counted);
  script_block();
  ASSERT_TRUE(send(1, block).done());
  for (const int unsent : {1024, 1, 0})
    script_unsent(unsent);
  script.command("AT+CSSLCLOSE=1");
  Task<void> closed = close(1);
  ASSERT_TRUE(stage.until([&] { return closed.done(); }, 10s));
  script.expect_finished();
}

// The refusal of what came too late does not make a failure of a peer's end in order.
TEST_F(SendTest, RefusedBehindThePeersEndTheSessionHasEndedInOrder) {
  be_open(1, counted);
  script.expect("AT+CSSLSEND=1,1024\r").print("\r\n+CCH_PEER_CLOSED: 1\r\n\r\nERROR\r\n");
  Task<Result<std::size_t>> sent = send(1, block);
  ASSERT_TRUE(sent.done());
  EXPECT_FALSE(*sent);
  EXPECT_TRUE(stack.session(1).peer_closed);
  EXPECT_FALSE(stack.session(1).failure);
}

// Firmware that refuses CSSLSET=1, or does not know it.
TEST_F(SendTest, ARefusedReportIsNoObstacle) {
  script.command("AT+CSSLSET=1", "ERROR").command("AT+CSSLMODE=0").command("AT+CSSLSTART");
  script.command("AT+CSSLOPEN=1,\"www.myserver.com\",443");
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(opened.done());
  ASSERT_TRUE(*opened);
  send_full();
  script_unsent(0);
  script_block();
  Task<Result<std::size_t>> sent = send(1, block);
  ASSERT_TRUE(sent.done());
  EXPECT_TRUE(*sent);
}

// One that cannot be asked, either, is believed to have sent all.
TEST_F(SendTest, AModemThatCannotTellIsBelieved) {
  be_open(1, counted);
  send_full();
  script.command("AT+CSSLSEND?", "ERROR");
  script_block();
  Task<Result<std::size_t>> sent = send(1, block);
  ASSERT_TRUE(sent.done());
  EXPECT_TRUE(*sent);
}

}  // namespace
}  // namespace sim52xx::test
