// The SIM and its PIN, the APN, registration: what is asked, and what is made of the answers.
#include "tests/unit/protocol/bring_up_fixture.hpp"

namespace sim52xx {
namespace {

class PinMachine : public BringUpMachine {
 protected:
  PinMachine() {
    plan.has_pin = true;
    answers("AT+CPIN?", answer({"+CPIN: SIM PIN"}));
  }
};

TEST_F(PinMachine, IsEnteredOnceAndNotShown) {
  plan.apn = "internet";
  answers("AT+CPIN=\"1234\"", answer({}));
  play(30s + 100s);
  EXPECT_EQ(times("fetch PIN"), 1);
  EXPECT_EQ(times("AT+CPIN=\"1234\""), 1);
  EXPECT_GT(times("AT+CPIN?"), 10);  // a SIM takes its time
  for (const std::string& line : shown)
    EXPECT_EQ(line.find("1234"), std::string::npos) << line;
  EXPECT_FALSE(facts.pin_refused);
  EXPECT_FALSE(over);
}

TEST_F(PinMachine, TheSimThatStaysLockedIsGivenUp) {
  play();
  EXPECT_EQ(failed_with(), ErrorKind::not_found);
  EXPECT_EQ(times("fetch PIN"), 1);
  EXPECT_GT(now - 100s, 40s);
  EXPECT_LT(now - 100s, 45s);
}

TEST_F(PinMachine, AWrongOneIsRemembered) {
  answers("AT+CPIN=\"1234\"", answer({}, Final::error));
  play();
  EXPECT_EQ(failed_with(), ErrorKind::denied);
  EXPECT_TRUE(facts.pin_refused);
}

TEST_F(PinMachine, SilenceMayBeARefusal) {
  answers("AT+CPIN=\"1234\"", Error(ErrorKind::timeout, "command", "no answer"));
  play();
  EXPECT_EQ(failed_with(), ErrorKind::timeout);
  EXPECT_TRUE(facts.pin_refused);
}

TEST_F(PinMachine, AWrongOneIsNeverTriedAgain) {
  plan.pin_refused = true;
  play();
  EXPECT_EQ(failed_with(), ErrorKind::denied);
  EXPECT_EQ(times("fetch PIN"), 0);
  EXPECT_EQ(times("AT+CPIN=\"1234\""), 0);
  EXPECT_TRUE(facts.pin_refused);
}

TEST_F(PinMachine, NoneIsConfigured) {
  plan.has_pin = false;
  play();
  EXPECT_EQ(failed_with(), ErrorKind::denied);
  EXPECT_NE(over->error().message.find("modem.pin_credential"), std::string::npos);
}

TEST_F(PinMachine, CannotBeRead) {
  secret = Error(ErrorKind::not_found, "config", "no such credential");
  play();
  EXPECT_EQ(failed_with(), ErrorKind::not_found);
  EXPECT_FALSE(facts.pin_refused);
}

TEST_F(PinMachine, OneThatCannotBeSentIsNotSent) {
  secret = std::string("12\"\r34");
  play();
  EXPECT_EQ(failed_with(), ErrorKind::invalid);
  EXPECT_FALSE(facts.pin_refused);
}

TEST_F(PinMachine, ABlockedSimWantsItsPuk) {
  answers("AT+CPIN?", answer({"+CPIN: SIM PUK"}));
  play();
  EXPECT_EQ(failed_with(), ErrorKind::denied);
  EXPECT_EQ(facts.sim, "SIM PUK");
}

TEST_F(BringUpMachine, NoSimIsWaitedForAndGivenUp) {
  Outcome removed;
  removed.final = Final::cme;
  removed.text = "+CME ERROR: SIM not inserted";
  answers("AT+CPIN?", removed);
  play();
  EXPECT_EQ(failed_with(), ErrorKind::not_found);
  EXPECT_NE(over->error().message.find("SIM not inserted"), std::string::npos);
  EXPECT_GT(now - 100s, 40s);
}

TEST_F(BringUpMachine, TheApnIsSetWithItsPasswordBeforeItsUser) {
  plan.apn = "internet";
  plan.apn_user = "joe";
  plan.apn_auth = 2;
  plan.has_apn_password = true;
  secret = std::string("geheim");
  play();
  EXPECT_TRUE(*over);
  EXPECT_EQ(times("AT+CGSOCKCONT=1,\"IP\",\"internet\""), 1);
  EXPECT_EQ(times("AT+CSOCKSETPN=1"), 1);
  EXPECT_EQ(times("AT+CSOCKAUTH=1,2,\"geheim\",\"joe\""), 1);
  for (const std::string& line : shown)
    EXPECT_EQ(line.find("geheim"), std::string::npos) << line;
}

TEST_F(BringUpMachine, AnApnWithoutAUserNeedsNoPassword) {
  plan.apn = "internet";
  plan.has_apn_password = true;
  play();
  EXPECT_TRUE(*over);
  EXPECT_EQ(times("fetch password"), 0);
}

TEST_F(BringUpMachine, ARefusedApnIsTold) {
  plan.apn = "internet";
  answers("AT+CGSOCKCONT=1,\"IP\",\"internet\"", answer({}, Final::error));
  play();
  EXPECT_EQ(failed_with(), ErrorKind::modem_error);
  EXPECT_EQ(over->error().stage, "apn");
}

TEST_F(BringUpMachine, ARefusedLoginIsTold) {
  plan.apn = "internet";
  plan.apn_user = "joe";
  answers("AT+CSOCKAUTH=1,3,\"\",\"joe\"", answer({}, Final::error));
  play();
  EXPECT_EQ(failed_with(), ErrorKind::modem_error);
}

TEST_F(BringUpMachine, AnApnThatWouldEndTheStringIsNotSent) {
  plan.apn = "inter\",\"net";
  play();
  EXPECT_EQ(failed_with(), ErrorKind::invalid);
  for (const std::string& line : said)
    EXPECT_EQ(line.find("CGSOCKCONT"), std::string::npos);
}

TEST_F(BringUpMachine, RegistrationIsWaitedForAsLongAsItTakes) {
  answers("AT+CGREG?", answer({"+CGREG: 0,2"}));
  answers("AT+CREG?", answer({"+CREG: 0,3"}));
  play(100s + 1h);
  EXPECT_FALSE(over);
  EXPECT_GT(times("AT+CGREG?"), 3000);
  EXPECT_EQ(doing.back(), "waiting for the network (the network denies it)");
  EXPECT_EQ(facts.registration, 3);
}

// The question may have been garbled: a locked SIM would never find a network.
TEST_F(PinMachine, ASimThatSaidErrorIsAskedAgainWhereNoNetworkComes) {
  answers("AT+CPIN?", answer({}, Final::error));
  answers("AT+CGREG?", answer({"+CGREG: 0,0"}));
  asked = [this](const std::string& command) {
    if (times("AT+CGREG?") == 5 && command == "AT+CGREG?")
      answers("AT+CPIN?", answer({"+CPIN: SIM PIN"}));
    if (command != "AT+CPIN=\"1234\"") return;
    answers("AT+CPIN?", answer({"+CPIN: READY"}));
    answers("AT+CGREG?", answer({"+CGREG: 0,1"}));
  };
  play();
  EXPECT_TRUE(over && *over);
  EXPECT_EQ(times("AT+CPIN=\"1234\""), 1);
}

TEST_F(BringUpMachine, FirmwareThatCannotTellItsSimIsNotAskedWithoutEnd) {
  answers("AT+CPIN?", answer({}, Final::error));
  answers("AT+CGREG?", answer({"+CGREG: 0,2"}));
  play(100s + 60s);
  EXPECT_FALSE(over);
  EXPECT_LE(times("AT+CPIN?"), 5);
  EXPECT_GE(times("AT+CPIN?"), 2);
}

TEST_F(BringUpMachine, RoamingInTheOtherDomainIsGoodEnough) {
  answers("AT+CGREG?", answer({}, Final::error));
  answers("AT+CREG?", answer({"+CREG: 2,5,\"1A2B\",\"01C3\""}));
  play();
  EXPECT_TRUE(*over);
  EXPECT_EQ(facts.registration, 5);
}

TEST_F(BringUpMachine, AModemThatFallsSilentIsToldFromOneThatRefuses) {
  answers("AT+CPIN?", Error(ErrorKind::timeout, "command", "the modem did not answer AT+CPIN?"));
  play();
  EXPECT_EQ(failed_with(), ErrorKind::timeout);
}

}  // namespace
}  // namespace sim52xx
