// HTTPS jobs that are redirected.
#include "tests/scripted/https_job_fixture.hpp"

namespace sim52xx::test {
namespace {

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

}  // namespace
}  // namespace sim52xx::test
