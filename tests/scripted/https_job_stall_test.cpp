// A job whose own reader or writer does nothing: it keeps the modem as long as nobody else wants
// it.
#include "tests/scripted/https_job_fixture.hpp"

namespace sim52xx::test {
namespace {

using namespace std::chrono_literals;

class HttpsJobStall : public HttpsJobTest {
 protected:
  void SetUp() override {
    HttpsJobTest::SetUp();
    script.command("AT+CHTTPSSTART");
    script_connect();
  }
  HttpsRequest slow_put() {
    HttpsRequest request = get();
    request.method = "PUT";
    request.body = std::make_unique<SlowBody>(stage.runtime);
    return request;
  }
  HttpsRequest slow_get() {
    script_exchange(asks("GET /page"), says("200 OK", "hello"));
    HttpsRequest request = get();
    request.response = std::make_unique<SlowBody>(stage.runtime);
    return request;
  }

  // Somebody else comes, and gets the modem once the job has ended.
  void expect_end_for_another(Ran& ran, std::string_view what) {
    Want ssl;
    ssl.ssl = SslWant();
    ssl.ssl->zero = true;
    Holder other(ssl);
    const Time before = stage.now();
    auto taken = stage.start(arbiter.take(other, Arbiter::Busy::wait));
    script_close();
    script.command("AT+CHTTPSSTOP");
    ASSERT_TRUE(stage.until([&] { return taken.done(); }, 2min));
    EXPECT_LE(stage.now() - before, daemon::BodyStall::longest + 1s);
    ASSERT_TRUE(*taken);
    ASSERT_TRUE(ran.done());
    EXPECT_EQ(ran->error().kind, ErrorKind::limit);
    EXPECT_NE(ran->error().message.find(what), std::string::npos) << ran->error().message;
    EXPECT_NE(ran->error().message.find("ssl0"), std::string::npos) << ran->error().message;
    (*taken)->clean();
  }
};

TEST_F(HttpsJobStall, AWriterThatGivesNothingGivesWay) {
  Ran ran = start(slow_put());
  stage.pass(1s);
  expect_end_for_another(ran, "the writer of the body");
}

TEST_F(HttpsJobStall, AReaderThatTakesNothingGivesWay) {
  Ran ran = start(slow_get());
  stage.pass(1s);
  expect_end_for_another(ran, "the reader of the answer");
}

TEST_F(HttpsJobStall, WhileNobodyWaitsItMayTakeItsTime) {
  Ran ran = start(slow_get());
  stage.pass(1h);
  EXPECT_FALSE(ran.done());
  expect_end_for_another(ran, "the reader of the answer");
}

}  // namespace
}  // namespace sim52xx::test
