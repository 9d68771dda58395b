// HTTPS jobs over the HTTPS stack: what they ask, what they come to, what they leave behind.
#include "tests/scripted/https_job_fixture.hpp"

namespace sim52xx::test {
namespace {

TEST_F(HttpsJobTest, Get) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("404 Not Found", "gone", "X-A: b\r\n"));
  auto result = run(get());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(*result, json::parse(R"({"status":404,"headers":{"x-a":"b","content-length":"4"},
      "bytes":4,"via":"https","verified":false,"redirects":0})"));
  EXPECT_EQ(body->got, "gone");
  EXPECT_EQ(job().progress.down, 4U);
  EXPECT_EQ(job().progress.total, 4U);
}

TEST_F(HttpsJobTest, TheConnectionServesTheNextJobAndThenLingers) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  for (int i = 0; i < 3; ++i) {
    script_exchange(asks("GET /page"), says("200 OK", "hello"));
    ASSERT_TRUE(run(get()));
    EXPECT_TRUE(https.open_to("www.mywebsite.com", 443));
    stage.pass(4s);
  }
  script.command("AT+CHTTPSCLSE").command("AT+CHTTPSSTOP");
  stage.pass(2s);
  EXPECT_FALSE(https.started());
}

TEST_F(HttpsJobTest, AnotherServerIsConnectedToAnew) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("200 OK"));
  ASSERT_TRUE(run(get()));
  script_close();
  script_connect("other");
  script_exchange(asks("GET /", "other"), says("200 OK"));
  ASSERT_TRUE(run(get("https://other")));
}

TEST_F(HttpsJobTest, AServerThatWantsToCloseIsClosed) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("200 OK", "hello", "Connection: close\r\n"));
  script_close();
  ASSERT_TRUE(run(get()));
  EXPECT_TRUE(https.started());
  script_connect();
  script_send(asks("GET /page"));
  script_commit();
  script.say("+CHTTPS: RECV EVENT").command("AT+CHTTPSRECV=1");
  script.print(block("HTTP/1.1 200 OK\r\n\r\nuntil the end")).say("+CHTTPSRECV: 0");
  script.say("+CHTTPSNOTIFY: PEER CLOSED").command("AT+CHTTPSRECV=1", "ERROR");
  script.command("AT+CHTTPSCLSE", "ERROR");
  ASSERT_TRUE(run(get()));
  EXPECT_EQ(body->got, "until the end");
}

TEST_F(HttpsJobTest, AConnectionThatWentStaleIsReplacedOnce) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("200 OK"));
  ASSERT_TRUE(run(get()));
  const std::string asked =
      asks("PUT /page", "www.mywebsite.com", "Content-Length: 5\r\n") + "hello";
  // It takes the request, and has nothing to say.
  script_send(asked);
  script_commit();
  script.say("+CHTTPSNOTIFY: PEER CLOSED").command("AT+CHTTPSRECV=1").say("+CHTTPSRECV: 3");
  script.command("AT+CHTTPSCLSE", "ERROR");
  script_connect();
  script_exchange(asked, says("201 Created"));
  auto result = run(put("hello"));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ((*result)["status"], 201);
  EXPECT_EQ(job().progress.up, 5U);
  // Or it does not even take that; and a fresh connection is believed.
  script.command("AT+CHTTPSSEND=" + std::to_string(asks("GET /page").size()), "ERROR");
  script_close();
  script_connect();
  script.command("AT+CHTTPSSEND=" + std::to_string(asks("GET /page").size()), "ERROR");
  script_close();
  result = run(get());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::modem_error);
}

TEST_F(HttpsJobTest, AConnectionThatWasClosedMeanwhileIsNotUsed) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("200 OK"));
  ASSERT_TRUE(run(get()));
  line.print(Script::line("+CHTTPSNOTIFY: PEER CLOSED"));
  stage.settle();
  script.command("AT+CHTTPSCLSE", "ERROR");
  script_connect();
  script_exchange(asks("GET /page"), says("200 OK"));
  ASSERT_TRUE(run(get()));
}

