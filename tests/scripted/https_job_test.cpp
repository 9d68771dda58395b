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

}  // namespace
}  // namespace sim52xx::test
