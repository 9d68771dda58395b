#include "protocol/fields.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

using Texts = std::vector<std::string>;

Texts texts(const Fields& fields) {
  Texts out;
  for (std::size_t i = 0; i < fields.size(); ++i)
    out.emplace_back(fields.text(i));
  return out;
}

TEST(Fields, what_the_note_and_firmware_print) {
  const struct {
    std::string_view line;
    std::string_view name;
    Texts fields;
  } table[]{
      {"+CSSLALERT: 0,2,134218240", "+CSSLALERT", {"0", "2", "134218240"}},
      {"+CSSLALERT: 1, 0, 0", "+CSSLALERT", {"1", "0", "0"}},
      {"+CFTPSGET: DATA, 1020,", "+CFTPSGET", {"DATA", "1020"}},
      {"+CFTPSGET:DATA, 1058", "+CFTPSGET", {"DATA", "1058"}},
      {"+CFTPSPWD:\"/mysubdir\"", "+CFTPSPWD", {"/mysubdir"}},
      {"+CFTPSPWD: \"/a,b:c\"", "+CFTPSPWD", {"/a,b:c"}},
      {"+CSSL: RECV EVENT, 1", "+CSSL", {"RECV EVENT", "1"}},
      {"+CSSLSEND: 0, 0, 1, 1024", "+CSSLSEND", {"0", "0", "1", "1024"}},
      {"+COPS: 0,0,\"\",2", "+COPS", {"0", "0", "", "2"}},
      {"+X: 1,,3", "+X", {"1", "", "3"}},
      {"+X: ,2", "+X", {"", "2"}},
      {"+X:", "+X", {}},
      {"+X: ,", "+X", {""}},
      {"OK", "OK", {}},
      {"", "", {}},
      {" +X : 1\t, 2 ", "+X", {"1", "2"}},
      {"+X: \"open", "+X", {"\"open"}},
      {"+X: \"", "+X", {"\""}},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.line);
    const Fields fields(row.line);
    EXPECT_EQ(fields.name(), row.name);
    EXPECT_EQ(texts(fields), row.fields);
  }
}

TEST(Fields, rest_is_all_behind_the_colon) {
  EXPECT_EQ(Fields("+CME ERROR: SIM not inserted ").rest(), "SIM not inserted");
  EXPECT_EQ(Fields("+X: a:b, c").rest(), "a:b, c");
  EXPECT_EQ(Fields("OK").rest(), "");
}

TEST(Fields, missing_fields_are_empty) {
  const Fields fields("+X: 1");
  EXPECT_EQ(fields.text(1), "");
  EXPECT_FALSE(fields.number(1));
  EXPECT_EQ(fields.text(Fields::capacity + 5), "");
}

TEST(Fields, more_than_its_capacity_is_left_out) {
  std::string line = "+X: 0";
  for (int i = 1; i < 40; ++i)
    line += "," + std::to_string(i);
  const Fields fields(line);
  ASSERT_EQ(fields.size(), Fields::capacity);
  EXPECT_EQ(fields.number(Fields::capacity - 1), 23);
}

TEST(Fields, numbers) {
  const Fields fields("+X: 12,\"34\",0x1F,-5,1a,,0xZZ");
  EXPECT_EQ(fields.number(0), 12);
  EXPECT_EQ(fields.number(1), 34);
  EXPECT_EQ(fields.number(2), 31);
  EXPECT_EQ(fields.number(3), -5);
  EXPECT_FALSE(fields.number(4));
  EXPECT_FALSE(fields.number(5));
  EXPECT_FALSE(fields.number(6));
}

TEST(Fields, lengths) {
  const Fields fields("+X: 0,1048576,1048577,-1,x,9223372036854775807");
  EXPECT_EQ(fields.length(0), 0U);
  EXPECT_EQ(fields.length(1), 1'048'576U);
  for (std::size_t i = 2; i < 7; ++i)
    EXPECT_FALSE(fields.length(i)) << i;
}

TEST(ToNumber, the_whole_text_or_nothing) {
  EXPECT_EQ(to_number("0"), 0);
  EXPECT_EQ(to_number("007"), 7);
  EXPECT_EQ(to_number("0X08000200"), 134218240);
  EXPECT_EQ(to_number("9223372036854775807"), 9223372036854775807);
  for (const std::string_view bad :
       {"", " 1", "1 ", "+1", "1.0", "0x", "0x-1", "-", "9223372036854775808", "1,2", "0x1g"})
    EXPECT_FALSE(to_number(bad)) << bad;
}

}  // namespace
}  // namespace sim52xx
