// Where the peer's data ends and the modem's lines begin, behind an escape.
#include "protocol/escape_answer.hpp"

#include <string>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

void expect_cut(const std::string& data, const std::string& rest, bool guest) {
  const std::string bytes = data + "\r\nOK\r\n" + rest;
  const auto found = find_escape_answer(bytes, guest);
  ASSERT_TRUE(found) << bytes;
  EXPECT_EQ(found->data, data);
  EXPECT_EQ(found->rest, rest);
  EXPECT_TRUE(found->sure);
}

TEST(EscapeAnswer, TheLastOkThatOnlyLinesOfTheModemFollow) {
  for (const bool guest : {false, true}) {
    expect_cut("", "", guest);
    expect_cut("the peer's", "", guest);
    expect_cut("the peer's\r\nOK\r\n and more", "", guest);
    expect_cut("data", "\r\n+CSQ: 20,99\r\n", false);
  }
}

TEST(EscapeAnswer, ThereIsNone) {
  EXPECT_FALSE(find_escape_answer("", true));
  EXPECT_FALSE(find_escape_answer("\r\nOK", true));
  EXPECT_FALSE(find_escape_answer("\r\nOK\r\nhello\r\n", false));
}

TEST(EscapeAnswer, BlocksOfSession1AreBehindIt) {
  expect_cut("data", "\r\n+CSSLRECV: DATA,1,5\r\nhello", true);
  expect_cut("data", "\r\n+CSSLRECV: DATA,1,5\r\nhello\r\n+CSSLRECV: DATA,1,2\r\nab", true);
}

TEST(EscapeAnswer, AnOkInABlockIsTheBlocks) {
  expect_cut("data", "\r\n+CSSLRECV: DATA,1,14\r\n1234\r\nOK\r\n5678", true);
  expect_cut("", "\r\n+CSSLRECV: DATA,1,12\r\n2\r\nOK\r\n0\r\n\r\n", true);  // chunked HTTP
  expect_cut("a\r\nOK\r\nb", "\r\n+CSSLRECV: DATA,1,14\r\n1234\r\nOK\r\n5678", true);
}

// A peer that says the head of a block and falls silent, and one that ends its block with an OK,
// look the same: nobody can say whose the OK is.
TEST(EscapeAnswer, WhatCanBeReadInTwoWaysIsNotSure) {
  const std::string bytes = "data\r\nOK\r\n\r\n+CSSLRECV: DATA,1,6\r\n\r\nOK\r\n";
  const auto found = find_escape_answer(bytes, true);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->sure);
  EXPECT_TRUE(find_escape_answer(bytes, false)->sure) << "session 1 is not in use";
}

}  // namespace
}  // namespace sim52xx
