// What stays of the wire when it is masked: places and shapes, never a secret; whole, byte by byte,
// and cut anywhere.
#include "protocol/wire_mask.hpp"

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

using Keep = PayloadMask::Keep;

std::string text(std::string_view form) {
  return mask_text(form, '<');
}

// The same however the bytes come.
std::string payload(Keep keep, std::string_view bytes, std::size_t cut = std::string::npos) {
  PayloadMask mask(keep);
  mask.set_known("359769034498003");
  std::string form;
  mask.feed(bytes.substr(0, cut), form);
  if (cut < bytes.size()) mask.feed(bytes.substr(cut), form);
  mask.flush(form);
  return text(form);
}

TEST(WireMask, PlainBytesAreText) {
  std::string form;
  add_plain(form, "\r\n+ODD: \\ \x10\x80\xff\r\n");
  EXPECT_EQ(text(form), "< \\r\\n+ODD: \\\\ \\x10\\x80\\xff\\r\\n\n");
}

TEST(WireMask, RunsOfAnyLength) {
  for (const std::size_t count :
       {1U, 4U, 63U, 64U, 65U, 255U, 256U, 257U, 16383U, 16384U, 16385U, 100000U}) {
    std::string form;
    add_plain(form, "a");
    add_masked(form, count);
    add_plain(form, "b");
    EXPECT_EQ(text(form), "< a\\{" + std::to_string(count) + "}b\n");
    EXPECT_LE(form.size(), 2 + 2 * (count / 16384 + 1));
  }
  EXPECT_EQ(text(""), "");
}

TEST(WireMask, ASecretKeepsItsLength) {
  const auto line = CommandBuilder("+CPIN").secret("PIN", "1234", 8).line();
  std::string form;
  add_sent(form, line->wire, line->secrets);
  EXPECT_EQ(mask_text(form, '>'), "> AT+CPIN=\"\\{4}\"\\r\n");
  const auto two =
      CommandBuilder("+X").secret("a", "one", 9).text("b", "seen", 9).secret("c", "", 9).line();
  form.clear();
  add_sent(form, two->wire, two->secrets);
  EXPECT_EQ(mask_text(form, '>'), "> AT+X=\"\\{3}\",\"seen\",\"\"\\r\n");
}

TEST(WireMask, AnEchoHasNoArguments) {
  std::string form;
  EXPECT_TRUE(add_line(form, "AT+CPIN=1234\r\r\n"));
  EXPECT_EQ(text(form), "< AT+CPIN=\\{4}\\r\\r\\n\n");
  form.clear();
  EXPECT_TRUE(add_line(form, "KAUTH=1,\"secret\"\r\n"));
  EXPECT_EQ(text(form), "< KAUTH=\\{10}\\r\\n\n");
  form.clear();
  EXPECT_FALSE(add_line(form, "\r\n+COPS: 0,0,\"a=b\",2\r\n"));
  EXPECT_EQ(text(form), "< \\r\\n+COPS: 0,0,\"a=b\",2\\r\\n\n");
}

TEST(WireMask, ALineOfTextForEachLine) {
  std::string form;
  add_plain(form, "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
  EXPECT_EQ(text(form), "< \\r\\n+CSQ: 20,99\\r\\n\n< \\r\\nOK\\r\\n\n");
}

TEST(PayloadMask, KeepsHowAPieceEnds) {
  EXPECT_EQ(payload(Keep::shape, "1+1+++2\n\r\r\nOK\r\n"),
            "< \\{1}+\\{1}+++\\{1}\\n\n< \\r\\r\\n\\{2}\\r\\n\n");
  EXPECT_EQ(payload(Keep::shape, "user:password\r\n1+1 and sixteen++\r"), "< \\{30}++\\r\n");
  EXPECT_EQ(payload(Keep::shape, std::string(100000, '+') + "x"),
            "< \\{99985}+++++++++++++++\\{1}\n");
}

// In transparent mode the modem's words come like the peer's.
TEST(PayloadMask, KeepsTheModemsOwnLines) {
  constexpr std::string_view bytes =
      "secret\r\nCLOSED\r\n\r\nOK\r\n\r\n359769034498003\r\nCONNECT 115200\r\n"
      "+CSSLRECV: DATA,1,5\r\n4111111111111111\r\n+CMT: mine\r\nCONNECT me\r\n";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
    EXPECT_EQ(payload(Keep::words, bytes, cut),
              "< \\{6}\\r\\n\n< CLOSED\\r\\n\n< \\r\\nOK\\r\\n\n< \\r\\n359769034498003\\r\\n\n"
              "< CONNECT 115200\\r\\n\n< +CSSLRECV: DATA,1,5\\r\\n\n< \\{16}\\r\\n\n"
              "< \\{10}\\r\\n\n< \\{10}\\r\\n\n")
        << cut;
}

TEST(PayloadMask, AskedToKeepAllItHidesCredentials) {
  constexpr std::string_view bytes =
      "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic bWU6c2VjcmV0\r\nCookie:x=y\r\n\r\nbody: "
      "\xff";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    EXPECT_EQ(payload(Keep::all, bytes, cut),
              "< GET / HTTP/1.1\\r\\n\n< Host: a\\r\\n\n< Authorization:\\{19}\\r\\n\n< "
              "Cookie:\\{3}\\r\\n\n"
              "< \\r\\nbody: \\xff\n")
        << cut;
  }
  PayloadMask mask(Keep::all);  // the name itself is interrupted
  std::string form;
  mask.feed("Proxy-Author", form);
  mask.flush(form);
  mask.feed("ization: Basic bWU6c2VjcmV0\r\n", form);
  EXPECT_EQ(text(form).find("bWU6"), std::string::npos);
}

// The rest of the line before, and what the modem may have said last.
TEST(PayloadMask, LooksAtTheEndsOfALongPiece) {
  const std::string middle(5000, '\n');
  EXPECT_TRUE(payload(Keep::words, "CLOSED\r\n" + middle).starts_with("< CLOSED\\r\\n\n< \\n"));
  const std::string end = "\r\nhello\r\nNO CARRIER\r\n";
  EXPECT_EQ(payload(Keep::words, std::string(5000, 'x') + end),
            "< \\{5000}\\r\\n\n< \\{5}\\r\\n\n< NO CARRIER\\r\\n\n");
  EXPECT_EQ(payload(Keep::words, std::string(5000, 'x') + end, 5003),
            "< \\{5000}\\r\\n\n< \\{5}\\r\\n\n< NO CARRIER\\r\\n\n");
}

TEST(PayloadMask, ALongLineIsMaskedAtOnce) {
  PayloadMask mask(Keep::words);
  std::string form;
  mask.feed(std::string(1000000, 'x'), form);
  EXPECT_LT(form.size(), 200U);
  EXPECT_EQ(text(form), "< \\{1000000}\n");
}

}  // namespace
}  // namespace sim52xx
