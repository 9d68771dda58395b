// Cancelling HTTPS jobs: at every stage the modem is unwound, and the stack is left in order.
#include "tests/scripted/https_job_fixture.hpp"

namespace sim52xx::test {
namespace {

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

}  // namespace
}  // namespace sim52xx::test
