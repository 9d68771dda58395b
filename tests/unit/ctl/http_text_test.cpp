#include "daemon/ctl/http_text.hpp"

#include <gtest/gtest.h>

namespace sim52xx::ctl {
namespace {

TEST(HttpText, Headers) {
  const auto header = parse_header("Content-Type:  text/plain; charset=utf-8 ");
  ASSERT_TRUE(header);
  EXPECT_EQ(*header, Header("Content-Type", "text/plain; charset=utf-8"));
  EXPECT_EQ(*parse_header("X-Time: 12:30"), Header("X-Time", "12:30"));
  EXPECT_EQ(*parse_header("X-Empty;"), Header("X-Empty", ""));
}

TEST(HttpText, WhatIsNoHeader) {
  for (const char* wrong : {"", "nonsense", ": value", "A B: c", "Name:", "Name: ", "two words;"})
    EXPECT_FALSE(parse_header(wrong)) << wrong;
}

TEST(HttpText, NamesInEitherCase) {
  const std::vector<Header> headers{{"CONTENT-type", "x"}};
  EXPECT_TRUE(has_header(headers, "content-Type"));
  EXPECT_FALSE(has_header(headers, "content"));
}

TEST(HttpText, Status) {
  EXPECT_EQ(status_text(404), "404 Not Found");
  EXPECT_EQ(status_text(299), "299");
}

TEST(HttpText, HeadHoweverTheDaemonWritesHeaders) {
  const std::string expected = "HTTP/1.1 200 OK\r\na: 1\r\nb: 2\r\n\r\n";
  for (const char* headers : {R"({"a": "1", "b": "2"})", R"([["a", "1"], ["b", "2"]])",
                              R"([{"name": "a", "value": "1"}, {"name": "b", "value": "2"}])"}) {
    const json result = {{"status", 200}, {"headers", json::parse(headers)}};
    EXPECT_EQ(head_text(result), expected) << headers;
  }
  const json twice = json::parse(R"({"status": 200, "headers": {"a": ["1", "2"]}})");
  EXPECT_EQ(head_text(twice), "HTTP/1.1 200 OK\r\na: 1\r\na: 2\r\n\r\n");
  EXPECT_EQ(head_text(json::object()), "HTTP/1.1 0\r\n\r\n") << "no reason to crash";
}

TEST(HttpText, AServerCannotSendLinesOfItsOwn) {
  const json result = json::parse(R"({"status": 200, "headers": {"a": "x\r\nb: y\u001b"}})");
  EXPECT_EQ(head_text(result), "HTTP/1.1 200 OK\r\na: x\\x0d\\x0ab: y\\x1b\r\n\r\n");
}

}  // namespace
}  // namespace sim52xx::ctl
