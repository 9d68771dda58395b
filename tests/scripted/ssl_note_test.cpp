// The three SSL sessions of the note, byte for byte, through the daemon's own classes. The stack
// always says which mode it wants, so AT+CSSLMODE=0 is sent where the note leaves it out.
#include "tests/scripted/ssl_fixture.hpp"

namespace sim52xx::test {
namespace {

TEST_F(SslTest, Note47Transparent) {
  Time plus{};
  script_start(transparent);
  script.expect("AT+CSSLOPEN=0,\"www.myserver.com\",443\r")
      .print("\r\n+CSSLALERT: 0,2,134218240\r\n\r\n+CSSLOPEN: ALERTSTATE\r\n\r\nERROR\r\n");
  script.expect("AT+CSSLCONT=0\r").wait(2s).say("CONNECT 115200");
  script.expect("hello, server\r\n").print("hello, client\r\n");
  Task<Result<void>> opened = open(0, transparent, note_alert);
  EXPECT_FALSE(opened.done());
  stage.pass(2s);
  ASSERT_TRUE(opened.done());
  ASSERT_TRUE(*opened);
  EXPECT_TRUE(std::filesystem::exists(marker_path));
  EXPECT_TRUE(stack.online());

  EXPECT_EQ(**send(0, "hello, server\r\n"), 15U);
  stage.pass(CloseDetector::prefix_hold);  // for the CR LF that a farewell may begin with
  EXPECT_EQ(received(0), "hello, client\r\n");
  const Time last_byte = stage.now();

  script.expect("+++").call([&] { plus = stage.now(); }).wait(1s).say("OK");
  script.expect("AT+CGSN\r").call([&] { EXPECT_GE(stage.now() - plus, 1s); });
  script.print(std::string(number));
  script.command("AT+CSSLSEND?", "+CSSLSEND: 0,0,1,0").say("OK");
  script.command("AT+CSSLCLOSE=0").say("CLOSED");
  Task<void> closed = close(0);
  stage.pass(4s);
  EXPECT_TRUE(closed.done());
  EXPECT_GE(plus - last_byte, 1s);
  EXPECT_FALSE(std::filesystem::exists(marker_path));
  script.command("AT+CSSLSTOP");
  EXPECT_TRUE(stop().done());
  EXPECT_TRUE(script.finished());
}

// The alert of session 1 is printed with id 0.
TEST_F(SslTest, Note63Counted) {
  const std::string request =
      "GET / HTTP/1.1\r\nHost: www.mywebsite.com\r\nUser-Agent: MY WEB AGENT\r\n"
      "Content-Length: 0\r\n\r\n";
  const std::string page =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Language: zh-CN\r\n"
      "Content-Length: 57\r\nDate: Tue, 31 Mar 2009 01:56:05 GMT\r\nConnection: Close\r\n"
      "Proxy-Connection: Close\r\n\r\n<html>\r\n<header>test</header>\r\n<body>\r\nTest body\r\n"
      "</body>";
  ASSERT_EQ(request.size(), 88U);
  script_start(counted);
  script.expect("AT+CSSLOPEN=1,\"www.myserver.com\",443\r")
      .print("\r\n+CSSLALERT: 0,2,134218240\r\n\r\n+CSSLOPEN: ALERTSTATE\r\n\r\nERROR\r\n");
  script.command("AT+CSSLCONT=1");
  Task<Result<void>> opened = open(1, counted, note_alert);
  ASSERT_TRUE(opened.done());
  ASSERT_TRUE(*opened);
  EXPECT_EQ(stack.session(1).alerts, 1U);
  EXPECT_EQ(stack.session(0).alerts, 0U);

  script.expect("AT+CSSLSEND=1,88\r").print("\r\n>").expect(request);
  script.print("\r\nOK\r\n\r\n+CSSLSEND: 1, 0, 88\r\n");
  script.print("\r\n+CSSLRECV: DATA, 1, " + std::to_string(page.size()) + "\r\n" + page + "\r\n");
  EXPECT_EQ(**send(1, request), 88U);
  EXPECT_EQ(stack.session(1).sent, 88U);
  EXPECT_EQ(received(1), page);

  script.command("AT+CSSLCLOSE=1");
  EXPECT_TRUE(close(1).done());
  EXPECT_TRUE(script.finished());
  script.command("AT+CSSLSTOP");
  EXPECT_TRUE(stop().done());
  EXPECT_TRUE(script.finished());
}

TEST_F(SslTest, Note42Cancelled) {
  script_start(counted);
  script.expect("AT+CSSLOPEN=1,\"www.myserver.com\",443\r")
      .print("\r\n+CSSLALERT: 0,2,134218240\r\n\r\n+CSSLOPEN: ALERTSTATE\r\n\r\nERROR\r\n");
  script.command("AT+CSSLCLOSE=1");
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(opened.done());
  ASSERT_FALSE(*opened);
  EXPECT_EQ(opened->error().kind, ErrorKind::tls_alert);
  const std::string& words = opened->error().message;
  EXPECT_NE(words.find("accept_alerts = [\"bad-issuer\", \"view-certificate\"] into [ssl1]"),
            std::string::npos)
      << words;
  EXPECT_EQ(stack.session(1).state, SslSession::State::closed);
  EXPECT_TRUE(script.finished());
  script.command("AT+CSSLSTOP");
  EXPECT_TRUE(stop().done());
  EXPECT_TRUE(script.finished());
}

}  // namespace
}  // namespace sim52xx::test
