// Chapters 2 and 6.1 of the note, played by a hand-written host. What the modem must say is typed
// from the note; what it prints as 249 bytes are 227.
#include <gtest/gtest.h>

#include "tests/unit/emulator/note_samples.hpp"
#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

// 6.1 with the names of real firmware.
TEST(NoteHttps, Sample) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+CHTTPSSTART\r"), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSOPSE=\"www.mywebsite.com\",443\r"), "");
  EXPECT_EQ(rig.network.calls.back(), "open 2 www.mywebsite.com:443");
  EXPECT_EQ(rig.opened(https_channel), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSEND=88\r"), ">");
  EXPECT_EQ(rig.say(note_request), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSEND\r"), ok_line + "\r\n+CHTTPSSEND: 0\r\n");
  EXPECT_EQ(rig.network.sent[https_channel], note_request);
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=1\r"), ok_line);
  EXPECT_EQ(rig.received(https_channel, note_response),
            "\r\n+CHTTPSRECV: DATA,227\r\n" + note_response + "\r\n\r\n+CHTTPSRECV: 0\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSCLSE\r"), ok_line);
  EXPECT_EQ(rig.network.calls.back(), "close 2");
  EXPECT_EQ(rig.say("AT+CHTTPSSTOP\r"), ok_line);
}

// 2.2 to 2.4 and 6.1 as they are misprinted: blanks, CHTTPSEND, CHTTPSENDD, +HTTTPSRECV.
TEST(NoteHttps, MisprintsToTheLetter) {
  Rig rig;
  rig.set("spelling", "note");
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+CHTTPSSTART\r"), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSOPSE=\"www.mywebsite.com\", 443\r"), "");
  EXPECT_EQ(rig.opened(https_channel), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSEND=88\r"), "\r\nERROR\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSEND=88\r"), ">");
  EXPECT_EQ(rig.say(note_request), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSENDD=88\r"), ">");
  EXPECT_EQ(rig.say(note_request), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSEND\r"), ok_line + "\r\n+CHTTPSEND: 0\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSENDD\r"), ok_line + "\r\n+CHTTPSEND: 0\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=1\r"), ok_line);
  EXPECT_EQ(rig.received(https_channel, note_response),
            "\r\n+HTTTPSRECV: DATA,227\r\n" + note_response + "\r\n\r\n+CHTTPSRECV: 0\r\n");
}

// 2.3: a large request in parts, and how much of it waits.
TEST(NoteHttps, PartsAndUnsentBytes) {
  Rig rig;
  rig.start_https();
  rig.network.slow = true;
  EXPECT_EQ(rig.say("AT+CHTTPSSEND=1024\r"), ">");
  EXPECT_EQ(rig.say(std::string(1024, 'a')), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSEND?\r"), "\r\n+CHTTPSSEND: 1024\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSEND=1024\r"), ">");
  EXPECT_EQ(rig.say(std::string(1024, 'b')), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSEND\r"), ok_line);
  EXPECT_EQ(rig.release(https_channel, 2000), "");
  EXPECT_EQ(rig.release(https_channel, 48), "\r\n+CHTTPSSEND: 0\r\n");
}

// 5.1: data is cached and CHTTPSRECV is not being called.
TEST(NoteHttps, ReceiveEvent) {
  Rig rig;
  rig.start_https();
  EXPECT_EQ(rig.received(https_channel, "abc"), "\r\n+CHTTPS: RECV EVENT\r\n");
  EXPECT_EQ(rig.received(https_channel, "def"), "");
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=1\r"),
            ok_line + "\r\n+CHTTPSRECV: DATA,6\r\nabcdef\r\n\r\n+CHTTPSRECV: 0\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=1\r"), ok_line);
  EXPECT_EQ(rig.received(https_channel, "g"),
            "\r\n+CHTTPSRECV: DATA,1\r\ng\r\n\r\n+CHTTPSRECV: 0\r\n");
}

// 2.7: connect and transferring are given up after two minutes.
TEST(NoteHttps, TimersAreTwoMinutes) {
  Rig rig;
  rig.say("ATE0\r");
  rig.say("AT+CHTTPSSTART\r");
  EXPECT_EQ(rig.say("AT+CHTTPSOPSE=\"a\",443\r"), "");
  EXPECT_EQ(rig.wait(milliseconds(119999)), "");
  EXPECT_EQ(rig.wait(milliseconds(1)), "\r\nERROR\r\n");
  EXPECT_EQ(rig.network.calls.back(), "abort 2");
  rig.start_https();
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=1\r"), ok_line);
  EXPECT_EQ(rig.wait(milliseconds(119999)), "");
  EXPECT_EQ(rig.wait(milliseconds(1)), "\r\n+CHTTPSRECV: 4\r\n");
  rig.network.slow = true;
  rig.say("AT+CHTTPSSEND=1\r");
  rig.say("x");
  EXPECT_EQ(rig.say("AT+CHTTPSSEND\r"), ok_line);
  EXPECT_EQ(rig.wait(seconds(120)), "\r\n+CHTTPSSEND: 4\r\n");
}

TEST(NoteHttps, TimersAreScaled) {
  Settings settings;
  settings.time_scale = 0.01;
  Rig rig(settings);
  rig.start_https();
  rig.say("AT+CHTTPSRECV=1\r");
  EXPECT_EQ(rig.wait(milliseconds(1199)), "");
  EXPECT_EQ(rig.wait(milliseconds(1)), "\r\n+CHTTPSRECV: 4\r\n");
}

}  // namespace
}  // namespace sim52xx::sim