TEST_F(HttpsJobTest, ABodyThatCannotBeReadTwiceGetsAFreshConnection) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("200 OK"));
  ASSERT_TRUE(run(get()));
  HttpsRequest request = get();
  request.method = "POST";
  auto source = std::make_unique<FakeSource>("hello");
  source->rewinds = false;
  source->announced.reset();
  request.body = std::move(source);
  script_close();
  script_connect();
  script_exchange(asks("POST /page", "www.mywebsite.com", "Transfer-Encoding: chunked\r\n") +
                      "5\r\nhello\r\n0\r\n\r\n",
                  says("200 OK"));
  EXPECT_TRUE(run(std::move(request)));
}

TEST_F(HttpsJobTest, HeadersAsTheyAre) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("200 OK", "",
                                          "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nSet-Cookie: c\r\n"
                                          "X-Latin: \xe4\r\nX-Utf: \xc3\xa4\r\n"));
  auto result = run(get());
  ASSERT_TRUE(result);
  const json& headers = (*result)["headers"];
  EXPECT_EQ(headers["set-cookie"], json::parse(R"(["a=1","b=2","c"])"));
  EXPECT_EQ(headers["x-latin"], "\xc3\xa4");
  EXPECT_EQ(headers["x-utf"], "\xc3\xa4");
  EXPECT_NO_THROW((void)result->dump());
}

TEST_F(HttpsJobTest, SecretsReachTheServerAndNothingElse) {
  HttpsRequest request = get("https://www.mywebsite.com/page?token=sesame1");
  request.headers = {{"Authorization", "Bearer sesame2"}, {"Cookie", "sesame3"}};
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(
      "GET /page?token=sesame1 HTTP/1.1\r\nHost: www.mywebsite.com\r\nUser-Agent: "
      "sim52xxd/" +
          std::string(daemon::version) +
          "\r\nAccept: */*\r\nAuthorization: Bearer sesame2\r\nCookie: sesame3\r\n\r\n",
      says("200 OK"));
  ASSERT_TRUE(run(std::move(request)));
  EXPECT_FALSE(stage.logged("sesame"));
}

TEST_F(HttpsJobTest, MaxBytesIsALimit) {
  HttpsRequest request = get();
  request.max_bytes = 4;
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("200 OK", "hello"));
  script_close();
  auto result = run(std::move(request));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::limit);
}

// Redirects.

TEST_F(HttpsJobTest, ARedirectIsAResultUnlessFollowed) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("302 Found", "look there", "Location: /there\r\n"));
  auto result = run(get());
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)["status"], 302);
  EXPECT_EQ((*result)["headers"]["location"], "/there");
  EXPECT_EQ(body->got, "look there");
}

TEST_F(HttpsJobTest, RedirectsAreFollowedOnTheSameConnectionAndOnAnother) {
  HttpsRequest request = get();
  request.headers = {{"Authorization", "sesame"}};
  request.follow_redirects = 2;
  const std::string secret = "Authorization: sesame\r\n";
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page", "www.mywebsite.com", secret),
                  says("302 Found", "look there", "Location: there\r\n"));
  script_exchange(asks("GET /there", "www.mywebsite.com", secret),
                  says("301 Moved", "look there", "Location: //other/x\r\n"));
  script_close();
  script_connect("other");
  script_exchange(asks("GET /x", "other"), says("200 OK", "here"));
  auto result = run(std::move(request));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ((*result)["status"], 200);
  EXPECT_EQ((*result)["redirects"], 2);
  EXPECT_EQ((*result)["bytes"], 4);
  EXPECT_EQ(body->got, "here");
  EXPECT_EQ(job().progress.stage, "redirect 2");
  EXPECT_EQ(job().progress.down, 4U);
}

TEST_F(HttpsJobTest, TooManyRedirectsAreALimit) {
  HttpsRequest request = get();
  request.follow_redirects = 1;
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("302 Found", "", "Location: /page\r\n"));
  script_exchange(asks("GET /page"), says("302 Found", "", "Location: /page\r\n"));
  script_close();
  auto result = run(std::move(request));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::limit);
}

