#include "daemon/http/headers.hpp"

#include <gtest/gtest.h>

namespace sim52xx::daemon::http {
namespace {

std::string refusal(const std::string& name, const std::string& value,
                    std::optional<std::uint64_t> body = 0) {
  const auto fine = check_headers({{name, value}}, body);
  if (fine) return {};
  EXPECT_EQ(fine.error().kind, ErrorKind::invalid);
  return fine.error().message;
}

TEST(Headers, NamesAreTheSameInEitherCase) {
  EXPECT_TRUE(same_name("Content-Length", "content-LENGTH"));
  EXPECT_FALSE(same_name("Content-Length", "Content-Lengths"));
  Headers headers{{"A", "1"}, {"B", "2"}, {"a", "3"}};
  EXPECT_EQ(find(headers, "b"), "2");
  EXPECT_EQ(find(headers, "c"), std::nullopt);
  remove(headers, "A");
  EXPECT_EQ(headers, (Headers{{"B", "2"}}));
}

TEST(Headers, OrdinaryOnesPass) {
  for (const auto& [name, value] : Headers{{"Accept", "text/html;q=0.9, */*"},
                                           {"If-None-Match", "\"abc\""},
                                           {"X-Empty", ""},
                                           {"X-Tab", "a\tb"},
                                           {"X-Name", "J\xc3\xbcrgen"},
                                           {"Connection", "Close"},
                                           {"!#$%&'*+-.^_`|~", "x"},
                                           {"Host", "other"}})
    EXPECT_EQ(refusal(name, value), "") << name;
}

TEST(Headers, WhatCouldEndALineIsRefusedAndNamed) {
  EXPECT_EQ(refusal("X-A", "b\rc"), "headers: X-A contains a carriage return");
  EXPECT_EQ(refusal("X-A", "b\nc"), "headers: X-A contains a line feed");
  EXPECT_EQ(refusal("X-A", std::string("b\0c", 3)), "headers: X-A contains a NUL byte");
  EXPECT_EQ(refusal("X-A", "b\x1a"), "headers: X-A contains a control byte");
  EXPECT_EQ(refusal("X-A", "b\x7f"), "headers: X-A contains a control byte");
  for (const std::string& name :
       {std::string(), std::string("X A"), std::string("X:A"), std::string("X\r\nA"),
        std::string("X\"A"), std::string("X\0A", 3), std::string("X\xc3\xa4"), std::string("(X)")})
    EXPECT_NE(refusal(name, "v").find("headers: "), std::string::npos) << name;
  EXPECT_EQ(refusal("X\r\nA", "v"), "headers: X\\r\\nA is not a name of a header");
}

TEST(Headers, SecretsAreNotRepeated) {
  const std::string words = refusal("Authorization", "Bearer secret\n");
  EXPECT_NE(words.find("Authorization"), std::string::npos);
  EXPECT_EQ(words.find("secret"), std::string::npos);
}

TEST(Headers, SizesHaveLimits) {
  EXPECT_EQ(refusal("X-A", std::string(8192, 'v')), "");
  EXPECT_NE(refusal("X-A", std::string(8193, 'v')), "");
  EXPECT_NE(refusal(std::string(10240, 'n'), "v"), "");
  EXPECT_TRUE(check_headers(Headers(100, {"X-A", "v"}), 0));
  EXPECT_FALSE(check_headers(Headers(101, {"X-A", "v"}), 0));
  EXPECT_FALSE(check_headers(Headers(5, {"X-A", std::string(8000, 'v')}), 0));
}

TEST(Headers, FramingIsOurs) {
  for (const char* name : {"Transfer-Encoding", "transfer-encoding", "Expect", "Upgrade", "TE"})
    EXPECT_NE(refusal(name, "x").find("cannot be set"), std::string::npos) << name;
  EXPECT_NE(refusal("Connection", "Upgrade"), "");
  EXPECT_EQ(refusal("Content-Length", "5", 5), "");
  EXPECT_EQ(refusal("Content-Length", " 5", 5), "");
  EXPECT_NE(refusal("Content-Length", "6", 5), "");
  EXPECT_NE(refusal("Content-Length", "5", std::nullopt), "");
  EXPECT_FALSE(check_headers({{"Host", "a"}, {"host", "b"}}, 0));
}

TEST(Headers, Methods) {
  for (const char* method : {"GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "M-SEARCH", "get"})
    EXPECT_TRUE(check_method(method)) << method;
  for (const char* method : {"", "GET /", "GET\r\n", "CONNECT", "connect", "G\"T", "G\xc3\xa4"}) {
    const auto fine = check_method(method);
    ASSERT_FALSE(fine) << method;
    EXPECT_EQ(fine.error().kind, ErrorKind::invalid);
    EXPECT_EQ(fine.error().message.rfind("method ", 0), 0U);
  }
  EXPECT_FALSE(check_method(std::string(33, 'M')));
}

}  // namespace
}  // namespace sim52xx::daemon::http
