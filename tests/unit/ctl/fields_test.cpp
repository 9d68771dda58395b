#include "daemon/ctl/fields.hpp"

#include <gtest/gtest.h>

namespace sim52xx::ctl {
namespace {

const json object = json::parse(
    R"({"text": "a", "number": -71, "count": 5, "yes": true, "nothing": null, "list": [1], "rate": 1.5})");

TEST(Fields, WhatIsNotThereIsNothing) {
  EXPECT_TRUE(member(object, "absent").is_null());
  EXPECT_TRUE(member(json::array(), "text").is_null());
  EXPECT_TRUE(member(json("text"), "text").is_null());
  EXPECT_EQ(text(object, "absent"), "");
  EXPECT_EQ(text(object, "nothing"), "");
  EXPECT_EQ(text(object, "list"), "");
  EXPECT_EQ(number(object, "text"), std::nullopt);
  EXPECT_EQ(count(object, "text"), 0U);
  EXPECT_EQ(count(object, "number"), 0U) << "a negative count is none";
}

TEST(Fields, WhatIsThere) {
  EXPECT_EQ(text(object, "text"), "a");
  EXPECT_EQ(text(object, "number"), "-71");
  EXPECT_EQ(text(object, "yes"), "true");
  EXPECT_EQ(number(object, "rate"), 1.5);
  EXPECT_EQ(count(object, "count"), 5U);
}

TEST(Fields, TerminalsGetNoCommands) {
  EXPECT_EQ(printable("a\x1b[2J\x7f\r\n\t"), R"(a\x1b[2J\x7f\x0d\x0a\x09)");
  EXPECT_EQ(printable("a\n\tb\r", true), "a\n\tb\\x0d");
  EXPECT_EQ(printable("Bj\xc3\xb8rn"), "Bj\xc3\xb8rn");
  EXPECT_EQ(plain(json("\x07")), R"(\x07)");
}

TEST(Fields, BytesThatAreNoUtf8DoNotThrow) {
  EXPECT_NO_THROW(plain(json::array({"\xff"})));
}

}  // namespace
}  // namespace sim52xx::ctl