TEST_F(HttpsJobTest, ARedirectOutOfTlsIsRefused) {
  HttpsRequest request = get();
  request.follow_redirects = 1;
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"),
                  says("302 Found", "", "Location: http://www.mywebsite.com/page\r\n"));
  script_close();
  auto result = run(std::move(request));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::unsupported);
  EXPECT_EQ(result.error().stage, "redirect");
}

TEST_F(HttpsJobTest, AnUploadIsRedirectedWithItsBody) {
  HttpsRequest request = put("hello");
  request.follow_redirects = 1;
  const std::string length = "Content-Length: 5\r\n";
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("PUT /page", "www.mywebsite.com", length) + "hello",
                  says("307 Temporary", "", "Location: /there\r\nConnection: close\r\n"));
  script_close();
  script_connect();
  script_exchange(asks("PUT /there", "www.mywebsite.com", length) + "hello", says("200 OK"));
  EXPECT_TRUE(run(std::move(request)));
  EXPECT_EQ(job().progress.up, 5U);
}

TEST_F(HttpsJobTest, AnUploadThatCannotBeReadTwiceIsNotRedirected) {
  HttpsRequest request = get();
  request.method = "PUT";
  request.follow_redirects = 1;
  auto source = std::make_unique<FakeSource>("hello");
  source->rewinds = false;
  request.body = std::move(source);
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("PUT /page", "www.mywebsite.com", "Content-Length: 5\r\n") + "hello",
                  says("307 Temporary", "", "Location: /there\r\n"));
  script_close();
  auto result = run(std::move(request));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::unsupported);
}

// What goes wrong, and what is left behind.

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

// Cancelling: at every stage the modem is unwound, and the stack is left in order.

class HttpsJobCancelled : public HttpsJobTest {
 protected:
  void expect_cancelled(Ran& ran) {
    ASSERT_TRUE(ran.done());
    ASSERT_FALSE(*ran);
    EXPECT_EQ(ran->error().kind, ErrorKind::cancelled);
    EXPECT_EQ(ran->error().message, "stopped by the test");
    EXPECT_TRUE(https.in_order());
    EXPECT_FALSE(https.open_to("www.mywebsite.com", 443));
    stage.pass(4s);  // warm, not dirty
    EXPECT_TRUE(https.started());
    // The next one finds everything as it should be.
    script_connect();
    script_exchange(asks("GET /page"), says("200 OK", "hello"));
    auto next = run(get());
    EXPECT_TRUE(next) << next.error().message;
  }
};

TEST_F(HttpsJobCancelled, BeforeItRan) {
  make(get());
  stop();
  Ran ran = stage.start(job().run());
  ASSERT_TRUE(ran.done());
  EXPECT_EQ(ran->error().kind, ErrorKind::cancelled);
}

TEST_F(HttpsJobCancelled, WhileTheStackStarts) {
  script.expect("AT+CHTTPSSTART\r").wait(5s).say("OK");
  Ran ran = start(get());
  EXPECT_EQ(job().state, JobState::connecting);
  stop();
  EXPECT_FALSE(ran.done());
  stage.pass(5s);
  expect_cancelled(ran);
}

TEST_F(HttpsJobCancelled, WhileConnecting) {
  script.command("AT+CHTTPSSTART").expect("AT+CHTTPSOPSE=\"www.mywebsite.com\",443\r");
  script.wait(30s).say("OK");
  Ran ran = start(get());
  stage.pass(10s);
  stop();
  EXPECT_FALSE(ran.done());
  script_close();
  stage.pass(20s);
  expect_cancelled(ran);
}

TEST_F(HttpsJobCancelled, WhileConnectingInVain) {
  script.command("AT+CHTTPSSTART").expect("AT+CHTTPSOPSE=\"www.mywebsite.com\",443\r");
  script.wait(30s).say("ERROR");
  Ran ran = start(get());
  stage.pass(10s);
  stop();
  stage.pass(20s);
  expect_cancelled(ran);
}

