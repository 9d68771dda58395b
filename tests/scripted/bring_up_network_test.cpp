// Bring-up, what it needs of the SIM and of the network: PIN, APN, registration.
#include <fstream>

#include "tests/scripted/modem_fixture.hpp"

namespace sim52xx::test {
namespace {

class NetworkTest : public ModemTest {
 protected:
  ~NetworkTest() override { std::filesystem::remove(secret_path()); }

  [[nodiscard]] std::string secret_path() const { return marker_path.string() + ".secret"; }
  config::SecretName secret(std::string_view text) {
    std::ofstream(secret_path()) << text << '\n';
    config::SecretName name;
    name.file = secret_path();
    return name;
  }

  void script_found() {
    script_attention();
    script_set_up();
  }
  Script& script_asked(std::string_view state) {
    return script.command("AT+CPIN?", state).say("OK");
  }
  bool ready_within(Duration most) {
    return stage.until([&] { return modem.ready(); }, most);
  }
  // Bring-up has failed.
  const Error& failure() {
    EXPECT_TRUE(stage.until([&] { return modem.last_error().has_value(); }, 5min));
    EXPECT_TRUE(script.finished());
    EXPECT_EQ(modem.state(), Modem::State::recovering);
    return *modem.last_error();
  }
};

TEST_F(NetworkTest, APinThatIsNotConfiguredIsNamed) {
  script_found();
  script_asked("+CPIN: SIM PIN");
  plug_in();
  EXPECT_EQ(failure().kind, ErrorKind::denied);
  EXPECT_NE(failure().message.find("modem.pin_credential"), std::string::npos);
}

TEST_F(NetworkTest, TheRightPinIsEnteredOnceAndNeverShown) {
  settings.pin = secret("4711");
  script_found();
  script_asked("+CPIN: SIM PIN").command("AT+CPIN=\"4711\"");
  script_asked("+CPIN: SIM PIN");  // it takes its time
  script_sim();
  script_network();
  plug_in();
  EXPECT_TRUE(ready_within(10s));
  EXPECT_FALSE(stage.logged("4711"));
  EXPECT_TRUE(stage.logged("AT+CPIN=\"***\""));
}

TEST_F(NetworkTest, AWrongPinIsNeverSentAgain) {
  settings.pin = secret("0000");
  script_found();
  script_asked("+CPIN: SIM PIN");
  script.command("AT+CPIN=\"0000\"", "+CME ERROR: incorrect password");
  plug_in();
  EXPECT_EQ(failure().kind, ErrorKind::denied);
  for (int i = 0; i < 5; ++i) {
    script_found();
    script_asked("+CPIN: SIM PIN");
    EXPECT_TRUE(stage.until([&] { return script.finished(); }, 2min));
    stage.settle();
    EXPECT_EQ(failure().kind, ErrorKind::denied);
  }
}

// Nobody knows whether it was refused, and three wrong ones block the SIM.
TEST_F(NetworkTest, APinThatWasNotAnsweredIsNotSentAgainEither) {
  settings.pin = secret("0000");
  script_found();
  script_asked("+CPIN: SIM PIN").expect("AT+CPIN=\"0000\"\r");
  script.expect("\rAT+CRESET\r");
  plug_in();
  EXPECT_EQ(failure().kind, ErrorKind::timeout);
  script.say("OK").wait(8s).say("START");
  script_found();
  script_asked("+CPIN: SIM PIN");
  EXPECT_TRUE(stage.until([&] { return script.finished(); }, 2min));
  stage.settle();
  EXPECT_EQ(failure().kind, ErrorKind::denied);
}

TEST_F(NetworkTest, ASimThatWantsItsPukIsDenied) {
  settings.pin = secret("4711");
  script_found();
  script_asked("+CPIN: SIM PUK");
  plug_in();
  EXPECT_EQ(failure().kind, ErrorKind::denied);
  EXPECT_NE(failure().message.find("PUK"), std::string::npos);
}

TEST_F(NetworkTest, AMissingSimIsReportedAfterItsPatience) {
  script_found();
  for (int i = 0; i <= 40; ++i)
    script.command("AT+CPIN?", "+CME ERROR: SIM not inserted");
  const Time before = stage.now();
  plug_in();
  EXPECT_EQ(failure().kind, ErrorKind::not_found);
  EXPECT_EQ(stage.now() - before, 40s);
  EXPECT_NE(failure().message.find("SIM not inserted"), std::string::npos);
}

TEST_F(NetworkTest, ABusySimIsAwaited) {
  script_found();
  for (int i = 0; i < 7; ++i)
    script.command("AT+CPIN?", "+CME ERROR: SIM busy");
  script.command("AT+CPIN?", "+CPIN: NOT READY").say("OK");
  script_sim();
  script_network();
  plug_in();
  EXPECT_FALSE(ready_within(7s));
  EXPECT_TRUE(ready_within(1s));
}

TEST_F(NetworkTest, TheApnWithoutALogin) {
  settings.apn = "internet";
  script_found();
  script_sim();
  script.command("AT+CGSOCKCONT=1,\"IP\",\"internet\"").command("AT+CSOCKSETPN=1");
  script_network();
  plug_in();
  EXPECT_TRUE(ready_within(0s));
}

TEST_F(NetworkTest, TheApnsPasswordComesBeforeItsUser) {
  settings.apn = "internet";
  settings.apn_user = "me";
  settings.apn_password = secret("hush-hush");
  settings.apn_auth = config::ApnAuth::chap;
  script_found();
  script_sim();
  script.command("AT+CGSOCKCONT=1,\"IP\",\"internet\"").command("AT+CSOCKSETPN=1");
  script.command("AT+CSOCKAUTH=1,2,\"hush-hush\",\"me\"");
  script_network();
  plug_in();
  EXPECT_TRUE(ready_within(0s));
  EXPECT_FALSE(stage.logged("hush"));
  EXPECT_TRUE(stage.logged("AT+CSOCKAUTH=1,2,\"***\",\"me\""));
}

TEST_F(NetworkTest, ARefusedApnIsAnError) {
  settings.apn = "internet";
  script_found();
  script_sim();
  script.command("AT+CGSOCKCONT=1,\"IP\",\"internet\"", "+CME ERROR: invalid");
  plug_in();
  EXPECT_EQ(failure().kind, ErrorKind::modem_error);
  EXPECT_NE(failure().message.find("\"internet\""), std::string::npos);
}

TEST_F(NetworkTest, ADeniedRegistrationIsToldAndAwaited) {
  script_found();
  script_sim();
  for (int i = 0; i < 3; ++i) {
    script.command("AT+CGREG?", "+CGREG: 0,3").say("OK");
    script.command("AT+CREG?", "+CREG: 0,3").say("OK");
  }
  script_network();
  plug_in();
  EXPECT_FALSE(modem.ready());
  EXPECT_EQ(modem.not_ready().kind, ErrorKind::not_registered);
  EXPECT_NE(modem.not_ready().message.find("the network denies it"), std::string::npos);
  EXPECT_TRUE(ready_within(3s));
}

TEST_F(NetworkTest, SearchingThenRoaming) {
  script_found();
  script_sim();
  for (int i = 0; i < 100; ++i) {
    script.command("AT+CGREG?", "+CGREG: 0,2").say("OK");
    script.command("AT+CREG?", "+CREG: 0,0").say("OK");
  }
  script.command("AT+CGREG?", "+CGREG: 0,5,\"00FE\",\"0000CAFE\"").say("OK");
  script.command("AT+CSQ", "+CSQ: 99,99").say("OK").command("AT+COPS?", "ERROR");
  script.command("AT+CNSMOD?", "ERROR").command("AT+CICCID", "ERROR");
  plug_in();
  EXPECT_FALSE(ready_within(99s));
  EXPECT_TRUE(ready_within(1s));
  EXPECT_EQ(modem.info().registration, 5);
  EXPECT_FALSE(modem.info().signal_dbm);
}

TEST_F(NetworkTest, CircuitRegistrationWillDo) {
  script_found();
  script_sim();
  script.command("AT+CGREG?", "ERROR").command("AT+CREG?", "+CREG: 0,1").say("OK");
  script.command("AT+CSQ", "+CSQ: 31,0").say("OK").command("AT+COPS?", "ERROR");
  script.command("AT+CNSMOD?", "ERROR").command("AT+CICCID", "ERROR");
  plug_in();
  EXPECT_TRUE(ready_within(0s));
  EXPECT_EQ(modem.info().signal_dbm, -51);
}

}  // namespace
}  // namespace sim52xx::test
