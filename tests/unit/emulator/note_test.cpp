// The sessions of the note, played by hand-written hosts. What the modem must say is typed from
// the note: chapter 6.3, chapter 4.7, and chapters 4.2 with 4.5. Its misprints are put right: the
// alert of 6.3 carries the session's own id, no spaces behind commas, and a body has as many bytes
// as its length says.
#include <gtest/gtest.h>

#include "tests/unit/emulator/note_samples.hpp"
#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

constexpr std::uint32_t note_alert = 134218240;
// 6.3, with the echo that the note's terminal shows.
TEST(Note, CountedSessionWithReports) {
  Rig rig;
  EXPECT_EQ(rig.say("AT+CSSLSET=1\r"), "AT+CSSLSET=1\r\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT+CSSLSTART\r"), "AT+CSSLSTART\r\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT+CSSLOPEN=1,\"www.myserver.com\",443\r"),
            "AT+CSSLOPEN=1,\"www.myserver.com\",443\r");
  EXPECT_EQ(rig.network.calls.back(), "open 1 www.myserver.com:443");
  EXPECT_EQ(rig.alerted(1, note_alert),
            "\r\n+CSSLALERT: 1,2,134218240\r\n"
            "\r\n+CSSLOPEN: ALERTSTATE\r\n"
            "\r\nERROR\r\n");
  EXPECT_EQ(rig.say("AT+CSSLCONT=1\r"), "AT+CSSLCONT=1\r");
  EXPECT_EQ(rig.network.calls.back(), "resume 1");
  EXPECT_EQ(rig.opened(1), "\r\nOK\r\n");
  ASSERT_EQ(note_request.size(), 88U);
  EXPECT_EQ(rig.say("AT+CSSLSEND=1, 88\r"), "AT+CSSLSEND=1, 88\r>");
  EXPECT_EQ(rig.say(note_request), note_request + "\r\nOK\r\n\r\n+CSSLSEND: 1,0,88\r\n");
  EXPECT_EQ(rig.network.sent[1], note_request);
  EXPECT_EQ(rig.received(1, note_response), "\r\n+CSSLRECV: DATA,1," +
                                                std::to_string(note_response.size()) + "\r\n" +
                                                note_response + "\r\n");
  EXPECT_EQ(rig.say("AT+CSSLCLOSE=1\r"), "AT+CSSLCLOSE=1\r\r\nOK\r\n");
  EXPECT_EQ(rig.network.calls.back(), "close 1");
  EXPECT_EQ(rig.say("AT+CSSLSTOP\r"), "AT+CSSLSTOP\r\r\nOK\r\n");
}

// 4.7, up to the return to command mode.
TEST(Note, TransparentSessionWithAlert) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+CSSLMODE=1\r"), "\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT+CSSLSTART\r"), "\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT+CSSLOPEN=0,\"www.myserver.com\",443\r"), "");
  EXPECT_EQ(rig.alerted(0, note_alert),
            "\r\n+CSSLALERT: 0,2,134218240\r\n"
            "\r\n+CSSLOPEN: ALERTSTATE\r\n"
            "\r\nERROR\r\n");
  EXPECT_EQ(rig.say("AT+CSSLCONT=0\r"), "");
  EXPECT_EQ(rig.opened(0), "\r\nCONNECT 115200\r\n");
  EXPECT_EQ(rig.say("to the peer"), "");
  EXPECT_EQ(rig.network.sent[0], "to the peer");
  EXPECT_EQ(rig.received(0, "from the peer"), "from the peer");
  rig.wait(milliseconds(1000));
  EXPECT_EQ(rig.say("+++"), "");
  EXPECT_EQ(rig.wait(milliseconds(1000)), "\r\nOK\r\n");
  EXPECT_EQ(rig.say("ATO\r"), "\r\nCONNECT 115200\r\n");
  EXPECT_EQ(rig.network.sent[0], "to the peer");
}

// 4.2 and 4.5: the opening is cancelled, and the session is free again.
TEST(Note, AlertCancelledByClose) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+CSSLSTART\r"), "\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT+CSSLOPEN=1, \"www.mydomain.com\", 443\r"), "");
  EXPECT_EQ(rig.alerted(1, note_alert),
            "\r\n+CSSLALERT: 1,2,134218240\r\n"
            "\r\n+CSSLOPEN: ALERTSTATE\r\n"
            "\r\nERROR\r\n");
  EXPECT_EQ(rig.say("AT+CSSLOPEN=1,\"www.mydomain.com\",443\r"), "\r\nERROR\r\n");
  EXPECT_EQ(rig.say("AT+CSSLCLOSE = 1\r"), "\r\nOK\r\n");
  EXPECT_EQ(rig.network.calls.back(), "close 1");
  EXPECT_EQ(rig.say("AT+CSSLCONT = 1\r"), "\r\nERROR\r\n");
  EXPECT_EQ(rig.say("AT+CSSLOPEN=1,\"www.mydomain.com\",443\r"), "");
  EXPECT_EQ(rig.opened(1), "\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT+CSSLSTOP\r"), "\r\nOK\r\n");
}

// 4.3: how much waits to be sent.
TEST(Note, UnsentBytesAreTold) {
  Rig rig;
  rig.start();
  rig.open(1);
  rig.network.slow = true;
  EXPECT_EQ(rig.say("AT+CSSLSEND=1,1024\r"), ">");
  EXPECT_EQ(rig.say(std::string(1024, 'x')), "\r\nOK\r\n");
  EXPECT_EQ(rig.say("AT+CSSLSEND?\r"), "\r\n+CSSLSEND: 0,0,1,1024\r\n\r\nOK\r\n");
}

}  // namespace
}  // namespace sim52xx::sim
