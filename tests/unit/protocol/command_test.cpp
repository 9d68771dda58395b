#include "protocol/command.hpp"

#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

using namespace std::string_literals;

constexpr std::size_t most = 256;

CommandBuilder at(std::string_view name) {
  return CommandBuilder(name);
}

// The refusal's sentence; fails where there is none.
std::string refusal(const CommandBuilder& builder) {
  const auto line = builder.line();
  if (line) {
    ADD_FAILURE() << "not refused: " << line->wire;
    return {};
  }
  EXPECT_EQ(line.error().kind, ErrorKind::invalid);
  return line.error().message;
}

void expect_line(const CommandBuilder& builder, std::string_view expected) {
  const auto line = builder.line();
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(line->wire, std::string(expected) + "\r");
  EXPECT_EQ(line->shown, expected);
}

// The note's host lines, without the spaces of its typesetting.
TEST(CommandBuilder, the_notes_lines) {
  expect_line(at("+CHTTPSSTART"), "AT+CHTTPSSTART");
  expect_line(
      at("+CHTTPSOPSE").host("host", "www.mywebsite.com", most).number("port", 443, 1, 65535),
      "AT+CHTTPSOPSE=\"www.mywebsite.com\",443");
  expect_line(at("+CHTTPSSEND").number("length", 88, 1, 4096), "AT+CHTTPSSEND=88");
  expect_line(at("+CHTTPSSEND").query(), "AT+CHTTPSSEND?");
  expect_line(at("+CFTPSLOGIN")
                  .host("host", "www.myftpsserver.com", most)
                  .number("port", 990, 1, 65535)
                  .text("user", "myname", most)
                  .text("password", "mypassword", most),
              "AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"");
  expect_line(at("+CFTPSTYPE").word("type", "I"), "AT+CFTPSTYPE=I");
  expect_line(at("+CFTPSPUT").text("file", "t1.txt", most).number("length", 11, 1, 512),
              "AT+CFTPSPUT=\"t1.txt\",11");
  expect_line(at("+CSSLOPEN")
                  .number("session", 1, 0, 1)
                  .host("host", "www.mydomain.com", most)
                  .number("port", 443, 1, 65535),
              "AT+CSSLOPEN=1,\"www.mydomain.com\",443");
  expect_line(at("+CSSLSEND").number("session", 1, 0, 1).number("length", 1024, 1, 1024),
              "AT+CSSLSEND=1,1024");
}

TEST(CommandBuilder, other_forms) {
  expect_line(at(""), "AT");
  expect_line(at("E0"), "ATE0");
  expect_line(at("+CCHOPEN").test(), "AT+CCHOPEN=?");
  expect_line(at("+X").text("a", "", most), "AT+X=\"\"");
  expect_line(at("+X").number("a", -5, -10, 10), "AT+X=-5");
  expect_line(at("+X").text("a", "a b,c;\\?=", most), "AT+X=\"a b,c;\\?=\"");
}

TEST(CommandBuilder, a_secret_goes_out_and_is_never_shown) {
  const auto line =
      at("+CSOCKAUTH").number("cid", 1, 1, 16).secret("password", "hunter2", most).line();
  ASSERT_TRUE(line);
  EXPECT_EQ(line->wire, "AT+CSOCKAUTH=1,\"hunter2\"\r");
  EXPECT_EQ(line->shown, "AT+CSOCKAUTH=1,\"***\"");
  const std::string sentence = refusal(at("+X").secret("password", "hunter2\r", most));
  EXPECT_EQ(sentence, "password contains a carriage return");
}

struct Injection {
  std::string value;
  std::string_view why;
};

const Injection injections[]{
    {"a\rAT+CRESET", "contains a carriage return"},
    {"a\nb", "contains a line feed"},
    {"a\",\"b", "contains a quote"},
    {"\"", "contains a quote"},
    {"a\0b"s, "contains a control byte"},
    {"\x1a", "contains a control byte"},
    {"\x1b", "contains a control byte"},
    {"\t", "contains a control byte"},
    {"\x7f", "contains a control byte"},
    {"stra\xc3\x9f"
     "e",
     "contains a byte that is not ASCII"},
    {"\xff", "contains a byte that is not ASCII"},
    {std::string(10'240, 'a'), "is too long (10240 bytes, at most 256)"},
    {std::string(257, 'a'), "is too long (257 bytes, at most 256)"},
};

TEST(CommandBuilder, injections_are_refused_and_the_field_is_named) {
  for (const auto& [value, why] : injections) {
    EXPECT_EQ(refusal(at("+X").text("path", value, most)), "path " + std::string(why));
    EXPECT_EQ(refusal(at("+X").secret("password", value, most)), "password " + std::string(why));
    EXPECT_EQ(refusal(at("+X").host("host", value, most)), "host " + std::string(why));
    EXPECT_EQ(why_not_text(value, most), why);
    EXPECT_EQ(why_not_host(value, most), why);
  }
}

TEST(CommandBuilder, every_single_byte) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool text = byte >= 0x20 && byte < 0x7f && c != '"';
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool host = alnum || c == '.' || c == '-' || c == '_' || c == ':';
    const std::string value{'a', c};
    EXPECT_EQ(static_cast<bool>(at("+X").text("f", value, most).line()), text) << byte;
    EXPECT_EQ(static_cast<bool>(at("+X").secret("f", value, most).line()), text) << byte;
    EXPECT_EQ(static_cast<bool>(at("+X").host("f", value, most).line()), host) << byte;
    EXPECT_EQ(static_cast<bool>(at("+X").word("f", value).line()), alnum) << byte;
  }
}

TEST(CommandBuilder, numbers_out_of_range) {
  EXPECT_EQ(refusal(at("+X").number("port", 0, 1, 65535)), "port is 0, allowed is 1 to 65535");
  EXPECT_EQ(refusal(at("+X").number("port", 65536, 1, 65535)),
            "port is 65536, allowed is 1 to 65535");
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(refusal(at("+X").number("n", least, 0, 1)),
            "n is -9223372036854775808, allowed is 0 to 1");
  EXPECT_TRUE(at("+X").number("port", 1, 1, 65535).line());
  EXPECT_TRUE(at("+X").number("port", 65535, 1, 65535).line());
}

TEST(CommandBuilder, hosts) {
  for (const std::string_view host : {"example.com", "10.0.0.1", "a-b_c", "2001:db8::1", "x"})
    EXPECT_EQ(why_not_host(host, most), "") << host;
  EXPECT_EQ(refusal(at("+X").host("host", "", most)), "host is empty");
  EXPECT_EQ(refusal(at("+X").host("host", "a b", most)), "host is not a host name or address");
  EXPECT_EQ(refusal(at("+X").host("host", "a/b", most)), "host is not a host name or address");
}

TEST(CommandBuilder, words) {
  for (const std::string_view bad : {"A\r", "A\n", "A\"", "\x1a", "A,1", "A B", "\xc3\x9f", "A;"})
    EXPECT_EQ(refusal(at("+X").word("type", bad)), "type is not a plain word");
  expect_line(at("+X").word("type", "A").word("b", "09az"), "AT+X=A,09az");
  EXPECT_EQ(refusal(at("+X").word("type", "")), "type is not a plain word");
}

// The form of the manuals: M123 and M202, {non-ascii}"<hex>".
TEST(CommandBuilder, paths) {
  expect_line(at("+CFTPSGETFILE").path("path", "/my subdir/t1.txt", most).number("dir", 1, 0, 8),
              "AT+CFTPSGETFILE=\"/my subdir/t1.txt\",1");
  expect_line(at("+CFTPSMKD").path("path", "\xe6\xb5\x8b/a", most),
              "AT+CFTPSMKD={non-ascii}\"E6B58B2F61\"");
  EXPECT_EQ(refusal(at("+X").path("path", "\xc3\x9f\"", most)), "path contains a quote");
  EXPECT_EQ(refusal(at("+X").path("path", "\xc3\x9f\r\nAT", most)),
            "path contains a carriage return");
  EXPECT_EQ(why_not_path(std::string(256, 'a'), most), "");
  EXPECT_EQ(why_not_path(std::string(257, 'a'), most), "is too long (257 bytes, at most 256)");
  EXPECT_EQ(why_not_path(std::string(128, '\xff'), most), "");
  EXPECT_EQ(why_not_path(std::string(129, '\xff'), most),
            "is too long (129 bytes, at most 128): not being ASCII it takes twice its length");
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const std::string value{'a', c};
    const bool fine = byte >= 0x20 && byte != 0x7f && c != '"';
    EXPECT_EQ(static_cast<bool>(at("+X").path("f", value, most).line()), fine) << byte;
  }
}