TEST_F(HttpsJobCancelled, WhileSending) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  const std::string much(20000, 'x');
  const std::string head = asks("PUT /page", "www.mywebsite.com", "Content-Length: 20000\r\n");
  script.expect("AT+CHTTPSSEND=1024\r").print("\r\n>");
  script.expect((head + much).substr(0, 1024)).call([this] {
    job().stop(Error(ErrorKind::cancelled, "job", "stopped by the test"));
  });
  script.say("OK");
  script_close();
  Ran ran = start(put(much));
  stage.pass(1s);
  expect_cancelled(ran);
}

TEST_F(HttpsJobCancelled, WhileItsBodyIsSlow) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  HttpsRequest request = get();
  request.method = "POST";
  request.body = std::make_unique<SlowBody>(stage.runtime);
  Ran ran = start(std::move(request));
  stage.pass(1min);
  EXPECT_EQ(job().state, JobState::sending);
  script_close();
  stop();
  expect_cancelled(ran);
}

TEST_F(HttpsJobCancelled, WhileCommitting) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_send(asks("GET /page"));
  script.command("AT+CHTTPSSEND").wait(20s).say("+CHTTPSSEND: 0");
  Ran ran = start(get());
  stage.pass(10s);
  stop();
  EXPECT_FALSE(ran.done());
  script_close();
  stage.pass(11s);
  expect_cancelled(ran);
}

TEST_F(HttpsJobCancelled, WhileWaitingForTheAnswer) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_send(asks("GET /page"));
  script_commit();
  Ran ran = start(get());
  stage.pass(500ms);
  EXPECT_EQ(job().state, JobState::receiving);
  script_close();
  stop();
  expect_cancelled(ran);
}

TEST_F(HttpsJobCancelled, WhileReceiving) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_send(asks("GET /page"));
  script_commit();
  script.say("+CHTTPS: RECV EVENT");
  script_receive("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
  script.expect("AT+CHTTPSRECV=1\r").wait(10s).say("OK").say("+CHTTPSRECV: 0");
  Ran ran = start(get());
  stage.pass(5s);
  EXPECT_EQ(body->got, "hello");
  stop();
  EXPECT_FALSE(ran.done());
  script_close();
  stage.pass(6s);
  expect_cancelled(ran);
}

TEST_F(HttpsJobCancelled, WhileItsReaderIsSlow) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("200 OK", "hello"));
  HttpsRequest request = get();
  request.response = std::make_unique<SlowBody>(stage.runtime);
  Ran ran = start(std::move(request));
  stage.pass(1min);
  EXPECT_FALSE(ran.done());
  script_close();
  stop();
  expect_cancelled(ran);
}

TEST_F(HttpsJobCancelled, WhileClosing) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("200 OK", "", "Connection: close\r\n"));
  script.expect("AT+CHTTPSCLSE\r").wait(10s).say("OK");
  Ran ran = start(get());
  stage.pass(5s);
  EXPECT_EQ(job().state, JobState::closing);
  stop();
  EXPECT_FALSE(ran.done());
  stage.pass(6s);
  expect_cancelled(ran);
}

TEST_F(HttpsJobCancelled, OfATimeoutItSaysSo) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_send(asks("GET /page"));
  script_commit();
  Ran ran = start(get());
  stage.pass(500ms);
  script_close();
  stop(ErrorKind::timeout);
  ASSERT_TRUE(ran.done());
  EXPECT_EQ(ran->error().kind, ErrorKind::timeout);
}

// A late stop() is not the next job's.
TEST_F(HttpsJobCancelled, AfterItsEndNobodyIsDisturbed) {
  script.command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("200 OK", "hello"));
  ASSERT_TRUE(run(get()));
  HttpsJob& first = job();
  script_send(asks("GET /page"));
  script_commit();
  Ran second = start(get());
  stage.pass(100ms);
  first.stop(Error(ErrorKind::cancelled, "job", "too late"));
  stage.settle();
  EXPECT_FALSE(second.done());
  script.say("+CHTTPS: RECV EVENT");
  script_receive(says("200 OK", "hello"));
  stage.pass(1s);
  ASSERT_TRUE(second.done());
  EXPECT_TRUE(*second);
}

// What cannot be asked.

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
