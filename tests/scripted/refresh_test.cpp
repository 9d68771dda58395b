// What is shown of the network is asked anew when somebody looks, and disturbs nobody.
#include "daemon/stacks/refresh.hpp"

#include "tests/scripted/online_fixture.hpp"

namespace sim52xx::test {
namespace {

using daemon::Refresh;

template <class Base>
class WithRefresh : public Base {
 protected:
  void script_answers(std::string_view operator_name = "Other") {
    this->script.command("AT+CSQ", "+CSQ: 10,99").say("OK");
    this->script.command("AT+CGREG?", "+CGREG: 0,5").say("OK");
    this->script.command("AT+COPS?", "+COPS: 0,0,\"" + std::string(operator_name) + "\",0")
        .say("OK");
    this->script.command("AT+CNSMOD?", "+CNSMOD: 0,2").say("OK");
  }
  Refresh refresh{this->stage.runtime, this->modem, this->stack, this->tasks};
};

class RefreshTest : public WithRefresh<ModemTest> {
 protected:
  void SetUp() override { bring_up(); }
};

TEST_F(RefreshTest, WhatIsFreshIsNotAskedAgain) {
  refresh.wanted();
  stage.pass(29s);
  refresh.wanted();
  stage.settle();
  EXPECT_EQ(modem.info().signal_dbm, -73);
}

TEST_F(RefreshTest, WhatIsOldIsAskedOnce) {
  stage.pass(30s);
  script_answers();
  refresh.wanted();
  refresh.wanted();
  stage.settle();
  refresh.wanted();
  const daemon::ModemInfo& info = modem.info();
  EXPECT_EQ(info.signal_dbm, -93);
  EXPECT_EQ(info.registration, 5);
  EXPECT_EQ(info.operator_name, "Other");
  EXPECT_EQ(info.technology, "GPRS");
  EXPECT_EQ(info.imei, imei);
  EXPECT_EQ(info.at, stage.now());
  EXPECT_EQ(info.signal_at, stage.now());
}

// Nobody looks: nothing is sent, and no timer is there to wake anybody.
TEST_F(RefreshTest, NobodyLooksNothingIsAsked) {
  EXPECT_FALSE(stage.runtime.timers.advance_to_next());
}

TEST_F(RefreshTest, ItWaitsForItsTurnHoweverLongThatTakes) {
  stage.pass(30s);
  script.expect("AT+CHTTPSSTART\r").wait(100s).say("OK");
  auto slow = stage.start(
      modem.command(CommandId::https_start, *CommandBuilder("+CHTTPSSTART").line(), 120s));
  script_answers();
  refresh.wanted();
  EXPECT_TRUE(stage.until([&] { return modem.info().signal_dbm == -93; }, 101s));
  stage.settle();
  EXPECT_TRUE(slow.done());
  EXPECT_EQ(modem.channel().counters().timeouts, 0U);
}

TEST_F(RefreshTest, AModemThatRefusesIsAskedAgainLater) {
  stage.pass(30s);
  script.command("AT+CSQ", "ERROR").command("AT+CGREG?", "ERROR");
  script.command("AT+COPS?", "ERROR").command("AT+CNSMOD?", "ERROR");
  refresh.wanted();
  stage.settle();
  EXPECT_EQ(modem.info().signal_dbm, -73);  // as before, and its age says so
  EXPECT_LT(modem.info().signal_at, stage.now());
  refresh.wanted();
  stage.pass(30s);
  script_answers();
  refresh.wanted();
  stage.settle();
  EXPECT_EQ(modem.info().signal_dbm, -93);
}

// Not registered: the other domain is asked as well.
TEST_F(RefreshTest, BothDomainsAreAsked) {
  stage.pass(30s);
  script.command("AT+CSQ", "+CSQ: 99,99").say("OK");
  script.command("AT+CGREG?", "+CGREG: 0,2").say("OK").command("AT+CREG?", "+CREG: 0,1").say("OK");
  script.command("AT+COPS?", "+COPS: 0").say("OK").command("AT+CNSMOD?", "+CNSMOD: 0,0").say("OK");
  refresh.wanted();
  stage.settle();
  EXPECT_EQ(modem.info().signal_dbm, std::nullopt);
  EXPECT_EQ(modem.info().registration, 1);
  EXPECT_EQ(modem.info().operator_name, "");
}

TEST_F(RefreshTest, WhatTheModemTellsByItselfIsKnownAtOnce) {
  stage.pass(10s);
  line.print("\r\n+CREG: 2\r\n\r\n+CSQ: 5,99\r\n\r\n+CNSMOD: 1\r\n");
  stage.settle();
  EXPECT_EQ(modem.info().registration, 2);
  EXPECT_EQ(modem.info().signal_dbm, -103);
  EXPECT_EQ(modem.info().technology, "GSM");
  EXPECT_EQ(modem.info().registration_at, stage.now());
  EXPECT_EQ(modem.info().operator_at, stage.now() - 10s);
}

// A modem that is wedged is found out by the questions: nobody else may have asked for hours.
TEST_F(RefreshTest, AWedgedModemIsNoticed) {
  stage.pass(30s);
  script.expect("AT+CSQ\r").call([&] { plugged = false; }).expect("AT+CGSN\rAT+CGSN\rAT+CGSN\r");
  refresh.wanted();
  EXPECT_TRUE(stage.until([&] { return !modem.ready(); }, 20s));
}

class RefreshOnlineTest : public WithRefresh<OnlineTest> {};

// Session 0 is transparent and nobody else wants the line: it is left alone.
TEST_F(RefreshOnlineTest, ATransparentSessionIsNotDisturbed) {
  stage.pass(60s);
  refresh.wanted();
  stage.pass(60s);
  EXPECT_EQ(modem.info().signal_dbm, -73);
  EXPECT_TRUE(stack.online());
  script_escape();
  script_number();
  script.command("AT+CSSLCLOSE=0");
  script_answers();
  Task<void> closed = close(0);
  ASSERT_TRUE(stage.until([&] { return closed.done(); }, 20s));
  stage.settle();
  EXPECT_EQ(modem.info().signal_dbm, -93);
}

}  // namespace
}  // namespace sim52xx::test
