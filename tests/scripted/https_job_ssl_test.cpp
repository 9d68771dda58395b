// HTTPS jobs over a session of the SSL stack, and who waits for whom.
#include "tests/scripted/https_job_fixture.hpp"

namespace sim52xx::test {
namespace {

// The note's 134218240: bad-issuer and view-certificate.
constexpr std::uint32_t note_alert = 0x08000200;

class HttpsJobSsl : public HttpsJobTest {
 protected:
  static Want ssl_zero(Transparency transparency) {
    Want want;
    want.ssl.emplace();
    want.ssl->zero = true;
    want.ssl->transparency = transparency;
    return want;
  }
  // The lease goes while the arbiter's work can still be waited for.
  void TearDown() override {
    HttpsJobTest::TearDown();
    held.clean();
    {
      const daemon::Lease given_back = std::move(held);
    }
    stage.settle();
  }

  // A client of ssl0 has session 0.
  void hold(SslSession::Mode mode = SslSession::Mode::counted) {
    const bool transparent = mode == SslSession::Mode::transparent;
    holder = std::make_unique<Holder>(
        ssl_zero(transparent ? Transparency::always : Transparency::never));
    auto taken = stage.run(arbiter.take(*holder, Arbiter::Busy::wait));
    ASSERT_TRUE(taken);
    held = std::move(*taken);
    script.command("AT+CSSLSET=1").command(transparent ? "AT+CSSLMODE=1" : "AT+CSSLMODE=0");
    script.command("AT+CSSLSTART");
    script.command("AT+CSSLOPEN=0,\"www.myserver.com\",443", transparent ? "CONNECT 115200" : "OK");
    Task<Result<void>> opened = ModemTest::open(0, mode);
    ASSERT_TRUE(opened.done());
    ASSERT_TRUE(*opened);
  }
  static HttpsRequest get_via(daemon::Via via) {
    HttpsRequest asked = get();
    asked.via = via;
    return asked;
  }
  void script_ssl_open(int id) {
    script.expect("AT+CSSLOPEN=" + std::to_string(id) + ",\"www.mywebsite.com\",443\r");
    script.wait(300ms).say("OK");
  }
  void script_ssl_send(int id, const std::string& bytes) {
    const std::string number_of = std::to_string(id);
    const std::string length = std::to_string(bytes.size());
    script.expect("AT+CSSLSEND=" + number_of + "," + length + "\r").print("\r\n>").expect(bytes);
    script.say("OK").say("+CSSLSEND: " + number_of + ",0," + length);
  }
  void script_ssl_receive(int id, const std::string& bytes) {
    script.print("\r\n+CSSLRECV: DATA," + std::to_string(id) + "," + std::to_string(bytes.size()) +
                 "\r\n" + bytes + "\r\n");
  }
  void script_ssl_exchange(int id, const std::string& asked, const std::string& said) {
    script_ssl_send(id, asked);
    script_ssl_receive(id, said);
  }

