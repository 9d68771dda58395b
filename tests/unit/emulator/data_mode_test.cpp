// Data mode: escape, windows, ATO, the end of the session.
#include <gtest/gtest.h>

#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

const std::string connect_line = "\r\nCONNECT 115200\r\n";

void go_transparent(Rig& rig) {
  rig.start(true);
  rig.open(0);
  ASSERT_EQ(rig.modem.mode(), Mode::data);
}

void escape(Rig& rig) {
  rig.wait(milliseconds(1000));
  rig.say("+++");
  ASSERT_EQ(rig.wait(milliseconds(1000)), ok_line);
}

TEST(DataMode, PlusSignsWithoutGuardTimesAreData) {
  Rig rig;
  go_transparent(rig);
  rig.say("abc+++");
  rig.wait(seconds(5));
  EXPECT_EQ(rig.network.sent[0], "abc+++");
  rig.say("+++d");
  rig.wait(seconds(5));
  rig.say("++++");
  rig.wait(seconds(5));
  rig.say("++");
  rig.wait(seconds(5));
  EXPECT_EQ(rig.network.sent[0], "abc++++++d++++++");
  EXPECT_EQ(rig.modem.mode(), Mode::data);
  EXPECT_EQ(rig.modem.counts().escapes, 0U);
}

TEST(DataMode, TheGuardTimesAreTheManuals) {
  Rig rig;
  go_transparent(rig);
  rig.say("x");
  rig.wait(milliseconds(999));
  rig.say("+++");
  rig.wait(seconds(3));
  EXPECT_EQ(rig.modem.counts().escapes, 0U);
  rig.say("+");
  rig.wait(milliseconds(900));
  rig.say("+");
  rig.wait(milliseconds(900));
  rig.say("+");
  EXPECT_EQ(rig.wait(milliseconds(999)), "");
  EXPECT_EQ(rig.wait(milliseconds(1)), ok_line);
  EXPECT_EQ(rig.network.sent[0], "x+++");
}

TEST(DataMode, PlusSignsTooFarApartAreData) {
  Rig rig;
  go_transparent(rig);
  rig.wait(seconds(2));
  rig.say("++");
  rig.wait(milliseconds(901));
  EXPECT_EQ(rig.network.sent[0], "++");
  rig.say("+");
  rig.wait(seconds(2));
  EXPECT_EQ(rig.modem.counts().escapes, 0U);
  EXPECT_EQ(rig.network.sent[0], "+++");
}

TEST(DataMode, SloppyFirmwareEscapesBehindData) {
  Rig rig;
  rig.set("escape", "sloppy");
  go_transparent(rig);
  rig.say("abc++++");
  EXPECT_EQ(rig.network.sent[0], "abc+");
  EXPECT_EQ(rig.wait(milliseconds(200)), ok_line);
  EXPECT_EQ(rig.network.sent[0], "abc+");
}

TEST(DataMode, TimesAreScaled) {
  Settings settings;
  settings.time_scale = 0.1;
  Rig rig(settings);
  go_transparent(rig);
  rig.wait(milliseconds(100));
  rig.say("+++");
  EXPECT_EQ(rig.wait(milliseconds(100)), ok_line);
}

TEST(DataMode, AWindowServesTheOtherSession) {
  Rig rig;
  go_transparent(rig);
  escape(rig);
  EXPECT_EQ(rig.received(0, "held"), "");
  EXPECT_EQ(rig.say("AT+CSQ\r"), "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT+CSSLOPEN=1,\"b\",2\r"), "");
  EXPECT_EQ(rig.opened(1), ok_line);
  EXPECT_EQ(rig.say("AT+CSSLSEND=1,1\r"), ">");
  EXPECT_EQ(rig.say("!"), ok_line);
  EXPECT_EQ(rig.received(1, "?"), "\r\n+CSSLRECV: DATA,1,1\r\n?\r\n");
  EXPECT_EQ(rig.say("AT+CSSLSEND=0,1\r"), "\r\nERROR\r\n");
  EXPECT_EQ(rig.say("ATO\r"), connect_line + "held");
  EXPECT_EQ(rig.received(1, "later"), "");
  EXPECT_EQ(rig.received(0, "now"), "now");
}

