// The bytes of an HTTPS connection: blocks and flow control upwards, all that firmware makes of
// AT+CHTTPSRECV downwards.
#include "tests/scripted/https_fixture.hpp"

namespace sim52xx::test {
namespace {

class HttpsData : public HttpsTest {
 protected:
  void SetUp() override {
    HttpsTest::SetUp();
    be_open();
  }
  void say_peer_closed() { script.say("+CHTTPSNOTIFY: PEER CLOSED"); }
};

TEST_F(HttpsData, MuchIsSentInBlocks) {
  const std::string bytes = std::string(1024, 'a') + std::string(1024, 'b') + "c";
  script_send(bytes.substr(0, 1024));
  script_send(bytes.substr(1024, 1024));
  script_send("c");
  script_commit();
  EXPECT_TRUE(send(bytes));
  EXPECT_TRUE(commit());
}

TEST_F(HttpsData, EveryByteValuePasses) {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  script_send(bytes);
  EXPECT_TRUE(send(bytes));
  script_receive(bytes);
  EXPECT_EQ(*receive(), bytes);
}

// HTTP1 3.5: stop above about 10 KB, go on at 3 KB.
TEST_F(HttpsData, SendingStopsWhileMuchIsUnsent) {
  std::vector<Time> asked;
  for (int i = 0; i < 10; ++i)
    script_send(std::string(1024, 'x'));
  for (const char* const unsent : {"10240", "8000", "3073", "3072"}) {
    script.expect("AT+CHTTPSSEND?\r").call([&] { asked.push_back(stage.now()); });
    script.say("+CHTTPSSEND: " + std::string(unsent)).say("OK");
  }
  for (int i = 0; i < 7; ++i)
    script_send(std::string(1024, 'x'));
  script.command("AT+CHTTPSSEND?", "+CHTTPSSEND: 0").say("OK");
  script_send(std::string(1024, 'x'));
  EXPECT_TRUE(send(std::string(18 * 1024, 'x')));
  ASSERT_EQ(asked.size(), 4U);
  EXPECT_EQ(asked[1] - asked[0], 20ms);  // and ever more rarely
  EXPECT_EQ(asked[2] - asked[1], 40ms);
  EXPECT_EQ(asked[3] - asked[2], 80ms);
}

TEST_F(HttpsData, AModemThatCannotTellWhatIsUnsentIsBelieved) {
  for (int i = 0; i < 10; ++i)
    script_send(std::string(1024, 'x'));
  script.command("AT+CHTTPSSEND?", "ERROR");
  script_send(std::string(1024, 'x'));
  EXPECT_TRUE(send(std::string(11 * 1024, 'x')));
}

TEST_F(HttpsData, SendingThatDoesNotGetOnIsATimeout) {
  for (int i = 0; i < 10; ++i)
    script_send(std::string(1024, 'x'));
  // For as long as something goes, it may take its time.
  const Time before = stage.now();
  int unsent = 10240;
  line.heard = [&](std::string_view bytes) {
    if (bytes != "AT+CHTTPSSEND?\r") return script_heard(bytes);
    if (stage.now() - before < 3min) --unsent;
    line.print(Script::line("+CHTTPSSEND: " + std::to_string(unsent)) + Script::line("OK"));
  };
  auto sent = send(std::string(11 * 1024, 'x'));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::timeout);
  EXPECT_EQ(sent.error().stage, "send");
  EXPECT_GE(stage.now() - before, 5min - 1s);
  EXPECT_LE(stage.now() - before, 5min);
}

TEST_F(HttpsData, ARefusedBlockIsAnError) {
  script_send("ab");
  script.command("AT+CHTTPSSEND=2", "+CHTTPSSEND: 6").say("ERROR");
  auto sent = send("ab");
  ASSERT_TRUE(sent);
  sent = send("ab");
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::modem_error);
  EXPECT_EQ(sent.error().at, "AT+CHTTPSSEND");
  EXPECT_EQ(sent.error().response, "out of memory (6)");
}

TEST_F(HttpsData, NothingIsSentToAServerThatHasClosed) {
  line.print(Script::line("+CHTTPSNOTIFY: PEER CLOSED"));
  stage.settle();
  auto sent = send("ab");
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::peer_closed);
}

TEST_F(HttpsData, ACommitThatFailsSaysWhy) {
  script.command("AT+CHTTPSSEND").wait(4s).say("+CHTTPSSEND: 5");
  auto committed = commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(committed.error().response, "transfer failed (5)");
  script.command("AT+CHTTPSSEND", "ERROR");
  EXPECT_EQ(commit().error().response, "ERROR");
}

// Receiving.

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

// modem-facts 9.6: the peer's end is told before all has been read.
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
  EXPECT_EQ(*receive(), "hello");
  auto got = receive();
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

// Every command may stay without an answer.

TEST_F(HttpsData, NoAnswerToTheSend) {
  script.expect("AT+CHTTPSSEND=2\r");
  const Time before = stage.now();
  auto sent = send("ab");
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::timeout);
  EXPECT_EQ(sent.error().stage, "send");
  EXPECT_EQ(stage.now() - before, 2min);
  EXPECT_FALSE(https.in_order());
  script.expect("AT+CGSN\r").print(std::string(number));
  script.command("AT+CHTTPSCLSE").command("AT+CHTTPSSTOP");
  stage.run(https.stop());
  EXPECT_TRUE(https.in_order());
}

