#include "protocol/result_codes.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

// By hand from the manuals' lists; the same condition has another number in each stack.
TEST(ResultText, every_code_of_every_stack) {
  const struct {
    long https;
    long ftps;
    long ssl;
    std::string_view words;
  } table[]{
      {0, 0, 0, "ok"},
      {-1, -1, 1, "alerting state"},
      {-1, 1, -1, "SSL verify alert"},
      {1, 2, 2, "unknown error"},
      {2, 3, 3, "busy"},
      {3, 4, -1, "server closed"},
      {-1, -1, 4, "peer closed"},
      {4, 5, 5, "timeout"},
      {5, 6, 6, "transfer failed"},
      {6, 7, 7, "out of memory"},
      {7, 8, 8, "invalid parameter"},
      {-1, 9, -1, "rejected by the server"},
      {8, 10, 9, "network error"},
  };
  const auto check = [](Stack stack, long code, std::string_view words) {
    if (code < 0) return;
    EXPECT_EQ(result_text(stack, code), std::string(words) + " (" + std::to_string(code) + ")");
  };
  for (const auto& row : table) {
    check(Stack::https, row.https, row.words);
    check(Stack::ftps, row.ftps, row.words);
    check(Stack::ssl, row.ssl, row.words);
  }
}

TEST(ResultText, numbers_that_no_list_names) {
  EXPECT_EQ(result_text(Stack::https, 9), "unknown result (9)");
  EXPECT_EQ(result_text(Stack::ftps, 11), "unknown result (11)");
  EXPECT_EQ(result_text(Stack::ssl, 10), "unknown result (10)");
  EXPECT_EQ(result_text(Stack::ftps, 421), "unknown result (421)");
  EXPECT_EQ(result_text(Stack::https, -1), "unknown result (-1)");
  EXPECT_EQ(result_text(Stack::none, 0), "unknown result (0)");
}

}  // namespace
}  // namespace sim52xx
