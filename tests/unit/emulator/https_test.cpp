// The HTTPS family's rules beyond the note's own samples, and its knobs.
#include <gtest/gtest.h>

#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

TEST(Https, OrderOfCommandsIsEnforced) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+CHTTPSOPSE=\"a\",443\r"), error_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSTART\r"), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSTART\r"), error_line);
  for (const std::string line : {"SEND=1", "SEND", "SEND?", "RECV=1", "CLSE", "RECV?", "STATE?"})
    EXPECT_EQ(rig.say("AT+CHTTPS" + line + "\r"), error_line) << line;
  rig.say("AT+CHTTPSOPSE=\"a\",443\r");
  rig.opened(https_channel);
  EXPECT_EQ(rig.say("AT+CHTTPSOPSE=\"a\",443\r"), error_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSTOP\r"), ok_line);  // with its connection open
  EXPECT_EQ(rig.network.calls.back(), "close 2");
  EXPECT_EQ(rig.say("AT+CHTTPSOPSE=\"a\",443\r"), error_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSTOP\r"), ok_line);
  rig.set("stop_idle", "error");
  EXPECT_EQ(rig.say("AT+CHTTPSSTOP\r"), error_line);
}

TEST(Https, BadParametersAreErrors) {
  Rig rig;
  rig.say("ATE0\r");
  rig.say("AT+CHTTPSSTART\r");
  for (const std::string line :
       {"=a,443", "=\"a\"", "=\"a\",0", "=\"a\",65536", "=\"\",443", "=\"a\",443,1", "", "?"})
    EXPECT_EQ(rig.say("AT+CHTTPSOPSE" + line + "\r"), error_line) << line;
  EXPECT_EQ(rig.say("AT+CHTTPSOPSE=\"" + std::string(257, 'h') + "\",1\r"), error_line);
  rig.say("AT+CHTTPSOPSE=\"a\",443\r");
  rig.opened(https_channel);
  for (const std::string line : {"SEND=0", "SEND=4097", "RECV=0", "RECV=4097", "RECV", "SEND=1,2"})
    EXPECT_EQ(rig.say("AT+CHTTPS" + line + "\r"), error_line) << line;
  EXPECT_EQ(rig.say("AT+CHTTPSSEND=?\r"), "\r\n+CHTTPSSEND: (1-4096)\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSEND=4096\r"), ">");
  EXPECT_EQ(rig.say(std::string(4096, '>')), ok_line);
}

TEST(Https, CertificatesAreNotJudged) {
  Rig rig;
  rig.say("ATE0\r");
  rig.say("AT+CHTTPSSTART\r");
  rig.say("AT+CHTTPSOPSE=\"a\",443\r");
  EXPECT_EQ(rig.alerted(https_channel, 0x200), "");
  EXPECT_EQ(rig.network.calls.back(), "resume 2");
  EXPECT_EQ(rig.opened(https_channel), ok_line);
}

TEST(Https, FailedOpeningsAreErrors) {
  Rig rig;
  rig.say("ATE0\r");
  rig.say("AT+CHTTPSSTART\r");
  rig.say("AT+CHTTPSOPSE=\"a\",443\r");
  EXPECT_EQ(rig.failed(https_channel), error_line);
  rig.say("AT+CHTTPSOPSE=\"a\",443\r");
  EXPECT_EQ(rig.failed(https_channel, 0x200000), error_line);
  rig.set("https_style", "late");
  EXPECT_EQ(rig.say("AT+CHTTPSOPSE=\"a\",443\r"), ok_line);
  EXPECT_EQ(rig.failed(https_channel), "\r\n+CHTTPSOPSE: 8\r\n");
}

TEST(Https, ReceiveWaitsUntilEnoughHasCome) {
  Rig rig;
  rig.start_https();
  rig.set("block", 4);
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=6\r"), ok_line);
  EXPECT_EQ(rig.received(https_channel, "abc"), "\r\n+CHTTPSRECV: DATA,3\r\nabc\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=1\r"), error_line);  // one is running
  EXPECT_EQ(rig.received(https_channel, "defghi"),
            "\r\n+CHTTPSRECV: DATA,4\r\ndefg\r\n"
            "\r\n+CHTTPSRECV: 0\r\n\r\n+CHTTPS: RECV EVENT\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=2\r"),
            ok_line + "\r\n+CHTTPSRECV: DATA,2\r\nhi\r\n\r\n+CHTTPSRECV: 0\r\n");
}

