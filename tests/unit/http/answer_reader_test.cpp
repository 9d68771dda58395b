#include "daemon/http/answer_reader.hpp"

#include <gtest/gtest.h>

#include "tests/support/splits.hpp"

namespace sim52xx::daemon::http {
namespace {

using sim52xx::test::for_each_split;
using sim52xx::test::Pieces;

struct Got {
  bool ok = true;
  std::optional<Error> error;
  Answer answer;
  std::string body;
  bool done = false;
};

// What the reader makes of these pieces; `closed`: the server closes behind them.
Got read(const Pieces& pieces, bool closed = false, bool head = false) {
  AnswerReader reader(head);
  Got got;
  for (const std::string_view piece : pieces) {
    if (auto fed = reader.feed(piece); !fed) {
      got.error = fed.error();
      return got;
    }
    got.body += reader.piece();
  }
  if (closed)
    if (auto ended = reader.end(); !ended) got.error = ended.error();
  got.done = reader.done();
  if (reader.head_done()) got.answer = reader.answer();
  return got;
}

void expect_body(std::string_view bytes, std::string_view body, bool reusable,
                 bool closed = false) {
  for_each_split(bytes, [&](const Pieces& pieces) {
    const Got got = read(pieces, closed);
    ASSERT_FALSE(got.error) << got.error->message;
    EXPECT_TRUE(got.done);
    EXPECT_EQ(got.answer.status, 200);
    EXPECT_EQ(got.body, body);
    EXPECT_EQ(got.answer.bytes, body.size());
    EXPECT_EQ(got.answer.reusable, reusable);
  });
}

TEST(AnswerReader, ContentLength) {
  expect_body("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", true);
  expect_body("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", true);
  expect_body("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", "hello", true);
}

TEST(AnswerReader, Chunked) {
  expect_body(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=\"y\"\r\n,\r\n"
      "00007\r\n world!\r\n0\r\n\r\n",
      "hello, world!", true);
}

TEST(AnswerReader, TrailersAreDropped) {
  const std::string_view bytes =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\n"
      "X-Sum: 1234\r\nX-More: 5\r\n\r\n";
  expect_body(bytes, "hello", true);
  EXPECT_EQ(find(read({bytes}).answer.headers, "x-sum"), std::nullopt);
}

TEST(AnswerReader, UntilTheServerCloses) {
  expect_body("HTTP/1.1 200 OK\r\n\r\nhello", "hello", false, true);
  expect_body("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n", "", false, true);
  EXPECT_FALSE(read({"HTTP/1.1 200 OK\r\n\r\nhello"}).done);
}

TEST(AnswerReader, WhatSpeaksAgainstAnotherRequest) {
  expect_body("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "ok", false);
  expect_body("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", false);
  expect_body("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok", "ok",
              true);
  EXPECT_FALSE(
      read({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK"}).answer.reusable);
}

TEST(AnswerReader, HeadAndFriendsHaveNoBody) {
  for_each_split("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", [](const Pieces& pieces) {
    const Got got = read(pieces, false, true);
    EXPECT_TRUE(got.done);
    EXPECT_TRUE(got.answer.reusable);
    EXPECT_EQ(got.answer.length, std::nullopt);
    EXPECT_EQ(find(got.answer.headers, "content-length"), "5");
  });
  EXPECT_TRUE(read({"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"}).done);
  EXPECT_TRUE(read({"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"}).done);
  EXPECT_TRUE(read({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"}, false, true).done);
}

TEST(AnswerReader, InterimAnswersAreSkipped) {
  expect_body(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
      "hello", true);
  EXPECT_FALSE(read({"HTTP/1.1 100 Continue\r\n\r\n"}).done);
  EXPECT_EQ(read({"HTTP/1.1 100 Continue\r\n\r\n"}, true).error->kind, ErrorKind::peer_closed);
  EXPECT_EQ(read({"HTTP/1.1 101 Switching Protocols\r\n\r\n"}).error->kind,
            ErrorKind::protocol_error);
  std::string many;
  for (int i = 0; i < 101; ++i)
    many += "HTTP/1.1 102 Processing\r\n\r\n";
  EXPECT_EQ(read({many}).error->kind, ErrorKind::protocol_error);
}

TEST(AnswerReader, Headers) {
  const Got got =
      read({"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie:b=2 \r\nX-Empty:\r\nContent-LENGTH: "
            "0\r\n\r\n"});
  EXPECT_EQ(
      got.answer.headers,
      (Headers{
          {"set-cookie", "a=1"}, {"set-cookie", "b=2"}, {"x-empty", ""}, {"content-length", "0"}}));
  EXPECT_EQ(got.answer.length, std::nullopt);  // there is no body
  EXPECT_EQ(read({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nh"}).answer.length, 5U);
}

// Cut at every byte: whatever is missing, it is told.
TEST(AnswerReader, CutAnswersAreTold) {
  for (const std::string_view bytes :
       {std::string_view("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        std::string_view("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
                         "X: y\r\n\r\n")})
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      const Got got = read({bytes.substr(0, length)}, true);
      ASSERT_TRUE(got.error) << length;
      EXPECT_EQ(got.error->kind, ErrorKind::peer_closed) << length;
      EXPECT_FALSE(got.done) << length;
    }
  EXPECT_EQ(read({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"}, true).error->message,
            "the server closed before its answer was complete: 3 of 5 bytes of the body came");
  EXPECT_EQ(read({}, true).error->message, "the server closed without an answer");
}

TEST(AnswerReader, BrokenAnswersAreTold) {
  for (const std::string_view bytes :
       {"SSH-2.0-OpenSSH_9\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 2 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nX: \x01\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello5\r\nxx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\n"}) {
    const Got got = read({bytes});
    ASSERT_TRUE(got.error) << bytes;
    EXPECT_EQ(got.error->kind, ErrorKind::protocol_error) << bytes;
    EXPECT_EQ(got.error->message.find("the server's answer is not HTTP: "), 0U) << bytes;
  }
}

// Memory stays bounded, whatever comes without an end.
TEST(AnswerReader, EndlessHeadsAreRefused) {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& beginning :
       {std::string("HTTP/1.1 200 "), std::string("HTTP/1.1 200 OK\r\nX: "), chunked + "5;x=",
        chunked + "0\r\nX: ", std::string("HTTP/1.1 200 OK\r\n"), chunked + "0\r\n"}) {
    AnswerReader reader(false);
    const bool lines = beginning.ends_with("\n");
    const std::string more = lines ? "X: yyyyyyyyyyyy\r\n" : std::string(1024, 'x');
    auto fed = reader.feed(beginning);
    std::size_t total = 0;
    while (fed && total < std::size_t{200} * 1024) {
      fed = reader.feed(more);
      total += more.size();
    }
    ASSERT_FALSE(fed) << beginning;
    EXPECT_EQ(fed.error().kind, ErrorKind::limit) << beginning;
    EXPECT_LE(total, std::size_t{70} * 1024) << beginning;
  }
}

TEST(AnswerReader, LongHeadsWithinTheLimitPass) {
  std::string bytes = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 60; ++i)
    bytes += "X: " + std::string(1000, 'x') + "\r\n";
  bytes += "Content-Length: 5\r\n\r\nhello";
  const Got got = read({bytes});
  EXPECT_FALSE(got.error);
  EXPECT_EQ(got.body, "hello");
}

}  // namespace
}  // namespace sim52xx::daemon::http
