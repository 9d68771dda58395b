// The life of an open session, and its ends: by the peer, by an error, by a timer of the note's
// 4.8, by a modem that restarts.
#include "tests/scripted/ssl_fixture.hpp"

namespace sim52xx::test {
namespace {

const std::string open_text = "AT+CSSLOPEN=1,\"www.myserver.com\",443";

bool has(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

TEST_F(SslTest, APeersCloseIsAnEndInOrderInAllSpellings) {
  for (const std::string_view spelling :
       {"+CSSLCLOSE: 1", "+CSSLCLOSE: 1,0", "+CSSLCLOSE:1, 0", "+CCH_PEER_CLOSED: 1"}) {
    SCOPED_TRACE(spelling);
    if (!stack.started()) script_start(counted);
    script.command(open_text);
    EXPECT_TRUE(open(1, counted).done());
    line.print("\r\n+CSSLRECV: DATA,1,3\r\nbye\r\n\r\n" + std::string(spelling) + "\r\n");
    stage.settle();
    EXPECT_TRUE(stack.session(1).peer_closed);
    EXPECT_FALSE(stack.session(1).failure);
    EXPECT_EQ(received(1), "bye");
    script.command("AT+CSSLCLOSE=1", "ERROR");  // harmless
    EXPECT_TRUE(close(1).done());
  }
}

TEST_F(SslTest, TheOtherSessionsCloseIsNotThisOnes) {
  be_open(1, counted);
  line.print("\r\n+CSSLCLOSE: 0\r\n\r\n+CCH_PEER_CLOSED: 0\r\n");
  stage.settle();
  EXPECT_FALSE(stack.session(1).peer_closed);
}

TEST_F(SslTest, DataGoesToItsSession) {
  be_open(1, counted);
  script.command("AT+CSSLOPEN=0,\"www.myserver.com\",443");
  EXPECT_TRUE(open(0, counted).done());
  line.dribble();
  line.print("\r\n+CSSLRECV: DATA,1,4\r\none!\r\n\r\n+CSSLRECV: DATA,0,5\r\nzero!\r\n");
  line.print("\r\n+CSSL: RECV EVENT,1\r\n\r\n+CSSLRECV: DATA, 1, 2\r\n\r\n\r\n");
  stage.settle();
  EXPECT_EQ(received(1), "one!\r\n");
  EXPECT_EQ(received(0), "zero!");
  EXPECT_EQ(stack.session(1).events, 1U);
}

TEST_F(SslTest, AFailedSendIsToldByItsReport) {
  be_open(1, counted);
  line.print("\r\n+CSSLSEND: 1,0,100\r\n");
  stage.settle();
  EXPECT_FALSE(stack.session(1).failure);
  line.print("\r\n+CSSLSEND: 1,6,100\r\n");
  stage.settle();
  ASSERT_TRUE(stack.session(1).failure);
  EXPECT_EQ(stack.session(1).failure->kind, ErrorKind::modem_error);
  EXPECT_TRUE(has(stack.session(1).failure->message, "(6)"));
}

TEST_F(SslTest, SendsAtMostTheFirmwaresBlock) {
  be_open(1, counted);
  const std::string bytes(3000, 'x');
  script.expect("AT+CSSLSEND=1,1024\r").print(">").expect(bytes.substr(0, 1024)).say("OK");
  EXPECT_EQ(**send(1, bytes), 1024U);
  script.command("AT+CSSLSEND=1,1024", "ERROR");
  Task<Result<std::size_t>> refused = send(1, bytes);
  ASSERT_TRUE(refused.done());
  ASSERT_FALSE(*refused);
  EXPECT_EQ(refused->error().at, "AT+CSSLSEND");
}

TEST_F(SslTest, AnAlertOfAnOpenSessionIsAnswered) {
  be_open(1, counted);
  targets[1].accept_alerts = 512;
  script.command("AT+CSSLCONT=1");
  line.print("\r\n+CSSLALERT: 1,2,512\r\n");
  stage.settle();
  EXPECT_TRUE(script.finished());
  EXPECT_FALSE(stack.session(1).failure);
  line.print("\r\n+CSSLALERT: 1,1,8\r\n");
  stage.settle();
  ASSERT_TRUE(stack.session(1).failure);
  EXPECT_EQ(stack.session(1).failure->kind, ErrorKind::tls_alert);
}

TEST_F(SslTest, TheLossOfTheNetworkEndsSessions) {
  be_open(1, counted);
  line.print("\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n");
  stage.settle();
  ASSERT_TRUE(stack.session(1).failure);
  EXPECT_EQ(stack.session(1).failure->kind, ErrorKind::interrupted);
}

TEST_F(SslTest, ABlockThatStopsShortIsAnErrorNotAGap) {
  be_open(1, counted);
  line.print("\r\n+CSSLRECV: DATA,1,10\r\nhello");
  stage.pass(10s);
  EXPECT_EQ(received(1), "");  // which bytes are missing nobody knows
  ASSERT_TRUE(stack.session(1).failure);
  EXPECT_EQ(stack.session(1).failure->kind, ErrorKind::protocol_error);
}

TEST_F(SslTest, TheConnectTimerIsTwoMinutes) {
  script_start(counted);
  script.command(open_text, "");
  const Time before = stage.now();
  Task<Result<void>> opened = open(1, counted);
  // The modem is asked whether it is there, and told that nobody waits any more.
  script.expect("AT+CGSN\r").say("OK").print(std::string(number)).command("AT+CSSLCLOSE=1");
  ASSERT_TRUE(stage.until([&] { return opened.done(); }));
  EXPECT_EQ(stage.now() - before, 120s);
  ASSERT_FALSE(*opened);
  EXPECT_EQ(opened->error().kind, ErrorKind::timeout);
  EXPECT_TRUE(has(opened->error().message, "AT+CSSLOPEN")) << opened->error().message;
  EXPECT_TRUE(script.finished());
  script.command(open_text);
  EXPECT_TRUE(open(1, counted).done());
}

TEST_F(SslTest, TheTransferTimerIsTwoMinutes) {
  be_open(1, counted);
  script.expect("AT+CSSLSEND=1,5\r").print(">").expect("hello");
  const Time before = stage.now();
  Task<Result<std::size_t>> sent = send(1, "hello");
  ASSERT_TRUE(stage.until([&] { return sent.done(); }));
  EXPECT_EQ(stage.now() - before, 120s);
  ASSERT_FALSE(*sent);
  EXPECT_EQ(sent->error().kind, ErrorKind::timeout);
  EXPECT_TRUE(has(sent->error().message, "AT+CSSLSEND"));
}

TEST_F(SslTest, TheCloseAndStopTimersAreTwoMinutes) {
  be_open(1, counted);
  script.command("AT+CSSLCLOSE=1", "");
  Time before = stage.now();
  Task<void> closed = close(1);
  ASSERT_TRUE(stage.until([&] { return closed.done(); }));
  EXPECT_EQ(stage.now() - before, 120s);
  EXPECT_TRUE(stage.logged("did not answer AT+CSSLCLOSE=1"));

  script.expect("AT+CGSN\r").print(std::string(number)).command("AT+CSSLSTOP", "");
  before = stage.now();
  Task<void> stopped = stop();
  EXPECT_TRUE(script.finished());
  ASSERT_TRUE(stage.until([&] { return stopped.done(); }));
  EXPECT_TRUE(stage.logged("did not answer AT+CSSLSTOP"));
  EXPECT_EQ(stage.now() - before, 120s);
}

// A CONNECT that comes when nobody waits for it any more leaves the line in transparent mode.
TEST_F(SslTest, ALateConnectStartsTheModemOver) {
  script_start(transparent);
  script.command("AT+CSSLOPEN=0,\"www.myserver.com\",443", "");
  script.expect("AT+CGSN\r").wait(1s).say("CONNECT 115200").expect("AT+CGSN\rAT+CGSN\r");
  script.expect("+++").wait(1s).say("OK").expect("AT+CGSN\r").print(std::string(number));
  script_set_up();
  script_sim();
  script_network();
  Task<Result<void>> opened = open(0, transparent);
  ASSERT_TRUE(stage.until([&] { return opened.done(); }));
  ASSERT_FALSE(*opened);
  EXPECT_EQ(opened->error().kind, ErrorKind::timeout);
  EXPECT_FALSE(stack.online());
  EXPECT_TRUE(stage.until([&] { return script.finished() && modem.ready(); }, 20s));
}

TEST_F(SslTest, AModemThatRestartsEndsItsSessionsAtOnce) {
  be_open(1, counted);
  script.command("AT", "");  // it is busy with starting
  line.print("\r\nSTART\r\n");
  stage.settle();
  ASSERT_TRUE(stack.session(1).failure);
  EXPECT_EQ(stack.session(1).failure->kind, ErrorKind::interrupted);
  EXPECT_TRUE(has(stack.session(1).failure->message, "restarted"));
  EXPECT_EQ(modem.counters().reboots, 1U);
  EXPECT_TRUE(close(1).done());
  script.command("ATQ0V1").expect("AT+CGSN\r").print(std::string(number));
  script_set_up();
  script_sim();
  script_network();
  EXPECT_TRUE(stage.until([&] { return modem.ready(); }, 10s));
  be_open(1, counted);
}

TEST_F(SslTest, AnUnpluggedModemEndsItsSessionsAtOnceAndComesBack) {
  be_open(1, counted);
  script.expect("AT+CSSLSEND=1,5\r");
  Task<Result<std::size_t>> sent = send(1, "hello");
  plugged = false;
  line.hang_up();
  stage.settle();
  ASSERT_TRUE(sent.done());
  EXPECT_EQ(sent->error().kind, ErrorKind::modem_absent);
  ASSERT_TRUE(stack.session(1).failure);
  EXPECT_EQ(modem.state(), Modem::State::modem_absent);
  EXPECT_TRUE(close(1).done());
  stage.pass(60s);
  script_bring_up();
  plugged = true;
  EXPECT_TRUE(stage.until([&] { return modem.ready(); }, 10s));
  be_open(1, counted);
}

TEST_F(SslTest, ASlowReaderHoldsTheLineAndAFastOneFreesIt) {
  endpoint.buffer_limit = 1000;
  be_open(1, counted);
  const std::string block(600, 'x');
  for (int i = 0; i < 50; ++i)
    line.print("\r\n+CSSLRECV: DATA,1,600\r\n" + block + "\r\n");
  line.piece = [](std::size_t) { return std::size_t{300}; };
  stage.settle();
  EXPECT_GE(stack.session(1).down().size(), 1000U);
  EXPECT_LE(stack.session(1).down().size(), 1000U + 2 * 300U);
  std::size_t total = 0;
  for (int i = 0; i < 100; ++i) {
    total += received(1).size();
    stage.settle();
  }
  EXPECT_EQ(total, 50U * 600U);
}

}  // namespace
}  // namespace sim52xx::test