TEST(Https, TheServersEndCutsAReceiveShort) {
  Rig rig;
  rig.start_https();
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=6\r"), ok_line);
  rig.received(https_channel, "abc");
  EXPECT_EQ(rig.peer_closed(https_channel), "\r\n+CHTTPSRECV: 3\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=6\r"), ok_line + "\r\n+CHTTPSRECV: 3\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSSEND=1\r"), error_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSEND\r"), error_line);
  rig.set("https_errors", "result");
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=6\r"), "\r\n+CHTTPSRECV: 3\r\n" + error_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSEND\r"), "\r\n+CHTTPSSEND: 3\r\n" + error_line);
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=0\r"), "\r\n+CHTTPSRECV: 7\r\n" + error_line);
  EXPECT_EQ(rig.say("AT+CHTTPSCLSE\r"), ok_line);
}

TEST(Https, DataOutlivesTheServer) {
  Rig rig;
  rig.start_https();
  rig.set("https_notify", true);
  rig.set("https_close_gone", "error");
  EXPECT_EQ(rig.received(https_channel, "abc"), "\r\n+CHTTPS: RECV EVENT\r\n");
  EXPECT_EQ(rig.peer_closed(https_channel), "\r\n+CHTTPSNOTIFY: PEER CLOSED\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=3\r"),
            ok_line + "\r\n+CHTTPSRECV: DATA,3\r\nabc\r\n\r\n+CHTTPSRECV: 0\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSCLSE\r"), error_line);
  rig.say("AT+CHTTPSOPSE=\"a\",443\r");  // but the connection is free again
  EXPECT_EQ(rig.opened(https_channel), ok_line);
}

TEST(Https, AtMostFirmwareGivesWhatThereIs) {
  Rig rig;
  rig.start_https();
  rig.set("https_recv", "at_most");
  rig.set("block", 4);
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=6\r"), ok_line);
  EXPECT_EQ(rig.received(https_channel, "abc"),
            "\r\n+CHTTPSRECV: DATA,3\r\nabc\r\n\r\n+CHTTPSRECV: 0\r\n");
  rig.received(https_channel, "defghijkl");
  EXPECT_EQ(rig.say("AT+CHTTPSRECV?\r"), "\r\n+CHTTPSRECV: LEN,9\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSTATE?\r"), "\r\n+CHTTPSSTATE: 7\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=6\r"),
            ok_line +
                "\r\n+CHTTPSRECV: DATA,4\r\ndefg\r\n\r\n+CHTTPSRECV: DATA,2\r\nhi\r\n"
                "\r\n+CHTTPSRECV: 0\r\n\r\n+CHTTPS: RECV EVENT\r\n");
  rig.say("AT+CHTTPSRECV=6\r");
  rig.set("https_recv", "at_most_now");
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=6\r"), ok_line + "\r\n+CHTTPSRECV: 0\r\n");
}

TEST(Https, LateFirmwareTellsEveryOutcomeAfterOk) {
  Rig rig;
  rig.set("https_style", "late");
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+CHTTPSSTART\r"), ok_line + "\r\n+CHTTPSSTART: 0\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSOPSE=\"a\",443\r"), ok_line);
  EXPECT_EQ(rig.opened(https_channel), "\r\n+CHTTPSOPSE: 0\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSCLSE\r"), ok_line + "\r\n+CHTTPSCLSE: 0\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSSTOP\r"), ok_line + "\r\n+CHTTPSSTOP: 0\r\n");
}