TEST_F(HttpsData, NoAnswerToTheCommit) {
  script.command("AT+CHTTPSSEND");  // OK, but never the result
  auto committed = commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().kind, ErrorKind::timeout);
  EXPECT_EQ(committed.error().stage, "send");
  EXPECT_FALSE(https.in_order());
}

TEST_F(HttpsData, NoAnswerToTheQuery) {
  for (int i = 0; i < 10; ++i)
    script_send(std::string(1024, 'x'));
  script.expect("AT+CHTTPSSEND?\r");
  auto sent = send(std::string(11 * 1024, 'x'));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::timeout);
}

TEST_F(HttpsData, NoAnswerToTheReceive) {
  script.expect("AT+CHTTPSRECV=1\r");
  auto got = receive();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::timeout);
  EXPECT_EQ(got.error().stage, "receive");
  EXPECT_FALSE(https.in_order());
}

TEST_F(HttpsData, NoAnswerToTheClose) {
  script.expect("AT+CHTTPSCLSE\r");
  const Time before = stage.now();
  close();
  EXPECT_EQ(stage.now() - before, 2min);
  EXPECT_FALSE(https.in_order());
  script.expect("AT+CGSN\r").print(std::string(number)).expect("AT+CHTTPSSTOP\r");
  stage.run(https.stop());
  EXPECT_FALSE(https.started());
}

// Being interrupted.

TEST_F(HttpsData, AnInterruptedReceiveEndsAtOnce) {
  Task<Result<std::size_t>> got = stage.start(https.receive(buffer.data(), buffer.size()));
  EXPECT_FALSE(got.done());
  https.interrupt();
  stage.settle();
  ASSERT_TRUE(got.done());
  EXPECT_EQ(got->error().kind, ErrorKind::cancelled);
  EXPECT_FALSE(https.open_to("www.mywebsite.com", 443));
  script_close();
  close();
  EXPECT_TRUE(https.in_order());
  script.command("AT+CHTTPSOPSE=\"www.mywebsite.com\",443");
  EXPECT_TRUE(open());
}

TEST_F(HttpsData, AnInterruptedCommandIsAwaited) {
  script.expect("AT+CHTTPSRECV=1\r").wait(20s).say("OK").say("+CHTTPSRECV: 0");
  Task<Result<std::size_t>> got = stage.start(https.receive(buffer.data(), buffer.size()));
  stage.pass(5s);
  https.interrupt();
  stage.settle();
  EXPECT_FALSE(got.done());
  stage.pass(20s);
  ASSERT_TRUE(got.done());
  EXPECT_EQ(got->error().kind, ErrorKind::cancelled);
  script_close();
  close();
  EXPECT_TRUE(https.in_order());
}

TEST_F(HttpsData, AnInterruptedSendStopsBehindItsBlock) {
  script.expect("AT+CHTTPSSEND=1024\r").print("\r\n>").expect(std::string(1024, 'x'));
  script.call([this] { https.interrupt(); }).say("OK");
  auto sent = send(std::string(4096, 'x'));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::cancelled);
}

TEST_F(HttpsData, AnInterruptedWaitForRoomEndsAtOnce) {
  for (int i = 0; i < 10; ++i)
    script_send(std::string(1024, 'x'));
  script.command("AT+CHTTPSSEND?", "+CHTTPSSEND: 10240").say("OK");
  const std::string bytes(11 * 1024, 'x');
  Task<Result<void>> sent = stage.start(https.send(bytes));
  EXPECT_FALSE(sent.done());
  script.command("AT+CHTTPSSEND?", "+CHTTPSSEND: 10240").say("OK");
  https.interrupt();
  stage.settle();
  ASSERT_TRUE(sent.done());
  EXPECT_EQ(sent->error().kind, ErrorKind::cancelled);
}

TEST_F(HttpsTest, AnInterruptedOpenDoesNotConnect) {
  script.expect("AT+CHTTPSSTART\r").wait(5s).say("OK");
  Task<Result<void>> opened = stage.start(https.open("www.mywebsite.com", 443));
  https.interrupt();
  stage.pass(5s);
  ASSERT_TRUE(opened.done());
  EXPECT_EQ(opened->error().kind, ErrorKind::cancelled);
  EXPECT_TRUE(https.started());
}

TEST_F(HttpsTest, NoAnswerToTheOpen) {
  script.command("AT+CHTTPSSTART").expect("AT+CHTTPSOPSE=\"www.mywebsite.com\",443\r");
  auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::timeout);
  EXPECT_EQ(opened.error().stage, "open");
  EXPECT_NE(opened.error().message.find("no connection to www.mywebsite.com:443 in time"),
            std::string::npos);
  EXPECT_FALSE(https.in_order());
  script.expect("AT+CGSN\r").print(std::string(number));
  script.command("AT+CHTTPSCLSE", "ERROR").command("AT+CHTTPSSTOP");
  stage.run(https.stop());
}

TEST_F(HttpsTest, NoAnswerToTheStart) {
  script.expect("AT+CHTTPSSTART\r");
  auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::timeout);
  EXPECT_EQ(opened.error().stage, "acquire");
  EXPECT_TRUE(https.started()) << "who knows";
  EXPECT_FALSE(https.in_order());
  script.expect("AT+CGSN\r").print(std::string(number)).command("AT+CHTTPSSTOP");
  stage.run(https.stop());
  EXPECT_TRUE(https.in_order());
}

}  // namespace
}  // namespace sim52xx::test