TEST(DataMode, FirmwareMayRefuseTheWindow) {
  Rig rig;
  rig.set("refuse_session1_in_window", true);
  go_transparent(rig);
  escape(rig);
  EXPECT_EQ(rig.say("AT+CSSLOPEN=1,\"b\",2\r"), "\r\nERROR\r\n");
}

TEST(DataMode, TheEndIsToldBehindTheData) {
  Rig rig;
  go_transparent(rig);
  rig.modem.ssl().received(0, std::string(5000, 'x'));
  EXPECT_EQ(rig.peer_closed(0), std::string(5000, 'x') + "\r\nCLOSED\r\n");
  EXPECT_EQ(rig.modem.mode(), Mode::command);
  EXPECT_FALSE(rig.modem.carrier());
  EXPECT_EQ(rig.say("ATO\r"), "\r\nNO CARRIER\r\n");
}

TEST(DataMode, TheEndInAWindowWaitsForTheHeldData) {
  Rig rig;
  go_transparent(rig);
  escape(rig);
  rig.received(0, "held");
  EXPECT_EQ(rig.peer_closed(0), "");
  EXPECT_EQ(rig.say("ATO\r"), connect_line + "held\r\nCLOSED\r\n");
  rig.open(0);
  escape(rig);
  EXPECT_EQ(rig.peer_closed(0), "\r\nCLOSED\r\n");
}

TEST(DataMode, TheEndHasFourFaces) {
  for (const auto& [how, words] :
       std::map<std::string, std::string>{{"no_carrier", "\r\nNO CARRIER\r\n"},
                                          {"cssl_closed", "\r\n+CSSLCLOSE: 0\r\n\r\nCLOSED\r\n"},
                                          {"silent", ""}}) {
    Rig rig;
    rig.set("close", how);
    go_transparent(rig);
    EXPECT_EQ(rig.peer_closed(0), words);
    EXPECT_EQ(rig.modem.mode(), Mode::command);
  }
}

TEST(DataMode, CloseFromAWindow) {
  Rig rig;
  go_transparent(rig);
  escape(rig);
  EXPECT_EQ(rig.say("AT+CSSLCLOSE=0\r"), "\r\nOK\r\n\r\nCLOSED\r\n");
  EXPECT_EQ(rig.modem.mode(), Mode::command);
}

TEST(DataMode, DtrDoesWhatAtDSays) {
  Rig rig;
  go_transparent(rig);
  rig.modem.drop_dtr(rig.time);  // factory setting 2: the session goes
  EXPECT_EQ(rig.heard(), ok_line);
  EXPECT_EQ(rig.say("ATO\r"), "\r\nNO CARRIER\r\n");
  EXPECT_EQ(rig.say("AT&D1\r"), ok_line);
  rig.open(0);
  rig.modem.drop_dtr(rig.time);
  EXPECT_EQ(rig.heard(), ok_line);
  EXPECT_EQ(rig.say("ATO\r"), connect_line);
}

TEST(DataMode, ASlowPeerStopsTheHost) {
  Rig rig;
  go_transparent(rig);
  rig.network.slow = true;
  rig.set("cache", 100);
  rig.say(std::string(100, 'x'));
  EXPECT_FALSE(rig.modem.wants_input());
  rig.release(0, 1);
  EXPECT_TRUE(rig.modem.wants_input());
}

TEST(DataMode, UrcsWaitForCommandMode) {
  Rig rig;
  go_transparent(rig);
  rig.modem.urc("+STIN: 25", rig.time);
  EXPECT_EQ(rig.heard(), "");
  rig.wait(milliseconds(1000));
  rig.say("+++");
  EXPECT_EQ(rig.wait(milliseconds(1000)), "\r\nOK\r\n\r\n+STIN: 25\r\n");
}

}  // namespace
}  // namespace sim52xx::sim
