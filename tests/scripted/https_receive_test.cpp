// The bytes of an HTTPS connection downwards: all that firmware makes of AT+CHTTPSRECV.
#include "tests/scripted/https_data_fixture.hpp"

namespace sim52xx::test {
namespace {

TEST_F(HttpsData, AnEventMeansDataAtOnce) {
  line.print(Script::line("+CHTTPS: RECV EVENT"));
  stage.settle();
  EXPECT_TRUE(https.readable());
  script_receive("hello");
  const Time before = stage.now();
  EXPECT_EQ(*receive(), "hello");
  EXPECT_EQ(stage.now(), before);
  EXPECT_FALSE(https.readable());
}

TEST_F(HttpsData, WithoutEventsItLooksEverMoreRarely) {
  std::vector<Time> looked;
  for (int i = 0; i < 6; ++i) {
    script.expect("AT+CHTTPSRECV=1\r").call([&] { looked.push_back(stage.now()); });
    script.say("OK");
    if (i == 5) script.print(block("hello"));
    script.say("+CHTTPSRECV: 0");
  }
  const Time before = stage.now();
  EXPECT_EQ(*receive(), "hello");
  ASSERT_EQ(looked.size(), 6U);
  EXPECT_EQ(looked[0] - before, 1s);
  EXPECT_EQ(looked[1] - looked[0], 2s);
  EXPECT_EQ(looked[2] - looked[1], 4s);
  EXPECT_EQ(looked[4] - looked[3], 5s);
  EXPECT_EQ(looked[5] - looked[4], 5s);
}

TEST_F(HttpsData, AModemThatTellsEventsIsHardlyAsked) {
  line.print(Script::line("+CHTTPS: RECV EVENT"));
  stage.settle();
  script_receive("hello");
  EXPECT_EQ(*receive(), "hello");
  script.command("AT+CHTTPSRECV=1").say("+CHTTPSRECV: 0");  // there may be more at once
  script.wait(4s).say("+CHTTPS: RECV EVENT");
  script_receive("again");
  const Time before = stage.now();
  EXPECT_EQ(*receive(), "again");
  EXPECT_EQ(stage.now() - before, 4s);
}

TEST_F(HttpsData, DataComesInManyBlocks) {
  script.command("AT+CHTTPSRECV=1").print(block("one ")).print(block("")).print(block("two "));
  script.wait(2s).print(block("three")).say("+CHTTPSRECV: 0");
  EXPECT_EQ(*receive(3), "one");
  EXPECT_EQ(*receive(), " two three");
}

// Payload that looks like the modem's words.
TEST_F(HttpsData, DataIsTakenForNothingElse) {
  const std::string bytes =
      "\r\nOK\r\n\r\nERROR\r\n\r\n+CHTTPSRECV: 3\r\n\r\n+CHTTPSRECV: DATA,5\r\nhello>\r\n"
      "+CHTTPSNOTIFY: PEER CLOSED\r\n";
  script_receive(bytes);
  EXPECT_EQ(*receive(), bytes);
  EXPECT_FALSE(https.readable());
}

TEST_F(HttpsData, ResultBeforeOk) {
  script.expect("AT+CHTTPSRECV=1\r").print(block("hello")).say("+CHTTPSRECV: 0").say("OK");
  EXPECT_EQ(*receive(), "hello");
}

TEST_F(HttpsData, ResultWithoutOk) {
  script.expect("AT+CHTTPSRECV=1\r").print(block("hello")).say("+CHTTPSRECV: 0");
  EXPECT_EQ(*receive(), "hello");
}

TEST_F(HttpsData, ResultThenError) {
  script.expect("AT+CHTTPSRECV=1\r").say("+CHTTPSRECV: 8").say("ERROR");
  auto got = receive();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(got.error().stage, "receive");
  EXPECT_EQ(got.error().at, "AT+CHTTPSRECV");
  EXPECT_EQ(got.error().response, "network error (8)");
}

TEST_F(HttpsData, PlainError) {
  script.command("AT+CHTTPSRECV=1", "ERROR");
  auto got = receive();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::modem_error);
  EXPECT_EQ(got.error().response, "ERROR");
}

TEST_F(HttpsData, WhatCameBeforeAnErrorIsTakenFirst) {
  script.command("AT+CHTTPSRECV=1").print(block("hello")).say("+CHTTPSRECV: 5");
  EXPECT_EQ(*receive(), "hello");
  auto got = receive();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().response, "transfer failed (5)");
}

