// The SSL family's rules beyond the note's own samples.
#include <gtest/gtest.h>

#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

TEST(Ssl, OrderOfCommandsIsEnforced) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+CSSLOPEN=0,\"a\",1\r"), error_line);
  EXPECT_EQ(rig.say("AT+CSSLSTOP\r"), ok_line);
  EXPECT_EQ(rig.say("AT+CSSLSTART\r"), ok_line);
  EXPECT_EQ(rig.say("AT+CSSLSTART\r"), error_line);
  EXPECT_EQ(rig.say("AT+CSSLMODE=1\r"), error_line);
  EXPECT_EQ(rig.say("AT+CSSLCLOSE=0\r"), error_line);
  EXPECT_EQ(rig.say("AT+CSSLCONT=0\r"), error_line);
  EXPECT_EQ(rig.say("AT+CSSLSEND=0,1\r"), error_line);
}

// Note, 4.6: "both SSL connections will be closed".
TEST(Ssl, StopClosesBothSessions) {
  Rig rig;
  rig.start();
  rig.open(0);
  rig.open(1);
  EXPECT_EQ(rig.say("AT+CSSLSTOP\r"), ok_line);
  rig.say("AT+CSSLSTART\r");
  for (const std::string id : {"0", "1"})
    EXPECT_EQ(rig.say("AT+CSSLSEND=" + id + ",1\r"), error_line);
  rig.open(0);
  rig.open(1);
  EXPECT_EQ(rig.say("AT+CSSLSEND=0,1\r"), ">");
}

// Note, 4.2: "only 0 and 1 are valid".
TEST(Ssl, BadParametersAreErrors) {
  Rig rig;
  rig.start();
  const std::string quoted_long(257, 'h');
  for (const std::string line : {"=2,\"a\",1", "=0,a,1", "=0,\"a\"", "=0,\"a\",0", "=0,\"a\",65536",
                                 "=0,\"\",1", "=0,\"a\",1,2", "", "?", "=-1,\"a\",1"})
    EXPECT_EQ(rig.say("AT+CSSLOPEN" + line + "\r"), error_line) << line;
  EXPECT_EQ(rig.say("AT+CSSLOPEN=0,\"" + quoted_long + "\",1\r"), error_line);
  rig.open(0);
  EXPECT_EQ(rig.say("AT+CSSLSEND=0,0\r"), error_line);
  EXPECT_EQ(rig.say("AT+CSSLSEND=0,1025\r"), error_line);
  EXPECT_EQ(rig.say("AT+CSSLSEND=0\r"), error_line);
  EXPECT_EQ(rig.say("AT+CSSLSET=2\r"), error_line);
}

TEST(Ssl, FailuresOfTheOpening) {
  Rig rig;
  rig.start();
  EXPECT_EQ(rig.say("AT+CSSLOPEN=0,\"a\",1\r"), "");
  EXPECT_EQ(rig.failed(0), error_line);
  EXPECT_EQ(rig.say("AT+CSSLOPEN=0,\"a\",1\r"), "");
  EXPECT_EQ(rig.failed(0, 0x200000), "\r\n+CSSLALERT: 0,1,2097152\r\n" + error_line);
  EXPECT_EQ(rig.say("AT+CSSLOPEN=0,\"a\",1\r"), "");
  EXPECT_EQ(rig.wait(seconds(119)), "");
  EXPECT_EQ(rig.wait(seconds(1)), error_line);
  EXPECT_EQ(rig.network.calls.back(), "abort 0");
}

TEST(Ssl, NothingStartsWithoutANetwork) {
  Rig rig;
  rig.set("registration", 2);
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+CSSLSTART\r"), error_line);
  rig.set("registration", 5);
  EXPECT_EQ(rig.say("AT+CSSLSTART\r"), ok_line);
}

TEST(Ssl, DataIsHeldWhileACommandLineIsTypedOrAnswered) {
  Rig rig;
  rig.start();
  rig.open(1);
  EXPECT_EQ(rig.say("AT+CS"), "");
  EXPECT_EQ(rig.received(1, "abc"), "");
  EXPECT_EQ(rig.say("Q\r"), "\r\n+CSQ: 20,99\r\n\r\nOK\r\n\r\n+CSSLRECV: DATA,1,3\r\nabc\r\n");
  EXPECT_EQ(rig.say("AT+CSSLSEND=1,2\r"), ">");
  EXPECT_EQ(rig.received(1, "d"), "");
  EXPECT_EQ(rig.say("xy"), "\r\nOK\r\n\r\n+CSSLRECV: DATA,1,1\r\nd\r\n");
}