TEST(Https, TheCommitsResultMayComeBeforeItsOk) {
  Rig rig;
  rig.start_https();
  rig.set("ok_order", "after");
  rig.network.slow = true;
  rig.say("AT+CHTTPSSEND=3\r");
  EXPECT_EQ(rig.say("abc"), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSEND\r"), "");
  EXPECT_EQ(rig.release(https_channel, 3), "\r\n+CHTTPSSEND: 0\r\n" + ok_line);
  rig.say("AT+CHTTPSSEND=3\r");
  rig.say("abc");
  EXPECT_EQ(rig.say("AT+CHTTPSSEND\r"), "");
  EXPECT_EQ(rig.peer_closed(https_channel), "\r\n+CHTTPSSEND: 3\r\n" + error_line);
}

TEST(Https, BytesMayWaitForTheCommit) {
  Rig rig;
  rig.start_https();
  rig.set("https_send", "commit");
  rig.set("cache", 10);
  rig.say("AT+CHTTPSSEND=6\r");
  EXPECT_EQ(rig.say("abcdef"), ok_line);
  EXPECT_EQ(rig.network.sent[https_channel], "");
  EXPECT_EQ(rig.say("AT+CHTTPSSEND?\r"), "\r\n+CHTTPSSEND: 6\r\n" + ok_line);
  rig.say("AT+CHTTPSSEND=6\r");
  EXPECT_EQ(rig.say("ghijkl"), ok_line);  // the cache was full and has left
  EXPECT_EQ(rig.network.sent[https_channel], "abcdef");
  EXPECT_EQ(rig.say("AT+CHTTPSSEND\r"), ok_line + "\r\n+CHTTPSSEND: 0\r\n");
  EXPECT_EQ(rig.network.sent[https_channel], "abcdefghijkl");
}

TEST(Https, AFullCacheMakesTheSendWaitOrFail) {
  Rig rig;
  rig.start_https();
  rig.set("cache", 10);
  rig.network.slow = true;
  rig.say("AT+CHTTPSSEND=8\r");
  EXPECT_EQ(rig.say("12345678"), ok_line);
  rig.say("AT+CHTTPSSEND=4\r");
  EXPECT_EQ(rig.say("abcd"), "");
  EXPECT_EQ(rig.release(https_channel, 1), "");
  EXPECT_EQ(rig.release(https_channel, 1), ok_line);
  rig.set("cache_full", "error");
  EXPECT_EQ(rig.say("AT+CHTTPSSEND=4\r"), error_line);
  rig.set("cache_full", "wait");
  rig.say("AT+CHTTPSSEND=4\r");
  rig.say("abcd");
  EXPECT_EQ(rig.wait(seconds(120)), error_line);
}

TEST(Https, TheServerIsStoppedWhenTheCacheIsFull) {
  Rig rig;
  rig.start_https();
  rig.received(https_channel, std::string(8192, 'x'));
  EXPECT_FALSE(rig.network.allowed[https_channel]);
  rig.say("AT+CHTTPSRECV=4096\r");
  EXPECT_TRUE(rig.network.allowed[https_channel]);
}

TEST(Https, AClosedConnectionEndsWhatRuns) {
  Rig rig;
  rig.start_https();
  rig.network.slow = true;
  rig.say("AT+CHTTPSSEND=1\r");
  rig.say("x");
  rig.say("AT+CHTTPSSEND\r");
  rig.say("AT+CHTTPSRECV=1\r");
  EXPECT_EQ(rig.say("AT+CHTTPSCLSE\r"), ok_line + "\r\n+CHTTPSSEND: 5\r\n\r\n+CHTTPSRECV: 5\r\n");
  EXPECT_EQ(rig.say("AT+CHTTPSRECV=1\r"), error_line);
}

TEST(Https, DelaysOfTheStack) {
  Rig rig;
  rig.say("ATE0\r");
  for (const char* knob : {"start_ms", "open_ms", "close_ms", "stop_ms"})
    rig.set(knob, 500);
  EXPECT_EQ(rig.say("AT+CHTTPSSTART\r"), "");
  EXPECT_EQ(rig.wait(milliseconds(500)), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSOPSE=\"a\",443\r"), "");
  EXPECT_TRUE(rig.network.calls.empty());
  rig.wait(milliseconds(500));
  EXPECT_EQ(rig.network.calls.back(), "open 2 a:443");
  EXPECT_EQ(rig.opened(https_channel), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSCLSE\r"), "");
  EXPECT_EQ(rig.wait(milliseconds(500)), ok_line);
  EXPECT_EQ(rig.say("AT+CHTTPSSTOP\r"), "");
  EXPECT_EQ(rig.wait(milliseconds(500)), ok_line);
}

TEST(Https, ALostNetworkIsAClosedConnection) {
  Rig rig;
  rig.start_https();
  rig.say("AT+CHTTPSRECV=1\r");
  rig.modem.lose_network(rig.time);
  EXPECT_EQ(rig.heard(), "\r\n+CHTTPSRECV: 3\r\n");
}

}  // namespace
}  // namespace sim52xx::sim
