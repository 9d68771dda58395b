// Bring-up, from whatever state the modem was left in.
#include <fstream>

#include "tests/scripted/modem_fixture.hpp"

namespace sim52xx::test {
namespace {

class BringUpTest : public ModemTest {
 protected:
  // Plugs in and runs until the modem is ready; how long that took.
  Duration time_to_ready() {
    const Time before = stage.now();
    plug_in();
    EXPECT_TRUE(stage.until([&] { return modem.ready(); }, 5min));
    EXPECT_TRUE(script.finished());
    return stage.now() - before;
  }

  // All behind the finding of the modem.
  void script_rest() {
    script_set_up();
    script_sim();
    script_network();
  }
  void script_escape() {
    script.expect("+++").wait(1s).say("OK").expect("AT+CGSN\r").print(std::string(number));
  }
};

TEST_F(BringUpTest, ACleanModemCostsNoTime) {
  script_bring_up();
  EXPECT_EQ(time_to_ready(), 0s);
  EXPECT_EQ(modem.info().imei, imei);
  EXPECT_EQ(modem.info().manufacturer, "SIMCOM INCORPORATED");
  EXPECT_EQ(modem.info().model, "SIMCOM_SIM5216A");
  EXPECT_EQ(modem.info().revision, "SIM5216A_V1.5");
  EXPECT_EQ(modem.info().iccid, "8944501234567890123");
  EXPECT_EQ(modem.info().sim, "READY");
  EXPECT_EQ(modem.info().operator_name, "Test");
  EXPECT_EQ(modem.info().technology, "WCDMA");
  EXPECT_EQ(modem.info().registration, 1);
  EXPECT_EQ(modem.info().signal_dbm, -73);
  EXPECT_EQ(modem.info().other_family, "");
}

TEST_F(BringUpTest, EchoOn) {
  script.expect("AT\r").print("AT\r\r\nOK\r\n");
  script.expect("AT+CGSN\r").print("AT+CGSN\r" + std::string(number));
  script.expect("ATE0\r").print("ATE0\r\r\nOK\r\n").command("AT+CMEE=2").command("AT&D0");
  script.command("AT&C1").command("AT+IFC=0,0");
  script.command("AT+CSSLSTOP", "ERROR").command("AT+CHTTPSSTOP", "ERROR");
  script.command("AT+CFTPSSTOP", "ERROR").command("ATI", "OK").command("AT+CCHOPEN=?", "ERROR");
  script_sim();
  script_network();
  EXPECT_EQ(time_to_ready(), 0s);
  EXPECT_EQ(modem.info().imei, imei);
}

TEST_F(BringUpTest, HalfACommandWasLeft) {
  script.command("AT", "ERROR").expect("AT+CGSN\r").print(std::string(number));
  script_rest();
  EXPECT_EQ(time_to_ready(), 0s);
}

TEST_F(BringUpTest, AnAnswerWasOwed) {
  script.expect("AT\r").print("\r\n+CSSLCLOSE: 1,0\r\n\r\nERROR\r\n\r\nOK\r\n");
  script.expect("AT+CGSN\r").print("\r\nOK\r\n\r\n+CSQ: 20,99\r\n" + std::string(number));
  script_rest();
  EXPECT_EQ(time_to_ready(), 0s);
}

TEST_F(BringUpTest, Quiet) {
  script.command("AT", "").command("ATQ0V1").expect("AT+CGSN\r").print(std::string(number));
  script_rest();
  EXPECT_EQ(time_to_ready(), 1s);
}

TEST_F(BringUpTest, Numeric) {
  script.expect("AT\r").print("0\r").command("ATQ0V1");
  script.expect("AT+CGSN\r").print(std::string(number));
  script_rest();
  EXPECT_EQ(time_to_ready(), 1s);
}

TEST_F(BringUpTest, DataModeThatTheMarkerTellsOf) {
  std::ofstream(marker_path).put('\n');
  script.expect("+++").print("the peer's\r\nOK\r\ndata").wait(1s).say("OK");
  script.expect("AT+CGSN\r").print(std::string(number));
  script_rest();
  EXPECT_LE(time_to_ready(), 3s);
  EXPECT_FALSE(std::filesystem::exists(marker_path));
}

TEST_F(BringUpTest, AStaleMarkerCostsAFewSeconds) {
  std::ofstream(marker_path).put('\n');
  script.expect("+++AT+CGSN\r").say("ERROR").expect("AT+CGSN\r").print(std::string(number));
  script_rest();
  EXPECT_LE(time_to_ready(), 6s);
}

TEST_F(BringUpTest, DataModeWithoutAMarker) {
  script.expect("AT\rATQ0V1\rAT\r");  // the peer gets these
  script_escape();
  script_rest();
  EXPECT_LE(time_to_ready(), 6s);
}

TEST_F(BringUpTest, NothingGoesOutInTheGuardTimesOfTheEscape) {
  Time last{};
  Time plus{};
  script.expect("AT\rATQ0V1\rAT\r").call([&] { last = stage.now(); });
  script.expect("+++").call([&] { plus = stage.now(); });
  script.wait(100ms).say("OK").wait(900ms).say("OK");  // the first is the peer's
  script.expect("AT+CGSN\r").call([&] { EXPECT_GE(stage.now() - plus, 1s); });
  script.print(std::string(number));
  script_rest();
  time_to_ready();
  EXPECT_GE(plus - last, 1s);
}

// No escape ends that, only bytes do.
TEST_F(BringUpTest, AModemThatWaitsForAPayloadIsFilled) {
  std::string filler;
  while (filler.size() <= 4096)
    filler += "AT\r";
  script.expect("AT\rATQ0V1\rAT\r").expect("+++").expect("AT+CGSN\rAT+CGSN\r").expect(filler);
  for (int i = 0; i < 100; ++i)
    script.say("OK");
  script.expect("AT+CGSN\r").print(std::string(number));
  script_rest();
  time_to_ready();
}

TEST_F(BringUpTest, ASilentPortIsNotTheModems) {
  line.heard = [](std::string_view) {};
  plug_in();
  EXPECT_TRUE(stage.until([&] { return modem.last_error().has_value(); }, 1min));
  EXPECT_EQ(modem.last_error()->kind, ErrorKind::modem_absent);
  EXPECT_EQ(modem.state(), Modem::State::recovering);
}

TEST_F(BringUpTest, StacksThatWereHeldAreReleased) {
  script_attention();
  script.command("ATE0").command("AT+CMEE=2").command("AT&D0").command("AT&C1");
  script.command("AT+IFC=0,0");
  script.command("AT+CSSLSTOP").command("AT+CHTTPSSTOP", "ERROR").command("AT+CFTPSSTOP");
  script.command("ATI", "OK").command("AT+CCHOPEN=?", "ERROR");
  script_sim();
  script_network();
  time_to_ready();
  EXPECT_TRUE(stage.logged("released a stack that was held (AT+CSSLSTOP)"));
  EXPECT_FALSE(stage.logged("(AT+CHTTPSSTOP)"));
  EXPECT_TRUE(stage.logged("released a stack that was held (AT+CFTPSSTOP)"));
}

// [timeouts.https] stop: bring-up waits as long as everybody else.
TEST_F(BringUpTest, AReleaseThatIsNotAnsweredIsGivenUpInItsTime) {
  all_timeouts.https.stop = 3s;
  script_attention();
  script.command("ATE0").command("AT+CMEE=2").command("AT&D0").command("AT&C1");
  script.command("AT+IFC=0,0").command("AT+CSSLSTOP", "ERROR").expect("AT+CHTTPSSTOP\r");
  plug_in();
  stage.pass(2900ms);
  EXPECT_TRUE(script.finished());
  script.expect("AT+CGSN\r").print(std::string(number));  // is it still there?
  script.command("AT+CFTPSSTOP", "ERROR").command("ATI", "OK").command("AT+CCHOPEN=?", "ERROR");
  script_sim();
  script_network();
  EXPECT_TRUE(stage.until([&] { return modem.ready(); }, 1s));
}

TEST_F(BringUpTest, ARestartInTheMiddleStartsOver) {
  script_attention();
  script_set_up();
  script.expect("AT+CPIN?\r").say("START");  // echo is on again, and all else forgotten
  plug_in();
  EXPECT_FALSE(modem.ready());
  script_bring_up();
  EXPECT_TRUE(stage.until([&] { return modem.ready(); }, 10s));
}

TEST_F(BringUpTest, ADeviceThatIsNotThereIsAwaited) {
  plugged = false;
  plug_in();
  stage.pass(60s);
  EXPECT_EQ(modem.state(), Modem::State::modem_absent);
  script_bring_up();
  plugged = true;
  EXPECT_TRUE(stage.until([&] { return modem.ready(); }, 1s));
}

TEST_F(BringUpTest, FirmwareOfTheOtherFamilyIsNamed) {
  script_attention();
  script.command("ATE0").command("AT+CMEE=2", "ERROR").command("AT&D0", "ERROR");
  script.command("AT&C1", "ERROR").command("AT+IFC=0,0", "ERROR");
  script.command("AT+CSSLSTOP", "ERROR").command("AT+CHTTPSSTOP", "ERROR");
  script.command("AT+CFTPSSTOP", "ERROR").command("ATI", "OK");
  script.command("AT+CCHOPEN=?", "+CCHOPEN: (0-1),256,(1-65535),(1-2)").say("OK");
  script_sim();
  script_network();
  time_to_ready();
  EXPECT_EQ(modem.info().other_family, "CCH");
}

}  // namespace
}  // namespace sim52xx::test
