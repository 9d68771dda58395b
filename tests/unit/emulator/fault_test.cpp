// Faults on demand and the knobs that change how lines look.
#include <gtest/gtest.h>

#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

TEST(Fault, BytesAreLostGarbledAndInserted) {
  FaultyLine line;
  line.arm({Fault::Kind::drop, 1, 2, ""});
  EXPECT_EQ(line.pass("abcdef"), "adef");
  line.arm({Fault::Kind::garble, 0, 1, ""});
  EXPECT_EQ(line.pass("ab"),
            "\x34"
            "b");
  line.arm({Fault::Kind::insert, 2, 1, "--"});
  EXPECT_EQ(line.pass("ab"), "ab");
  EXPECT_EQ(line.pass("cd"), "--cd");
  EXPECT_EQ(line.armed(), 0U);
}

TEST(Fault, TwoFaultsStrikeOneLine) {
  FaultyLine line;
  line.arm({Fault::Kind::drop, 0, 1, ""});
  line.arm({Fault::Kind::insert, 2, 1, "X"});
  EXPECT_EQ(line.pass("abcd"), "bXcd");
}

TEST(Fault, BothDirectionsOfTheModem) {
  Rig rig;
  rig.say("ATE0\r");
  rig.modem.arm(true, {Fault::Kind::insert, 3, 1, "\r\n+STIN: 25\r\n"});
  EXPECT_EQ(rig.say("AT\r"), "\r\nO\r\n+STIN: 25\r\nK\r\n");
  rig.modem.arm(false, {Fault::Kind::drop, 0, 1, ""});
  EXPECT_EQ(rig.say("AT\r"), "");
}

TEST(Fault, SpacesAsTheNotePrintsThem) {
  Rig rig;
  rig.start();
  rig.set("spaces", true);
  rig.say("AT+CSSLOPEN=1,\"b\",2\r");
  EXPECT_EQ(rig.alerted(1, 1),
            "\r\n+CSSLALERT: 1, 2, 1\r\n\r\n+CSSLOPEN: ALERTSTATE\r\n\r\nERROR\r\n");
  rig.say("AT+CSSLCONT=1\r");
  rig.opened(1);
  EXPECT_EQ(rig.received(1, "a,b"), "\r\n+CSSLRECV: DATA, 1, 3\r\na,b\r\n");
}

TEST(Fault, DelaysAndEvents) {
  Rig rig;
  rig.say("ATE0\r");
  rig.set("start_ms", 500);
  rig.set("start_urc", true);
  EXPECT_EQ(rig.say("AT+CSSLSTART\r"), "");
  EXPECT_EQ(rig.wait(milliseconds(500)), "\r\nOK\r\n\r\n+CSSLSTART: 0\r\n");
  rig.set("open_ms", 500);
  rig.set("recv_event", true);
  rig.say("AT+CSSLOPEN=1,\"b\",2\r");
  EXPECT_TRUE(rig.network.calls.empty());
  rig.wait(milliseconds(500));
  EXPECT_EQ(rig.network.calls.back(), "open 1 b:2");
  EXPECT_EQ(rig.opened(1), "\r\nOK\r\n");
  EXPECT_EQ(rig.received(1, "x"), "\r\n+CSSL: RECV EVENT,1\r\n\r\n+CSSLRECV: DATA,1,1\r\nx\r\n");
}

TEST(Fault, ThePeerOfASuspendedSessionGoes) {
  Rig rig;
  rig.start();
  rig.say("AT+CSSLOPEN=1,\"b\",2\r");
  rig.alerted(1, 1);
  EXPECT_EQ(rig.peer_closed(1), "");
  EXPECT_EQ(rig.say("AT+CSSLCONT=1\r"), "\r\nERROR\r\n");
  EXPECT_EQ(rig.say("AT+CSSLCLOSE=1\r"), "\r\nERROR\r\n");
}

TEST(Fault, LosingTheNetworkEndsDataMode) {
  Rig rig;
  rig.start(true);
  rig.open(0);
  rig.modem.lose_network(rig.time);
  EXPECT_EQ(rig.heard(), "\r\nCLOSED\r\n");
}

}  // namespace
}  // namespace sim52xx::sim