  std::unique_ptr<Holder> holder;
  daemon::Lease held;
};

TEST_F(HttpsJobSsl, WhileSslIsHeldTheSpareSessionServes) {
  hold();
  script_ssl_open(1);
  script_ssl_exchange(1, asks("GET /page"), says("200 OK", "hello"));
  script.command("AT+CSSLCLOSE=1");
  auto result = run(get());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ((*result)["via"], "ssl");
  EXPECT_EQ((*result)["verified"], true);
  EXPECT_EQ(body->got, "hello");
  EXPECT_EQ(stack.session(0).state, SslSession::State::open);
  EXPECT_EQ(stack.session(1).state, SslSession::State::closed);
}

TEST_F(HttpsJobSsl, AcceptedAlertsAreNoVerification) {
  hold();
  config.https.accept_alerts = note_alert;
  script.expect("AT+CSSLOPEN=1,\"www.mywebsite.com\",443\r");
  script.say("+CSSLALERT: 1,2,134218240").say("+CSSLOPEN: ALERTSTATE").say("ERROR");
  script.command("AT+CSSLCONT=1");
  script_ssl_exchange(1, asks("GET /page"), says("200 OK", "hello"));
  script.command("AT+CSSLCLOSE=1");
  auto result = run(get());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ((*result)["verified"], false);
}

TEST_F(HttpsJobSsl, ARefusedAlertNamesTheLineThatWouldAcceptIt) {
  hold();
  script.expect("AT+CSSLOPEN=1,\"www.mywebsite.com\",443\r");
  script.say("+CSSLALERT: 1,2,134218240").say("+CSSLOPEN: ALERTSTATE").say("ERROR");
  script.command("AT+CSSLCLOSE=1");
  auto result = run(get());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::tls_alert);
  EXPECT_NE(result.error().message.find(
                "accept_alerts = [\"bad-issuer\", \"view-certificate\"] into [https]"),
            std::string::npos)
      << result.error().message;
}

TEST_F(HttpsJobSsl, ByNameOverSsl) {
  script.command("AT+CSSLSET=1").command("AT+CSSLMODE=0").command("AT+CSSLSTART");
  script_ssl_open(1);
  // In blocks of 1024, and the answer until the server closes.
  const std::string much(3000, 'x');
  const std::string asked =
      asks("PUT /page", "www.mywebsite.com", "Content-Length: 3000\r\n") + much;
  for (std::size_t at = 0; at < asked.size(); at += 1024)
    script_ssl_send(1, asked.substr(at, 1024));
  script_ssl_receive(1, "HTTP/1.1 200 OK\r\n\r\nhel");
  script.wait(2s);
  script_ssl_receive(1, "lo");
  script.say("+CSSLCLOSE: 1");
  script.command("AT+CSSLCLOSE=1", "ERROR");
  HttpsRequest request = put(much);
  request.via = daemon::Via::ssl;
  auto result = run(std::move(request));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ((*result)["via"], "ssl");
  EXPECT_EQ(body->got, "hello");
  EXPECT_EQ(job().progress.up, 3000U);
}

TEST_F(HttpsJobSsl, ByNameOverHttpsItWaitsAndSaysForWhom) {
  hold();
  Ran ran = start(get_via(daemon::Via::https));
  stage.pass(1min);
  EXPECT_EQ(job().state, JobState::acquiring);
  const auto waits = arbiter.waiting_for(job());
  ASSERT_TRUE(waits);
  EXPECT_EQ(waits->stack, "ssl");
  EXPECT_EQ(waits->holder, "ssl0");
  script.command("AT+CSSLCLOSE=0").command("AT+CSSLSTOP").command("AT+CHTTPSSTART");
  script_connect();
  script_exchange(asks("GET /page"), says("200 OK", "hello"));
  stage.run(stack.close(0));
  held.clean();
  held = daemon::Lease();
  stage.pass(2s);
  ASSERT_TRUE(ran.done());
  ASSERT_TRUE(*ran);
  EXPECT_EQ((**ran)["via"], "https");
}

TEST_F(HttpsJobSsl, CancelledWhileItWaits) {
  hold();
  Ran ran = start(get_via(daemon::Via::https));
  stage.pass(1min);
  stop();
  ASSERT_TRUE(ran.done());
  EXPECT_EQ(ran->error().kind, ErrorKind::cancelled);
  EXPECT_FALSE(arbiter.waiting_for(job()));
}

TEST_F(HttpsJobSsl, AFailedConnection) {
  hold();
  script.expect("AT+CSSLOPEN=1,\"www.mywebsite.com\",443\r").wait(2s).say("ERROR");
  auto result = run(get());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::connect_failed);
  EXPECT_EQ(stack.session(1).state, SslSession::State::closed);
  EXPECT_EQ(stack.session(0).state, SslSession::State::open);
}

TEST_F(HttpsJobSsl, ACutAnswer) {
  hold();
  script_ssl_open(1);
  script_ssl_exchange(1, asks("GET /page"), "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel");
  script.say("+CSSLCLOSE: 1").command("AT+CSSLCLOSE=1", "ERROR");
  auto result = run(get());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::peer_closed);
}

TEST_F(HttpsJobSsl, ASilentServerIsATimeout) {
  hold();
  script_ssl_open(1);
  script_ssl_send(1, asks("GET /page"));
  const Time before = stage.now();
  script.wait(2min).command("AT+CSSLCLOSE=1");
  auto result = run(get());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::timeout);
  EXPECT_GE(stage.now() - before, 2min);
}

