#include "protocol/outcome.hpp"

#include <memory>
#include <string_view>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

// By hand from the control protocol's list of error kinds.
TEST(ErrorKind, names_and_retries) {
  const struct {
    ErrorKind kind;
    std::string_view name;
    bool retryable;
  } table[]{
      {ErrorKind::busy, "busy", true},
      {ErrorKind::denied, "denied", false},
      {ErrorKind::invalid, "invalid", false},
      {ErrorKind::modem_absent, "modem_absent", true},
      {ErrorKind::not_registered, "not_registered", true},
      {ErrorKind::connect_failed, "connect_failed", true},
      {ErrorKind::tls_alert, "tls_alert", false},
      {ErrorKind::timeout, "timeout", true},
      {ErrorKind::peer_closed, "peer_closed", true},
      {ErrorKind::cancelled, "cancelled", false},
      {ErrorKind::interrupted, "interrupted", true},
      {ErrorKind::not_found, "not_found", false},
      {ErrorKind::limit, "limit", false},
      {ErrorKind::unsupported, "unsupported", false},
      {ErrorKind::modem_error, "modem_error", true},
      {ErrorKind::protocol_error, "protocol_error", false},
  };
  for (const auto& row : table) {
    EXPECT_EQ(name(row.kind), row.name);
    EXPECT_EQ(retryable(row.kind), row.retryable) << row.name;
  }
}

TEST(Result, holds_a_value) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  ASSERT_TRUE(result);
  EXPECT_EQ(**result, 7);
  EXPECT_EQ(*result->get(), 7);
  const Result<std::string> text = std::string("abc");
  EXPECT_EQ(*text, "abc");
  EXPECT_EQ(text->size(), 3U);
}

TEST(Result, holds_an_error) {
  Result<int> result = Error(ErrorKind::timeout, "open", "no answer within 120 s");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::timeout);
  EXPECT_EQ(result.error().stage, "open");
  EXPECT_EQ(result.error().message, "no answer within 120 s");
  EXPECT_TRUE(result.error().at.empty());
  EXPECT_FALSE(result.error().alert);
}

TEST(Result, of_nothing) {
  Result<void> fine;
  EXPECT_TRUE(fine);
  const Result<void> failed = Error(ErrorKind::denied, "acquire", "not in the group");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::denied);
  fine = failed;
  ASSERT_FALSE(fine);
  fine.error().at = "AT";
  EXPECT_EQ(fine.error().at, "AT");
  EXPECT_TRUE(failed.error().at.empty());
}

}  // namespace
}  // namespace sim52xx