TEST(Ssl, BlocksAreCutAndSessionsTakeTurns) {
  Rig rig;
  rig.start();
  rig.open(0);
  rig.open(1);
  rig.set("block", 2);
  rig.modem.ssl().received(0, "abc");
  rig.modem.ssl().received(1, "xyz");
  rig.modem.settle(rig.time);
  EXPECT_EQ(rig.heard(),
            "\r\n+CSSLRECV: DATA,0,2\r\nab\r\n\r\n+CSSLRECV: DATA,1,2\r\nxy\r\n"
            "\r\n+CSSLRECV: DATA,0,1\r\nc\r\n\r\n+CSSLRECV: DATA,1,1\r\nz\r\n");
}

TEST(Ssl, ThePeerIsStoppedWhenThePortIsSlow) {
  Rig rig;
  rig.start();
  rig.open(1);
  rig.modem.ssl().received(1, std::string(20000, 'x'));
  rig.modem.settle(rig.time);  // nothing is taken off the port
  EXPECT_FALSE(rig.network.allowed[1]);
  EXPECT_EQ(rig.heard().size(), 20000U + 19U * 28U + 27U);
  EXPECT_TRUE(rig.network.allowed[1]);
}

TEST(Ssl, PeerCloseComesBehindTheData) {
  Rig rig;
  rig.start();
  rig.open(1);
  rig.say("A");
  rig.say("T");
  rig.received(1, "last");
  EXPECT_EQ(rig.peer_closed(1), "");
  EXPECT_EQ(rig.say("\r"),
            "\r\nOK\r\n\r\n+CSSLRECV: DATA,1,4\r\nlast\r\n\r\n+CCH_PEER_CLOSED: 1\r\n");
  EXPECT_EQ(rig.say("AT+CSSLCLOSE=1\r"), error_line);
}

TEST(Ssl, PeerCloseCanBeToldOtherwise) {
  Rig rig;
  rig.start();
  rig.set("peer_close", "cssl");
  rig.open(0);
  EXPECT_EQ(rig.peer_closed(0), "\r\n+CSSLCLOSE: 0\r\n");
  rig.set("peer_close", "none");
  rig.open(0);
  EXPECT_EQ(rig.peer_closed(0), "");
}

TEST(Ssl, AFullCacheMakesTheSendWait) {
  Rig rig;
  rig.start();
  rig.open(0);
  rig.set("cache", 10);
  rig.network.slow = true;
  rig.say("AT+CSSLSEND=0,8\r");
  EXPECT_EQ(rig.say("12345678"), ok_line);
  rig.say("AT+CSSLSEND=0,4\r");
  EXPECT_EQ(rig.say("abcd"), "");
  EXPECT_EQ(rig.release(0, 1), "");
  EXPECT_EQ(rig.release(0, 1), ok_line);
  EXPECT_EQ(rig.network.sent[0], "12345678abcd");
  rig.set("cache_full", "error");
  EXPECT_EQ(rig.say("AT+CSSLSEND=0,4\r"), error_line);
}

TEST(Ssl, ASendThatFindsNoRoomFailsInTheEnd) {
  Rig rig;
  rig.start();
  rig.open(0);
  rig.set("cache", 1);
  rig.network.slow = true;
  rig.say("AT+CSSLSEND=0,8\r");
  EXPECT_EQ(rig.say("12345678"), ok_line);
  rig.say("AT+CSSLSEND=0,4\r");
  rig.say("abcd");
  EXPECT_EQ(rig.wait(seconds(120)), error_line);
  rig.say("AT+CSSLSEND=0,4\r");
  rig.say("abcd");
  EXPECT_EQ(rig.peer_closed(0), error_line + "\r\n+CCH_PEER_CLOSED: 0\r\n");
}

TEST(Ssl, ReportsFollowTheBytes) {
  Rig rig;
  rig.say("AT+CSSLSET=1\r");
  rig.start();
  rig.open(0);
  rig.network.slow = true;
  rig.say("AT+CSSLSEND=0,3\r");
  EXPECT_EQ(rig.say("abc"), ok_line);
  EXPECT_EQ(rig.release(0, 2), "");
  EXPECT_EQ(rig.release(0, 1), "\r\n+CSSLSEND: 0,0,3\r\n");
  rig.set("ok_order", "after");
  rig.say("AT+CSSLSEND=0,3\r");
  EXPECT_EQ(rig.say("abc"), "");
  EXPECT_EQ(rig.release(0, 3), "\r\n+CSSLSEND: 0,0,3\r\n\r\nOK\r\n");
  rig.set("ok_order", "before");
  rig.say("AT+CSSLSEND=0,3\r");
  rig.say("abc");
  EXPECT_EQ(rig.peer_closed(0), "\r\n+CSSLSEND: 0,4,3\r\n\r\n+CCH_PEER_CLOSED: 0\r\n");
}

}  // namespace
}  // namespace sim52xx::sim