TEST_F(HttpsJobSsl, ARedirectToTheSameServerUsesTheSession) {
  hold();
  script_ssl_open(1);
  script_ssl_exchange(1, asks("GET /page"), says("302 Found", "", "Location: /there\r\n"));
  script_ssl_exchange(1, asks("GET /there"), says("200 OK", "hello"));
  script.command("AT+CSSLCLOSE=1");
  HttpsRequest request = get();
  request.follow_redirects = 1;
  EXPECT_TRUE(run(std::move(request)));
}

class HttpsJobSslCancelled : public HttpsJobSsl {
 protected:
  void expect_cancelled(Ran& ran) {
    ASSERT_TRUE(ran.done());
    ASSERT_FALSE(*ran);
    EXPECT_EQ(ran->error().kind, ErrorKind::cancelled);
    EXPECT_EQ(stack.session(1).state, SslSession::State::closed);
    EXPECT_EQ(stack.session(0).state, SslSession::State::open);
    script_ssl_open(1);
    script_ssl_exchange(1, asks("GET /page"), says("200 OK", "hello"));
    script.command("AT+CSSLCLOSE=1");
    EXPECT_TRUE(run(get()));
  }
};

TEST_F(HttpsJobSslCancelled, WhileConnecting) {
  hold();
  script.expect("AT+CSSLOPEN=1,\"www.mywebsite.com\",443\r").wait(10s).say("OK");
  Ran ran = start(get());
  stage.pass(5s);
  stop();
  EXPECT_FALSE(ran.done());
  script.command("AT+CSSLCLOSE=1");
  stage.pass(6s);
  expect_cancelled(ran);
}

TEST_F(HttpsJobSslCancelled, WhileSending) {
  hold();
  script_ssl_open(1);
  const std::string much(20000, 'x');
  const std::string head = asks("PUT /page", "www.mywebsite.com", "Content-Length: 20000\r\n");
  // The modem takes blocks, and gets rid of none.
  for (std::size_t at = 0; at < 8 * 1024; at += 1024) {
    script.expect("AT+CSSLSEND=1,1024\r").print("\r\n>");
    script.expect((head + much).substr(at, 1024)).say("OK");
  }
  line_answers("AT+CSSLSEND?", "+CSSLSEND: 0,0,1,8192");
  Ran ran = start(put(much));
  stage.pass(30s);
  EXPECT_FALSE(ran.done());
  EXPECT_EQ(job().state, JobState::sending);
  script.command("AT+CSSLCLOSE=1");
  stop();
  stage.pass(2s);
  expect_cancelled(ran);
}

TEST_F(HttpsJobSslCancelled, WhileWaitingForTheAnswer) {
  hold();
  script_ssl_open(1);
  script_ssl_send(1, asks("GET /page"));
  Ran ran = start(get());
  stage.pass(30s);
  EXPECT_EQ(job().state, JobState::receiving);
  script.command("AT+CSSLCLOSE=1");
  stop();
  expect_cancelled(ran);
}

// A modem that does not serve session 1 beside a transparent session 0: the job waits its turn.
TEST_F(HttpsJobSsl, AModemWithoutWindowsLetsItWait) {
  const auto escape = [this] {
    script.expect("+++").wait(1s).say("OK").expect("AT+CGSN\r").print(std::string(number));
  };
  hold(SslSession::Mode::transparent);
  ASSERT_TRUE(stack.online());
  escape();
  // Asked twice: one quick ERROR may have been the server's.
  script.command("AT+CSSLOPEN=1,\"www.mywebsite.com\",443", "ERROR");
  script.command("AT+CSSLOPEN=1,\"www.mywebsite.com\",443", "ERROR");
  script.command("ATO", "CONNECT 115200");
  Ran ran = start(get());
  stage.pass(10s);
  EXPECT_FALSE(stack.windows());
  EXPECT_FALSE(ran.done());
  EXPECT_EQ(job().state, JobState::acquiring);
  ASSERT_TRUE(arbiter.waiting_for(job()));
  stop();
  EXPECT_TRUE(ran.done());
  escape();
  script.command("AT+CSSLCLOSE=0");
  Task<void> closed = stage.start(stack.close(0));
  stage.pass(5s);
  ASSERT_TRUE(closed.done());
}

}  // namespace
}  // namespace sim52xx::test