TEST(CommandBuilder, the_first_refusal_counts_and_stays) {
  CommandBuilder builder = at("+X");
  builder.text("first", "\n", most).number("second", 9, 0, 1).text("third", "fine", most);
  EXPECT_EQ(refusal(builder), "first contains a line feed");
  EXPECT_EQ(refusal(builder), "first contains a line feed");
}

TEST(MaskEcho, hides_what_may_be_a_password) {
  EXPECT_EQ(mask_echo("AT+CSOCKAUTH=1,3,\"secret\",\"me\""), "AT+CSOCKAUTH=1,3,\"***\",\"***\"");
  EXPECT_EQ(mask_echo("LOGIN=\"h\",21,\"me\",\"sec"), "LOGIN=\"***\",21,\"***\",\"***");
  EXPECT_EQ(mask_echo("+COPS: 0,0,\"T-Mobile\",2"), "+COPS: 0,0,\"T-Mobile\",2");
  EXPECT_EQ(mask_echo("+CFTPSPWD: \"/a=b\""), "+CFTPSPWD: \"/a=b\"");
  EXPECT_EQ(mask_echo("AT+CSSLSEND=1,5"), "AT+CSSLSEND=1,5");
  EXPECT_EQ(mask_echo(""), "");
}

TEST(CommandBuilder, the_longest_that_fits) {
  EXPECT_TRUE(at("+X").text("path", std::string(256, 'a'), most).line());
  EXPECT_EQ(why_not_text(std::string(5, 'a'), 5), "");
  EXPECT_EQ(why_not_text("", 0), "");
}

}  // namespace
}  // namespace sim52xx
