// The bytes of an HTTPS connection upwards: blocks and flow control.
#include "tests/scripted/https_data_fixture.hpp"

namespace sim52xx::test {
namespace {

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

// A server that takes what the line brings, and gives what it can carry: no block waits for us.
TEST_F(HttpsData, NoTimeIsLostBetweenBlocks) {
  constexpr auto block_time = 91ms;  // of 1024 bytes at 115200 baud
  const std::string block(1024, 'x');
  for (int i = 0; i < 15; ++i) {
    if (i == 10) script.command("AT+CHTTPSSEND?", "+CHTTPSSEND: 0").say("OK");
    script.expect("AT+CHTTPSSEND=1024\r").print(">").expect(block).wait(block_time).say("OK");
  }
  script_commit();
  script.say("+CHTTPS: RECV EVENT");
  for (int i = 0; i < 15; ++i) {
    script.command("AT+CHTTPSRECV=1").wait(block_time);
    script.print(HttpsTest::block(block)).say("+CHTTPSRECV: 0");
  }
  const Time before = stage.now();
  EXPECT_TRUE(send(std::string(15 * 1024, 'x')));
  EXPECT_TRUE(commit());
  for (int i = 0; i < 15; ++i)
    EXPECT_EQ(*receive(), block);
  EXPECT_EQ(stage.now() - before, 30 * block_time);
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

}  // namespace
}  // namespace sim52xx::test
