// HTTPS jobs: what goes wrong, what is left behind, and what cannot be asked.
#include "tests/scripted/https_job_fixture.hpp"

namespace sim52xx::test {
namespace {

TEST_F(HttpsJobTest, AFailedConnectionLeavesTheStackWarm) {
  script.command("AT+CHTTPSSTART").expect("AT+CHTTPSOPSE=\"www.mywebsite.com\",443\r");
  script.wait(2s).say("ERROR");
  auto result = run(get());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::connect_failed);
  stage.pass(4s);
  EXPECT_TRUE(https.started());
  script.command("AT+CHTTPSSTOP");
  stage.pass(2s);
}

TEST_F(HttpsJobTest, AnUnansweredCommandLeavesTheStackToBeStopped) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script.expect("AT+CHTTPSSEND=" + std::to_string(asks("GET /page").size()) + "\r");
  script.wait(2min).expect("AT+CGSN\r").print(std::string(number)).command("AT+CHTTPSCLSE");
  script.command("AT+CHTTPSSTOP");  // at once, not after linger
  auto result = run(get());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::timeout);
  stage.pass(100ms);
  EXPECT_FALSE(https.started());
}

TEST_F(HttpsJobTest, BrokenAndCutAnswersCloseTheConnection) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), "220 mail.mywebsite.com ESMTP\r\n\r\n");
  script_close();
  auto result = run(get());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::protocol_error);
  script_connect();
  script_send(asks("GET /page"));
  script_commit();
  script.say("+CHTTPS: RECV EVENT").command("AT+CHTTPSRECV=1");
  script.print(block("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"));
  script.say("+CHTTPSRECV: 3").command("AT+CHTTPSRECV=1").say("+CHTTPSRECV: 3");
  script_close();
  result = run(get());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::peer_closed);
  EXPECT_EQ(body->got, "hello");
}

TEST_F(HttpsJobTest, AModemThatIsLostEndsTheJob) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_send(asks("GET /page"));
  script_commit();
  Ran ran = start(get());
  stage.pass(500ms);
  EXPECT_FALSE(ran.done());
  EXPECT_EQ(job().state, JobState::receiving);
  plugged = false;
  line.hang_up();
  stage.settle();
  ASSERT_TRUE(ran.done());
  EXPECT_EQ(ran->error().kind, ErrorKind::interrupted);
}

TEST_F(HttpsJobTest, AModemThatDoesNotComeIsAnError) {
  plugged = false;
  line.hang_up();
  ASSERT_TRUE(stage.until([this] { return !modem.ready(); }));
  const Time before = stage.now();
  auto result = run(get());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::modem_absent);
  EXPECT_EQ(stage.now() - before, 2min);
}

std::string refusal(const HttpsRequest& request) {
  const auto fine = HttpsJob::check(request);
  return fine ? "" : fine.error().message;
}

TEST(HttpsJobCheck, NamesTheFieldAtFault) {
  HttpsRequest request;
  EXPECT_EQ(refusal(request), "url is empty");
  request.url = "https://host/\r";
  EXPECT_EQ(refusal(request), "url contains a carriage return");
  request.url = "https://host/";
  EXPECT_EQ(refusal(request), "");
  request.method = "GET /";
  EXPECT_EQ(refusal(request).find("method "), 0U);
  request.method = "GET";
  request.headers = {{"X-A", "b\n"}};
  EXPECT_EQ(refusal(request), "headers: X-A contains a line feed");
  request.headers = {{"Content-Length", "5"}};
  EXPECT_NE(refusal(request), "");
  request.body = std::make_unique<FakeSource>("hello");
  EXPECT_EQ(refusal(request), "");
  for (const int redirects : {-1, 51}) {
    request.follow_redirects = redirects;
    EXPECT_EQ(refusal(request), "follow_redirects is not from 0 to 50");
  }
}

}  // namespace
}  // namespace sim52xx::test