TEST_F(HttpsData, ServerClosedIsTheEnd) {
  script.command("AT+CHTTPSRECV=1").print(block("hello")).say("+CHTTPSRECV: 3");
  script.command("AT+CHTTPSRECV=1").print(block("again")).say("+CHTTPSRECV: 3");
  script.command("AT+CHTTPSRECV=1").say("+CHTTPSRECV: 3");
  EXPECT_EQ(*receive_all(), "helloagain");
  EXPECT_EQ(*receive(), "");
}

// As firmware does it: the peer's end is told before all has been read.
TEST_F(HttpsData, WhatIsLeftAfterThePeerClosedIsRead) {
  for (const char* const last : {"+CHTTPSRECV: 0", "+CHTTPSRECV: 3", "+CHTTPSRECV: 1"}) {
    script.command("AT+CHTTPSRECV=1").print(block("hello")).say("+CHTTPSRECV: 0");
    say_peer_closed();
    script_receive(" again");
    script.command("AT+CHTTPSRECV=1").say(last);
    EXPECT_EQ(*receive_all(), "hello again") << last;
    script_close();
    close();
    script.command("AT+CHTTPSOPSE=\"www.mywebsite.com\",443");
    ASSERT_TRUE(open());
  }
}

TEST_F(HttpsData, AnErrorAfterThePeerClosedIsTheEnd) {
  line.print(Script::line("+CHTTPSNOTIFY: PEER CLOSED"));
  stage.settle();
  script_receive("hello");
  script.command("AT+CHTTPSRECV=1", "ERROR");
  const Time before = stage.now();
  EXPECT_EQ(*receive_all(), "hello");
  EXPECT_EQ(stage.now(), before);
}

TEST_F(HttpsData, AServerThatIsSilentIsATimeout) {
  script.expect("AT+CHTTPSRECV=1\r").wait(119s).say("OK").say("+CHTTPSRECV: 4");
  auto got = receive();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::timeout);
  EXPECT_EQ(got.error().response, "timeout (4)");
  EXPECT_TRUE(https.in_order());
}

TEST_F(HttpsData, AServerThatIsSilentIsATimeoutWhateverTheModemSays) {
  line.heard = [&](std::string_view bytes) {
    if (bytes != "AT+CHTTPSRECV=1\r") return script_heard(bytes);
    line.print(Script::line("OK") + Script::line("+CHTTPSRECV: 0"));
  };
  const Time before = stage.now();
  auto got = receive();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::timeout);
  EXPECT_EQ(got.error().stage, "receive");
  EXPECT_EQ(stage.now() - before, 2min);
}

TEST_F(HttpsData, ABlockThatStopsShortIsAnError) {
  script.command("AT+CHTTPSRECV=1").print("\r\n+CHTTPSRECV: DATA,10\r\nhello");
  script.expect("AT+CGSN\r").print(std::string(number));
  auto got = receive();  // which bytes are missing nobody knows
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::protocol_error);
  EXPECT_FALSE(https.in_order());
}

// Later firmware takes the number for the most it may send (M202).
TEST_F(HttpsData, FirmwareThatTakesTheNumberForTheMost) {
  for (const char byte : {'a', 'b', 'c'})
    script_receive(std::string(1, byte));
  script.command("AT+CHTTPSRECV=4096").print(block(std::string(4096, 'd')));
  script.say("+CHTTPSRECV: 0");
  std::string all;
  while (all.size() < 4099)
    all += *receive();
  EXPECT_EQ(all, "abc" + std::string(4096, 'd'));
  // The next connection knows.
  script_close();
  close();
  script.command("AT+CHTTPSOPSE=\"www.mywebsite.com\",443");
  ASSERT_TRUE(open());
  script.command("AT+CHTTPSRECV=4096").print(block("hello")).say("+CHTTPSRECV: 0");
  EXPECT_EQ(*receive(), "hello");
}

// The note's firmware waits for as many bytes as it is asked for: never ask for more than one, even
// where the server's TLS sends a first byte alone, again and again.
TEST_F(HttpsData, FirmwareThatTakesTheNumberForTheLeast) {
  for (int i = 0; i < 5; ++i) {
    script_receive("h");
    script_receive("ello");
  }
  for (int i = 0; i < 4; ++i)
    script_receive("x");
  std::string all;
  while (all.size() < 29)
    all += *receive();
  EXPECT_EQ(all, "hellohellohellohellohelloxxxx");
}

TEST_F(HttpsData, TheNetworksEndIsAnError) {
  Task<Result<std::size_t>> got = stage.start(https.receive(buffer.data(), buffer.size()));
  line.print(Script::line("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY"));
  stage.settle();
  ASSERT_TRUE(got.done());
  EXPECT_EQ(got->error().kind, ErrorKind::interrupted);
}

}  // namespace
}  // namespace sim52xx::test
