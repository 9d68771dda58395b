// An HTTPS connection and commands that stay without an answer, or are interrupted.
#include "tests/scripted/https_data_fixture.hpp"

namespace sim52xx::test {
namespace {

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
