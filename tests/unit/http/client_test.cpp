#include "daemon/http/client.hpp"

#include <gtest/gtest.h>

#include "daemon/system/version.hpp"
#include "tests/support/splits.hpp"
#include "tests/unit/http/fake_stream.hpp"

namespace sim52xx::daemon::http {
namespace {

using sim52xx::test::for_each_split;
using sim52xx::test::Pieces;
using test::FakeSink;
using test::FakeSource;
using test::FakeStream;

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class ClientTest : public testing::Test, protected Watcher {
 protected:
  Result<Answer> exchange() {
    Client client(stream, *this, max_bytes);
    auto answer = test::run(client.exchange(request));
    answered = client.answered();
    return answer;
  }
  void answer_with(std::string_view bytes) { stream.down.assign(1, std::string(bytes)); }
  // What goes up for `ok`.
  std::string sent() {
    answer_with(ok);
    EXPECT_TRUE(exchange());
    return stream.up;
  }

  void on_sent(std::uint64_t count) override { body_sent += count; }
  void on_waiting() override { ++waiting; }
  Sink* on_answer(const Answer& head) override {
    ++heads;
    head_length = head.length;
    return wanted ? &sink : nullptr;
  }
  void on_received(std::uint64_t count) override { body_received += count; }

  FakeStream stream;
  FakeSink sink;
  Request request{"GET", *parse_url("https://www.mywebsite.com/page?q=1"), {}, nullptr};
  std::uint64_t max_bytes = 0;
  bool wanted = true;
  bool answered = false;
  std::uint64_t body_sent = 0;
  std::uint64_t body_received = 0;
  int waiting = 0;
  int heads = 0;
  std::optional<std::uint64_t> head_length;
};

const std::string agent = "User-Agent: sim52xxd/" + std::string(version) + "\r\n";

TEST_F(ClientTest, Get) {
  EXPECT_EQ(sent(), "GET /page?q=1 HTTP/1.1\r\nHost: www.mywebsite.com\r\n" + agent +
                        "Accept: */*\r\n\r\n");
  EXPECT_EQ(stream.flushes, 1);
  EXPECT_EQ(sink.got, "ok");
  EXPECT_EQ(waiting, 1);
  EXPECT_EQ(heads, 1);
  EXPECT_EQ(head_length, 2U);
  EXPECT_EQ(body_received, 2U);
}

TEST_F(ClientTest, HeadersReplaceOurs) {
  request.url.port = 8443;
  request.headers = {{"user-agent", "mine"}, {"X-A", " 1 "}, {"Accept", "text/html"},
                     {"X-A", "2"},           {"X-E", ""},    {"Content-Length", "0"}};
  EXPECT_EQ(sent(),
            "GET /page?q=1 HTTP/1.1\r\nHost: www.mywebsite.com:8443\r\nuser-agent: mine\r\n"
            "X-A: 1\r\nX-A: 2\r\nAccept: text/html\r\nX-E: \r\n\r\n");
}

TEST_F(ClientTest, WithoutABodyPostSaysSo) {
  request.headers = {{"User-Agent", "mine"}};
  request.method = "POST";
  EXPECT_EQ(sent(),
            "POST /page?q=1 HTTP/1.1\r\nHost: www.mywebsite.com\r\nAccept: */*\r\n"
            "User-Agent: mine\r\nContent-Length: 0\r\n\r\n");
  stream.up.clear();
  request.method = "DELETE";
  EXPECT_EQ(sent().find("Content-Length"), std::string::npos);
}

std::string body_of(const std::string& up) {
  return up.substr(up.find("\r\n\r\n") + 4);
}

TEST_F(ClientTest, ABodyOfKnownSize) {
  FakeSource body("hello, server");
  request.method = "PUT";
  request.body = &body;
  const std::string up = sent();
  EXPECT_NE(up.find("\r\nContent-Length: 13\r\n"), std::string::npos);
  EXPECT_EQ(body_of(up), "hello, server");
  EXPECT_EQ(up.find("Transfer-Encoding"), std::string::npos);
  EXPECT_EQ(body_sent, 13U);
}

TEST_F(ClientTest, AnEmptyBodyOfKnownSize) {
  FakeSource body("");
  request.method = "PUT";
  request.body = &body;
  const std::string up = sent();
  EXPECT_NE(up.find("\r\nContent-Length: 0\r\n"), std::string::npos);
  EXPECT_EQ(body_of(up), "");
}

TEST_F(ClientTest, ABodyOfUnknownSizeIsChunked) {
  FakeSource body("hello, server");
  body.announced.reset();
  body.step = 5;
  request.method = "POST";
  request.body = &body;
  const std::string up = sent();
  EXPECT_NE(up.find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_EQ(up.find("Content-Length"), std::string::npos);
  EXPECT_EQ(body_of(up), "5\r\nhello\r\n5\r\n, ser\r\n3\r\nver\r\n0\r\n\r\n");
  EXPECT_EQ(body_sent, 13U);
}

TEST_F(ClientTest, AnEmptyBodyOfUnknownSize) {
  FakeSource body("");
  body.announced.reset();
  request.method = "POST";
  request.body = &body;
  EXPECT_EQ(body_of(sent()), "0\r\n\r\n");
}

TEST_F(ClientTest, MuchIsMovedInPieces) {
  const std::string much(3000000, 'x');
  FakeSource body(much);
  request.method = "PUT";
  request.body = &body;
  stream.down = {"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n", much};
  ASSERT_TRUE(exchange());
  EXPECT_EQ(body_of(stream.up), much);
  EXPECT_EQ(stream.largest_write, 4096U);
  EXPECT_EQ(sink.got, much);
  EXPECT_LE(sink.largest, 4096U);
  EXPECT_EQ(body_sent, much.size());
  EXPECT_EQ(body_received, much.size());
}

TEST_F(ClientTest, ABodyThatEndsTooEarlyIsAnError) {
  FakeSource body("hello");
  body.announced = 10;
  request.body = &body;
  auto answer = exchange();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(answer.error().message, "the body of the request ended after 5 of 10 bytes");
  EXPECT_EQ(stream.flushes, 0);
}

TEST_F(ClientTest, ABodyThatGrowsIsCutAtItsSize) {
  FakeSource body("hello, server");
  body.announced = 5;
  request.body = &body;
  EXPECT_EQ(body_of(sent()), "hello");
}

TEST_F(ClientTest, ABodyThatFailsIsAnError) {
  FakeSource body("hello");
  body.announced.reset();
  body.error = Error(ErrorKind::interrupted, "body", "gone");
  request.body = &body;
  EXPECT_EQ(exchange().error().message, "gone");
}

TEST_F(ClientTest, AnswersCutAnywhere) {
  const std::string bytes =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n"
      "X-A: b\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
  for_each_split(bytes, [&](const Pieces& pieces) {
    stream = FakeStream();
    sink.got.clear();
    heads = 0;
    stream.down.assign(pieces.begin(), pieces.end());
    auto answer = exchange();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 404);
    EXPECT_EQ(answer->bytes, 11U);
    EXPECT_TRUE(answer->reusable);
    EXPECT_EQ(sink.got, "hello world");
    EXPECT_EQ(heads, 1);
  });
}

TEST_F(ClientTest, AnswersThatStopAnywhere) {
  for (std::size_t length = 0; length < ok.size(); ++length) {
    answer_with(ok.substr(0, length));
    auto answer = exchange();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::peer_closed);
    EXPECT_EQ(answered, length > 0);
  }
}

TEST_F(ClientTest, ErrorsOfTheStreamArePassedOn) {
  stream.read_error = Error(ErrorKind::interrupted, "receive", "the modem was lost");
  EXPECT_EQ(exchange().error().message, "the modem was lost");
  answer_with("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
  EXPECT_EQ(exchange().error().message, "the modem was lost");
  EXPECT_TRUE(answered);
}

TEST_F(ClientTest, ASinkThatFailsIsAnError) {
  sink.error = Error(ErrorKind::interrupted, "body", "the reader is gone");
  answer_with(ok);
  EXPECT_EQ(exchange().error().message, "the reader is gone");
}

TEST_F(ClientTest, MoreThanIsWantedIsALimit) {
  max_bytes = 4;
  answer_with("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n1234");
  EXPECT_TRUE(exchange());
  sink.got.clear();
  answer_with("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n1");
  EXPECT_EQ(exchange().error().kind, ErrorKind::limit);
  EXPECT_EQ(sink.got, "") << "told beforehand";
  answer_with("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n");
  EXPECT_EQ(exchange().error().kind, ErrorKind::limit);
}

TEST_F(ClientTest, ALittleThatNobodyWantsIsReadForTheConnection) {
  wanted = false;
  max_bytes = 1;  // which is about what somebody wants
  answer_with("HTTP/1.1 302 Found\r\nContent-Length: 10\r\n\r\n0123456789");
  auto answer = exchange();
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->reusable);
  EXPECT_EQ(body_received, 0U);
}

TEST_F(ClientTest, MuchThatNobodyWantsIsNotRead) {
  wanted = false;
  stream.down = {"HTTP/1.1 302 Found\r\nContent-Length: 20000\r\n\r\n", std::string(20000, 'x')};
  auto answer = exchange();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 302);
  EXPECT_FALSE(answer->reusable);
  stream.down = {"HTTP/1.1 302 Found\r\n\r\n", std::string(100000, 'x')};
  answer = exchange();
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->reusable);
  EXPECT_FALSE(stream.down.empty());
}

TEST_F(ClientTest, AnswersWithoutABody) {
  request.method = "HEAD";
  answer_with("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  auto answer = exchange();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->bytes, 0U);
  EXPECT_TRUE(answer->reusable);
  EXPECT_EQ(heads, 1);
}

// A server that refuses an upload says so, and closes.
TEST_F(ClientTest, AnAnswerBeforeAllWasSentCounts) {
  FakeSource body(std::string(100000, 'x'));
  request.method = "PUT";
  request.body = &body;
  stream.write_error = Error(ErrorKind::peer_closed, "send", "the server closed");
  stream.write_limit = 50000;
  answer_with("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
  auto answer = exchange();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
  EXPECT_FALSE(answer->reusable);
  EXPECT_EQ(sink.got, "no");

  stream.down.clear();
  answer = exchange();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "the server closed");
}

TEST_F(ClientTest, ACancelledRequestIsNotReadOn) {
  stream.write_error = Error(ErrorKind::cancelled, "send", "cancelled");
  answer_with(ok);
  EXPECT_EQ(exchange().error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace sim52xx::daemon::http
