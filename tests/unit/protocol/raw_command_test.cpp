#include "protocol/raw_command.hpp"

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace sim52xx {
namespace {

struct Good {
  std::string_view typed;
  std::string_view name;
  AtFamily family = AtFamily::none;
  AtRole role = AtRole::asks;
};

TEST(RawCommand, goes_to_the_modem_as_typed) {
  for (const Good& c : {
           Good{"AT", ""},
           Good{"at", ""},
           Good{"AT+CSQ", "+CSQ"},
           Good{"at+csq", "+CSQ"},
           Good{"AT +CSQ ", "+CSQ"},
           Good{"AT+CREG?", "+CREG"},
           Good{"AT+COPS=?", "+COPS"},
           Good{"ATI", "I"},
           Good{"ATI3", "I"},
           Good{"AT&V", "&V"},
           Good{"ATX4", "X"},
           Good{"ATS7?", "S7"},
           Good{"ATS7=60", "S7"},
           Good{"AT$QCPWRDN", "$QCPWRDN"},
           Good{"AT+CUSD=1,\"*100#;\",15", "+CUSD"},
           Good{"AT+NETOPEN", "+NETOPEN", AtFamily::tcpip, AtRole::starts},
           Good{"at + netclose", "+NETCLOSE", AtFamily::tcpip, AtRole::stops},
           Good{"AT+CGPS = 0", "+CGPS", AtFamily::gps, AtRole::stops},
           Good{"AT+CGPS=1,1", "+CGPS", AtFamily::gps, AtRole::starts},
           Good{"AT+CIPCLOSE=0", "+CIPCLOSE", AtFamily::tcpip, AtRole::uses},
       }) {
    SCOPED_TRACE(c.typed);
    const auto command = check_raw_command(c.typed);
    ASSERT_TRUE(command) << command.error().message;
    EXPECT_EQ(command->line.wire, std::string(c.typed) + "\r");
    EXPECT_EQ(command->line.shown, c.typed);
    EXPECT_EQ(command->name, c.name);
    EXPECT_EQ(command->family, c.family);
    EXPECT_EQ(command->role, c.role);
  }
}

TEST(RawCommand, what_is_not_one_command_is_invalid) {
  using namespace std::string_literals;
  for (const std::string& typed : {""s,
                                   "A"s,
                                   "CSQ"s,
                                   "+CSQ"s,
                                   " AT"s,
                                   "B AT"s,
                                   "AT+CSQ\r"s,
                                   "AT+CSQ\rAT+CSQ"s,
                                   "AT\n"s,
                                   "AT+CSQ\0"s,
                                   "AT+CSQ\x1a"s,
                                   "AT\x1b"s,
                                   "AT\x08"s,
                                   "AT+CSQ\x7f"s,
                                   "AT+CSQ\xbb+CSQ"s,
                                   "AT\xc3\xa4"s,
                                   "AT+CSQ;+CSQ"s,
                                   "ATI;"s,
                                   "ATI+CSQ"s,
                                   "ATX1E1"s,
                                   "ATX1&F"s,
                                   "AT&V&F"s,
                                   "ATIZ"s,
                                   "ATS7=60E1"s,
                                   "ATS7?E1"s,
                                   "AT+CSQ?+CSQ"s,
                                   "AT+CUSD=1,\"*100#"s,
                                   "AT(+CSQ)"s,
                                   "AT\"E1\""s,
                                   "AT+CUSD=1,\"+++\""s,
                                   "AT+++"s,
                                   "AT7"s,
                                   "AT+CUSD=\"" + std::string(longest_raw_command, '1') + "\""}) {
    SCOPED_TRACE(typed);
    const auto command = check_raw_command(typed);
    ASSERT_FALSE(command);
    EXPECT_EQ(command.error().kind, ErrorKind::invalid);
    EXPECT_EQ(command.error().message.substr(0, 8), "command ");
  }
}

TEST(RawCommand, what_would_break_the_daemon_is_denied) {
  for (const std::string_view typed : {"AT+CSSLSTOP",
                                       "at+csslstop",
                                       "AT + C S S L STOP",
                                       "AT+CSSLOPEN=?",
                                       "AT+CHTTPSSTART",
                                       "AT+CFTPSSTOP",
                                       "AT+CCHSTART",
                                       "ATD*99#",
                                       "ATDT123",
                                       "ATO",
                                       "ATO0",
                                       "ATZ",
                                       "AT&F",
                                       "AT & F",
                                       "AT&F1",
                                       "ATE1",
                                       "ate",
                                       "ATE0V1",
                                       "ATV0",
                                       "ATQ1",
                                       "AT&C0",
                                       "AT&D2",
                                       "ATA",
                                       "ATH",
                                       "A/",
                                       "a/",
                                       "ATS3=13",
                                       "ATS5=8",
                                       "AT+IPR=9600",
                                       "AT+IFC=2,2",
                                       "AT+CMUX=0",
                                       "AT+CMGS=\"123\"",
                                       "AT+CCERTDOWN=\"a\",5",
                                       "AT+CFTRANRX=\"c:/a\",5",
                                       "AT+CIPSEND=0,5",
                                       "AT+CIPMODE=1",
                                       "AT+CSOCKAUTH?"}) {
    SCOPED_TRACE(typed);
    const auto command = check_raw_command(typed);
    ASSERT_FALSE(command);
    EXPECT_EQ(command.error().kind, ErrorKind::denied);
    EXPECT_NE(command.error().message, "");
  }
}

TEST(RawCommand, secrets_are_masked_where_it_is_shown) {
  struct Case {
    std::string_view typed;
    std::string_view shown;
  };
  for (const Case& c : {
           Case{"AT+CPIN=\"1234\"", "AT+CPIN=***"},
           Case{"at+cpin = 1234", "AT+CPIN=***"},
           Case{"AT+CSOCKAUTH=1,1,\"secret\",\"me\"", "AT+CSOCKAUTH=***"},
           Case{"AT+CGAUTH=1,1,\"secret\",\"me\"", "AT+CGAUTH=***"},
           Case{"AT+CLCK=\"SC\",1,\"1234\"", "AT+CLCK=***"},
           Case{"AT+CPWD=\"SC\",\"1234\",\"5678\"", "AT+CPWD=***"},
           Case{"AT+CFTPPW=\"secret\"", "AT+CFTPPW=***"},
           Case{"AT+CPIN?", "AT+CPIN?"},
       }) {
    SCOPED_TRACE(c.typed);
    const auto command = check_raw_command(c.typed);
    ASSERT_TRUE(command);
    EXPECT_EQ(command->line.shown, c.shown);
    EXPECT_EQ(command->line.wire, std::string(c.typed) + "\r");
  }
  const auto refused = check_raw_command("AT+CFTPSLOGIN=\"h\",21,\"me\",\"secret\"");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message.find("secret"), std::string::npos);
}

// Whatever is typed: one line with one CR, at its end, or nothing.
TEST(RawCommand, random_bytes_never_become_two_lines) {
  test::Random random(7);
  constexpr std::string_view likely = "AT+CSQ;=?\"\r\n ,&EZ+/0";
  for (int i = 0; i < 20000; ++i) {
    std::string typed = random.one_in(2) ? "AT" : "";
    for (std::size_t left = random.between(0, 12); left > 0; --left)
      typed += random.one_in(8) ? random.byte() : random.pick(likely);
    const auto command = check_raw_command(typed);
    if (!command) continue;
    EXPECT_EQ(command->line.wire, typed + "\r");
    EXPECT_EQ(typed.find_first_of("\r\n"), std::string::npos) << typed;
    EXPECT_TRUE(typed.starts_with('A') || typed.starts_with('a'));
  }
}

}  // namespace
}  // namespace sim52xx
