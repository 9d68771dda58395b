// The command line: framing, echo, several commands a line, noise, URCs, faults.
#include <gtest/gtest.h>

#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

TEST(Line, EchoIsOnAtPowerUp) {
  Rig rig;
  EXPECT_EQ(rig.say("AT\r"), "AT\r\r\nOK\r\n");
  EXPECT_EQ(rig.say("ATE0\r"), "ATE0\r\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT\r\n"), ok_line);
  EXPECT_EQ(rig.say("\r\n\r"), "");
}

TEST(Line, BytesMayComeOneByOne) {
  Rig rig;
  std::string all;
  for (const char c : std::string("ate0\rat+csq\r"))
    all += rig.say(std::string(1, c));
  EXPECT_EQ(all, "ate0\r\r\nOK\r\n\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
}

TEST(Line, NoiseBeforeTheCommandIsSkipped) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("+++AT+CGSN\r"), "\r\n350000000000006\r\n\r\nOK\r\n");
  EXPECT_EQ(rig.say("noise\r"), "");
  EXPECT_EQ(rig.say("AB\bT\r"), ok_line);
}

TEST(Line, SeveralCommandsShareALine) {
  Rig rig;
  EXPECT_EQ(rig.say("ATE0V1Q0&D1&C1\r"), "ATE0V1Q0&D1&C1\r\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT+CSQ;+CGSN\r"), "\r\n+CSQ: 20,99\r\n\r\n350000000000006\r\n\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT+CSQ;+NONE;+CGSN\r"), "\r\n+CSQ: 20,99\r\n\r\nERROR\r\n");
  EXPECT_EQ(rig.say("A/"), "\r\n+CSQ: 20,99\r\n\r\nERROR\r\n");
  EXPECT_EQ(rig.say("ATS3?\r"), "\r\n013\r\n\r\nOK\r\n");
  EXPECT_EQ(rig.say("ATS3=13\r"), ok_line);
  EXPECT_EQ(rig.say("ATS3=10\r"), error_line);
}

TEST(Line, NumericAndQuietResults) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("ATV0\r"), "0\r");
  EXPECT_EQ(rig.say("AT+CSQ\r"), "+CSQ: 20,99\r\n0\r");
  EXPECT_EQ(rig.say("AT+NONE\r"), "4\r");
  EXPECT_EQ(rig.say("ATV1Q1\r"), "");
  EXPECT_EQ(rig.say("AT+CSQ\r"), "\r\n+CSQ: 20,99\r\n");
}

TEST(Line, OverlongLinesAreErrors) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT" + std::string(5000, 'x') + "\r"), error_line);
  EXPECT_EQ(rig.say("AT\r"), ok_line);
}

TEST(Line, UrcsNeverSplitACommandLine) {
  Rig rig;
  rig.say("ATE0\r");
  rig.say("AT");
  rig.modem.urc("+STIN: 25", rig.time);
  EXPECT_EQ(rig.heard(), "");
  EXPECT_EQ(rig.say("\r"), "\r\nOK\r\n\r\n+STIN: 25\r\n");
  rig.set("urc_anywhere", true);
  rig.say("AT");
  rig.modem.urc("+STIN: 25", rig.time);
  EXPECT_EQ(rig.heard(), "\r\n+STIN: 25\r\n");
}

TEST(Line, AUrcComesBetweenLinesOnDemand) {
  Rig rig;
  rig.say("ATE0\r");
  rig.set("urc_between", "+STIN: 25");
  EXPECT_EQ(rig.say("AT+CSQ\r"), "\r\n+CSQ: 20,99\r\n\r\n+STIN: 25\r\n\r\nOK\r\n\r\n+STIN: 25\r\n");
}

TEST(Line, AWedgedModemIsDumb) {
  Rig rig;
  rig.set("wedge", true);
  EXPECT_EQ(rig.say("AT\r"), "");
  EXPECT_FALSE(rig.modem.deadline());
  rig.set("wedge", false);
  EXPECT_EQ(rig.say("ATE0\r"), "ATE0\r\r\nOK\r\n");
}

TEST(Line, ResetForgetsEverything) {
  Rig rig;
  rig.start();
  rig.open(0);
  EXPECT_EQ(rig.say("AT+CRESET\r"), ok_line);
  EXPECT_EQ(rig.network.calls.back(), "abort 0");
  EXPECT_EQ(rig.say("AT\r"), "");
  EXPECT_EQ(rig.wait(seconds(3)), "\r\nSTART\r\n");
  EXPECT_EQ(rig.wait(seconds(5)),
            "\r\n+STIN: 25\r\n\r\n+CPIN: READY\r\n\r\nSMS DONE\r\n\r\nPB DONE\r\n");
  EXPECT_EQ(rig.say("AT\r"), "AT\r\r\nOK\r\n");
  EXPECT_EQ(rig.modem.counts().reboots, 1U);
}

TEST(Line, TheProfileSurvivesAReset) {
  Rig rig;
  rig.say("ATE0\r");
  rig.say("AT&W\r");
  rig.modem.reboot(rig.time);
  rig.wait(seconds(10));
  EXPECT_EQ(rig.say("AT\r"), ok_line);
  EXPECT_EQ(rig.say("AT&F\r"), ok_line);
  EXPECT_EQ(rig.say("ATZ\r"), "ATZ\r\r\nOK\r\n");
}

TEST(Line, PowerOffIsFinal) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+CPOF\r"), ok_line);
  EXPECT_EQ(rig.say("AT\r"), "");
  EXPECT_EQ(rig.wait(seconds(100)), "");
}

TEST(Knobs, RefuseWhatTheyDoNotTake) {
  Settings settings;
  EXPECT_EQ(set("none", true, settings), "no such knob: none");
  EXPECT_EQ(set("block", std::string("x"), settings), "block takes a number");
  EXPECT_EQ(set("block", 0, settings), "block takes 1 to 65536");
  EXPECT_EQ(set("escape", std::string("x"), settings), "escape takes one of strict,sloppy");
  EXPECT_EQ(set("escape", std::string("sloppy"), settings), "");
  EXPECT_EQ(settings.escape, "sloppy");
}

}  // namespace
}  // namespace sim52xx::sim
