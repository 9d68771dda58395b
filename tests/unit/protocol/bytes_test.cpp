#include "protocol/bytes.hpp"

#include <string>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

using namespace std::string_literals;

TEST(Printable, escapes_what_is_not_text) {
  EXPECT_EQ(printable("AT+CSQ"), "AT+CSQ");
  EXPECT_EQ(printable("a\r\n\tb"), "a\\r\\n\\tb");
  EXPECT_EQ(printable("\\ \""), "\\\\ \"");
  EXPECT_EQ(printable("\0\x1f\x7f\x80\xff"s), "\\x00\\x1f\\x7f\\x80\\xff");
  EXPECT_EQ(printable(" ~"), " ~");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, cuts_and_tells_the_length) {
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdefg", 6), "abcdef... (7 bytes)");
  EXPECT_EQ(printable("abc", 0), "... (3 bytes)");
  EXPECT_EQ(printable(std::string(513, 'x')), std::string(512, 'x') + "... (513 bytes)");
}

TEST(Trim, takes_spaces_and_tabs_only) {
  EXPECT_EQ(trim(" \t a b\t "), "a b");
  EXPECT_EQ(trim("a"), "a");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\r a \n"), "\r a \n");
}

}  // namespace
}  // namespace sim52xx
