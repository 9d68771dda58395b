// Identity, card, registration and context.
#include <ostream>

#include <gtest/gtest.h>

#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

struct Query {
  std::string command;
  std::string line;
};

// Else its bytes are printed, and some of them are nobody's: valgrind says so.
void PrintTo(const Query& query, std::ostream* out) {
  *out << query.command;
}

class Status : public testing::TestWithParam<Query> {};

TEST_P(Status, Answers) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say(GetParam().command + "\r"), "\r\n" + GetParam().line + "\r\n" + ok_line);
}

INSTANTIATE_TEST_SUITE_P(
    BringUp, Status,
    testing::Values(Query{"ATI",
                          "Manufacturer: SIMCOM INCORPORATED\r\nModel: SIMCOM_SIM5216A\r\n"
                          "Revision: SIM5216A_V1.5\r\nIMEI: 350000000000006\r\n"
                          "+GCAP: +CGSM,+FCLASS,+DS"},
                    Query{"AT+CGSN", "350000000000006"}, Query{"AT+CIMI", "001010123456789"},
                    Query{"AT+CICCID", "+ICCID: 89010000000000000000"},
                    Query{"AT+CPIN?", "+CPIN: READY"}, Query{"AT+CSQ", "+CSQ: 20,99"},
                    Query{"AT+CREG?", "+CREG: 0,1"}, Query{"AT+CGREG?", "+CGREG: 0,1"},
                    Query{"AT+COPS?", "+COPS: 0,0,\"Emulated\",2"},
                    Query{"AT+CNSMOD?", "+CNSMOD: 0,4"}, Query{"AT+CFUN?", "+CFUN: 1"},
                    Query{"AT+CGMR", "+CGMR: SIM5216A_V1.5"}, Query{"AT+IFC?", "+IFC: 0,0"},
                    Query{"AT+IPR?", "+IPR: 115200"}, Query{"AT+CATR?", "+CATR: 0"}));

TEST(Phone, PinIsAskedAndCounted) {
  Rig rig;
  rig.say("ATE0+CMEE=1\r");
  rig.set("sim", "pin");
  EXPECT_EQ(rig.heard(), "\r\n+CPIN: SIM PIN\r\n");
  EXPECT_EQ(rig.say("AT+CPIN?\r"), "\r\n+CPIN: SIM PIN\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CREG?\r"), "\r\n+CREG: 0,0\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CIMI\r"), "\r\n+CME ERROR: 11\r\n");
  EXPECT_EQ(rig.say("AT+CPIN=\"0000\"\r"), "\r\n+CME ERROR: 16\r\n");
  EXPECT_EQ(rig.say("AT+CPIN=\"0000\"\r"), "\r\n+CME ERROR: 16\r\n");
  EXPECT_EQ(rig.say("AT+CPIN=\"1234\"\r"), ok_line + "\r\n+CPIN: READY\r\n");
  EXPECT_EQ(rig.say("AT+CREG?\r"), "\r\n+CREG: 0,1\r\n" + ok_line);
}

TEST(Phone, ThreeWrongPinsLockTheCard) {
  Rig rig;
  rig.say("ATE0+CMEE=2\r");
  rig.set("sim", "pin");
  rig.heard();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(rig.say("AT+CPIN=\"0000\"\r"), "\r\n+CME ERROR: incorrect password\r\n");
  EXPECT_EQ(rig.say("AT+CPIN?\r"), "\r\n+CPIN: SIM PUK\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CPIN=\"12345678\",\"4321\"\r"), ok_line + "\r\n+CPIN: READY\r\n");
  EXPECT_EQ(rig.modem.settings().pin, "4321");
}

TEST(Phone, NoCard) {
  Rig rig;
  rig.say("ATE0\r");
  rig.set("sim", "absent");
  rig.heard();
  EXPECT_EQ(rig.say("AT+CPIN?\r"), "\r\nERROR\r\n");
  rig.say("AT+CMEE=2\r");
  EXPECT_EQ(rig.say("AT+CPIN?\r"), "\r\n+CME ERROR: SIM not inserted\r\n");
}

TEST(Phone, RegistrationIsReportedOnDemand) {
  Rig rig;
  rig.say("ATE0\r");
  rig.set("registration", 2);
  EXPECT_EQ(rig.heard(), "");
  rig.say("AT+CREG=1\r");
  rig.set("registration", 5);
  EXPECT_EQ(rig.heard(), "\r\n+CREG: 5\r\n");
}

TEST(Phone, ContextIsStored) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+CGSOCKCONT=1,\"IP\",\"internet\"\r"), ok_line);
  EXPECT_EQ(rig.say("AT+CGSOCKCONT?\r"),
            "\r\n+CGSOCKCONT: 1,\"IP\",\"internet\",\"0.0.0.0\",0,0\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CSOCKSETPN=1\r"), ok_line);
  EXPECT_EQ(rig.say("AT+CSOCKAUTH=1,1,\"secret\",\"user\"\r"), ok_line);
  EXPECT_EQ(rig.say("AT+CSOCKSETPN=17\r"), "\r\nERROR\r\n");
}

TEST(Phone, RadioOffEndsTheSessions) {
  Rig rig;
  rig.start();
  rig.open(1);
  EXPECT_EQ(rig.say("AT+CFUN=4\r"), ok_line + "\r\n+CCH_PEER_CLOSED: 1\r\n");
  EXPECT_EQ(rig.say("AT+CREG?\r"), "\r\n+CREG: 0,0\r\n" + ok_line);
}

}  // namespace
}  // namespace sim52xx::sim
