// Opening a session: starting the stack in the right mode, and every kind of certificate alert.
#include "tests/scripted/ssl_fixture.hpp"

namespace sim52xx::test {
namespace {

struct AlertCase {
  std::string_view name;
  int level;
  std::uint64_t bits;
  std::uint32_t accepted;
  std::string_view answer;  // of the modem to CSSLOPEN
  bool goes_on;             // the host says CSSLCONT
  bool cancels;             // the host says CSSLCLOSE
};

constexpr std::string_view suspended = "+CSSLOPEN: ALERTSTATE\r\n\r\nERROR";

class AlertTest : public SslTest {
 protected:
  // Whether the session was opened.
  Result<void> play(const AlertCase& row, int id) {
    SCOPED_TRACE(row.name);
    const std::string n = std::to_string(id);
    script.expect("AT+CSSLOPEN=" + n + ",\"www.myserver.com\",443\r");
    script.say("+CSSLALERT: " + n + "," + std::to_string(row.level) + "," +
               std::to_string(row.bits));
    script.say(row.answer);
    if (row.goes_on) script.command("AT+CSSLCONT=" + n);
    if (row.cancels) script.command("AT+CSSLCLOSE=" + n);
    Task<Result<void>> opened = open(id, counted, row.accepted);
    EXPECT_TRUE(opened.done());
    EXPECT_TRUE(script.finished());
    if (!opened.done()) return Error(ErrorKind::timeout, "test", "not done");
    if (*opened) {
      script.command("AT+CSSLCLOSE=" + n);
      EXPECT_TRUE(close(id).done());
    }
    return *opened;
  }
};

TEST_F(AlertTest, LevelsAndLists) {
  const std::vector<AlertCase> rows{
      {"warning", 0, 1, 0, "OK", false, false},
      {"warning of nothing", 0, 0, 0, "OK", false, false},
      {"information", 3, 0x08000000, 0, "OK", false, false},
      {"fatal", 1, 0x20, 0x1fffffff, "ERROR", false, false},
      {"suspended for nothing", 2, 0, 0x1fffffff, suspended, false, true},
      {"suspended, nothing accepted", 2, note_alert, 0, suspended, false, true},
      {"suspended, half accepted", 2, note_alert, 0x200, suspended, false, true},
      {"suspended, accepted", 2, note_alert, note_alert, suspended, true, false},
      {"suspended, more accepted", 2, 0x200, note_alert, suspended, true, false},
      {"suspended, unknown bit", 2, 0x20000000, 0xffffffff >> 3U, suspended, false, true},
      {"suspended, known and unknown", 2, 0x20000200, 0x1fffffff, suspended, false, true},
      {"suspended, beyond 32 bits", 2, 0x100000200, 0x1fffffff, suspended, false, true},
      {"suspended without the word", 2, note_alert, note_alert, "ERROR", true, false},
  };
  script_start(counted);
  for (const AlertCase& row : rows) {
    SCOPED_TRACE(row.name);
    const Result<void> opened = play(row, 1);
    EXPECT_EQ(static_cast<bool>(opened), row.answer == "OK" || row.goes_on);
    EXPECT_EQ(stack.session(1).alerts, 1U);
    if (opened) continue;
    EXPECT_EQ(opened.error().kind, ErrorKind::tls_alert);
    ASSERT_TRUE(opened.error().alert);
    EXPECT_EQ(opened.error().alert->bits, row.bits);
    EXPECT_EQ(static_cast<int>(opened.error().alert->level), row.level);
  }
}

TEST_F(AlertTest, EveryBitIsNamedAndAcceptedByItsName) {
  script_start(counted);
  for (const AlertBit& bit : alert_bits()) {
    const AlertCase accepted{bit.name, 2, bit.mask, bit.mask, suspended, true, false};
    EXPECT_TRUE(play(accepted, 0));
    const AlertCase refused{bit.name, 2, bit.mask, 0x1fffffff & ~bit.mask, suspended, false, true};
    const Result<void> opened = play(refused, 0);
    ASSERT_FALSE(opened);
    const std::string advice = "accept_alerts = [\"" + std::string(bit.name) + "\"] into [ssl0]";
    EXPECT_NE(opened.error().message.find(advice), std::string::npos) << opened.error().message;
  }
}

TEST_F(AlertTest, AnUnknownBitIsNotOfferedForAcceptance) {
  script_start(counted);
  const Result<void> opened = play({"", 2, 0x20000200, 0, suspended, false, true}, 1);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("unknown-0x20000000"), std::string::npos);
  EXPECT_EQ(opened.error().message.find("accept_alerts"), std::string::npos);
}

TEST_F(SslTest, ASecondAlertAfterGoingOnIsAnsweredToo) {
  script_start(counted);
  script.expect("AT+CSSLOPEN=1,\"www.myserver.com\",443\r");
  script.say("+CSSLALERT: 1,2,512").say(suspended);
  script.expect("AT+CSSLCONT=1\r").say("+CSSLALERT: 1,2,65536").say(suspended);
  script.command("AT+CSSLCLOSE=1");
  Task<Result<void>> opened = open(1, counted, 512);
  ASSERT_TRUE(opened.done());
  ASSERT_FALSE(*opened);
  EXPECT_EQ(opened->error().alert->bits, 65536U);
}

TEST_F(SslTest, AnErrorWithoutAnAlertIsAFailedConnection) {
  script_start(counted);
  script.command("AT+CSSLOPEN=1,\"www.myserver.com\",443", "+CME ERROR: network");
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(opened.done());
  ASSERT_FALSE(*opened);
  EXPECT_EQ(opened->error().kind, ErrorKind::connect_failed);
  EXPECT_EQ(opened->error().response, "+CME ERROR: network");
}

TEST_F(SslTest, AStackThatWasStartedAlreadyIsStartedAnew) {
  script.command("AT+CSSLSET=1").command("AT+CSSLMODE=0").command("AT+CSSLSTART", "ERROR");
  script.command("AT+CSSLSTOP").command("AT+CSSLSTART");
  script.command("AT+CSSLOPEN=1,\"www.myserver.com\",443");
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(opened.done());
  EXPECT_TRUE(*opened);
}

TEST_F(SslTest, AStackThatCannotBeStartedIsAnError) {
  script.command("AT+CSSLSET=1", "ERROR").command("AT+CSSLMODE=0", "ERROR");
  script.command("AT+CSSLSTART", "ERROR").command("AT+CSSLSTOP", "ERROR");
  script.command("AT+CSSLSTART", "+CME ERROR: unknown");
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(opened.done());
  ASSERT_FALSE(*opened);
  EXPECT_EQ(opened->error().kind, ErrorKind::modem_error);
  EXPECT_EQ(opened->error().at, "AT+CSSLSTART");
  EXPECT_EQ(opened->error().response, "+CME ERROR: unknown");
  EXPECT_FALSE(stack.started());
}

TEST_F(SslTest, ARefusedTransparentModeIsAnError) {
  script.command("AT+CSSLSET=1").command("AT+CSSLMODE=1", "ERROR");
  script.command("AT+CSSLSTOP", "ERROR").command("AT+CSSLMODE=1", "ERROR");
  Task<Result<void>> opened = open(0, transparent);
  ASSERT_TRUE(opened.done());
  ASSERT_FALSE(*opened);
  EXPECT_EQ(opened->error().kind, ErrorKind::unsupported);
}

// As long as it is started, the mode cannot be changed.
TEST_F(SslTest, AStackWhoseStopWasLostIsStoppedWhereTheModeIsRefused) {
  script.command("AT+CSSLSET=1").command("AT+CSSLMODE=1", "ERROR");
  script.command("AT+CSSLSTOP").command("AT+CSSLMODE=1").command("AT+CSSLSTART");
  script.command("AT+CSSLOPEN=0,\"www.myserver.com\",443", "CONNECT 115200");
  Task<Result<void>> opened = open(0, transparent);
  ASSERT_TRUE(opened.done());
  EXPECT_TRUE(*opened);
}

TEST_F(SslTest, TheSameModeNeedsNoNewStartAndAnotherDoes) {
  be_open(1, counted);
  script.command("AT+CSSLOPEN=0,\"www.myserver.com\",443");
  EXPECT_TRUE(open(0, counted).done());
  script.command("AT+CSSLCLOSE=0").command("AT+CSSLCLOSE=1");
  EXPECT_TRUE(close(0).done());
  EXPECT_TRUE(close(1).done());
  script.command("AT+CSSLSTOP");
  be_open(0, transparent);
}

// Somebody else has stopped it, on another port: sends are refused, and so would be an open.
TEST_F(SslTest, AStackThatRefusesToSendIsStartedAnewOnceBothSessionsAreGivenUp) {
  be_open(1, counted);
  script.command("AT+CSSLOPEN=0,\"www.myserver.com\",443");
  EXPECT_TRUE(open(0, counted).done());
  for (const int id : {0, 1}) {
    script.command("AT+CSSLSEND=" + std::to_string(id) + ",1", "ERROR");
    EXPECT_TRUE(send(id, "x").done());
    EXPECT_TRUE(stack.session(id).failure);
  }
  script.command("AT+CSSLCLOSE=0", "ERROR");
  EXPECT_TRUE(close(0).done());
  Task<Result<void>> again = open(0, counted);
  EXPECT_FALSE(again.done());  // session 1 is still to be given up
  script.command("AT+CSSLCLOSE=1", "ERROR").command("AT+CSSLSTOP");
  script_start(counted);
  script.command("AT+CSSLOPEN=0,\"www.myserver.com\",443");
  EXPECT_TRUE(close(1).done());
  ASSERT_TRUE(again.done());
  EXPECT_TRUE(*again);
  EXPECT_TRUE(script.finished());
}

// Session 1 is open and silent, when a connection for session 0 is refused.
class SilentGuestTest : public SslTest {
 protected:
  void SetUp() override {
    SslTest::SetUp();
    be_open(1, counted);
  }
  // A modem that has told before how much it has to send.
  void learn_that_it_answers() {
    script.expect("AT+CSSLSEND=1,5\r").print(">").expect("hello").say("OK");
    EXPECT_TRUE(send(1, "hello").done());
    script.command("AT+CSSLSEND?", "+CSSLSEND: 0,0,1,0").say("OK").command("AT+CSSLCLOSE=1");
    EXPECT_TRUE(close(1).done());
    script.command("AT+CSSLOPEN=1,\"www.myserver.com\",443");
    EXPECT_TRUE(open(1, counted).done());
  }
  void script_refusal() { script.command("AT+CSSLOPEN=0,\"www.myserver.com\",443", "ERROR"); }
};

TEST_F(SilentGuestTest, IsOverWhereTheStackWasStoppedElsewhere) {
  learn_that_it_answers();
  script_refusal();
  script.command("AT+CSSLSEND?", "ERROR");
  Task<Result<void>> opened = open(0, counted);
  EXPECT_FALSE(opened.done());
  ASSERT_TRUE(stack.session(1).failure);
  EXPECT_EQ(stack.session(1).failure->kind, ErrorKind::interrupted);
  script.command("AT+CSSLCLOSE=1", "ERROR").command("AT+CSSLSTOP", "ERROR");
  script_start(counted);
  script.command("AT+CSSLOPEN=0,\"www.myserver.com\",443");
  EXPECT_TRUE(close(1).done());
  ASSERT_TRUE(opened.done());
  EXPECT_TRUE(*opened);
  EXPECT_TRUE(script.finished());
}

TEST_F(SilentGuestTest, IsLeftAloneWhereTheServerRefused) {
  learn_that_it_answers();
  script_refusal();
  script.command("AT+CSSLSEND?", "+CSSLSEND: 0,0,1,0").say("OK");
  Task<Result<void>> opened = open(0, counted);
  ASSERT_TRUE(opened.done());
  EXPECT_EQ(opened->error().kind, ErrorKind::connect_failed);
  EXPECT_FALSE(stack.session(1).failure);
  EXPECT_TRUE(script.finished());
}

TEST_F(SilentGuestTest, IsLeftAloneWhereTheModemIsNotKnownToAnswer) {
  script_refusal();
  Task<Result<void>> opened = open(0, counted);
  ASSERT_TRUE(opened.done());
  EXPECT_EQ(opened->error().kind, ErrorKind::connect_failed);
  EXPECT_FALSE(stack.session(1).failure);
  EXPECT_TRUE(script.finished());
}

TEST_F(SslTest, AnIdleStackStaysStartedUntilItIsStopped) {
  be_open(1, counted);
  script.command("AT+CSSLCLOSE=1");
  EXPECT_TRUE(close(1).done());
  stage.pass(60s);
  EXPECT_TRUE(stack.started());
  script.command("AT+CSSLOPEN=1,\"www.myserver.com\",443");
  EXPECT_TRUE(open(1, counted).done());
  script.command("AT+CSSLCLOSE=1").command("AT+CSSLSTOP");
  EXPECT_TRUE(stop().done());
  EXPECT_EQ(stack.session(1).state, SslSession::State::closed);
  EXPECT_FALSE(stack.started());
  EXPECT_TRUE(stop().done());
  EXPECT_TRUE(script.finished());
}

TEST_F(SslTest, AModemThatOpensCountedInsteadIsUsedCounted) {
  script_start(transparent);
  script.command("AT+CSSLOPEN=0,\"www.myserver.com\",443", "OK");
  EXPECT_TRUE(open(0, transparent).done());
  EXPECT_EQ(stack.session(0).mode, counted);
  EXPECT_FALSE(std::filesystem::exists(marker_path));
  script.expect("AT+CSSLSEND=0,5\r").print(">").expect("hello").say("OK");
  EXPECT_EQ(**send(0, "hello"), 5U);
}

TEST_F(SslTest, BytesRightBehindConnectAreThePeers) {
  script_start(transparent);
  script.expect("AT+CSSLOPEN=0,\"www.myserver.com\",443\r");
  script.print("\r\nCONNECT 115200\r\n220 ready\r\n");
  EXPECT_TRUE(open(0, transparent).done());
  stage.pass(CloseDetector::prefix_hold);  // for the CR LF that a farewell may begin with
  EXPECT_EQ(received(0), "220 ready\r\n");
}

}  // namespace
}  // namespace sim52xx::test
