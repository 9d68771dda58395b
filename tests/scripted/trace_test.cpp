// The wire trace: a transcript of the dialogue, always there, without secrets, of payloads only the
// shape, and bounded.
#include "daemon/at/trace.hpp"

#include <sstream>

#include <gmock/gmock.h>

#include "tests/scripted/channel_fixture.hpp"

namespace sim52xx::test {
namespace {

using daemon::Trace;
using testing::HasSubstr;
using testing::Not;

class TraceTest : public ChannelTest {
 protected:
  TraceTest() { channel.set_watcher(&trace); }
  // Without the times.
  static std::string lines(const Trace::Text& kept) {
    std::string found;
    std::istringstream text(kept.text);
    for (std::string each; std::getline(text, each);)
      if (!each.starts_with("# 20") && !each.starts_with("@ ")) found += each + "\n";
    return found;
  }
  void host(std::string_view bytes) { trace.on_sent(bytes, {}); }
  void modem(std::string_view bytes) { trace.on_line(bytes, true); }

  Trace trace{stage.runtime};
};

TEST_F(TraceTest, IsATranscript) {
  script.expect("AT+CSQ\r").print("\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
  script.expect("AT+CSSLSEND=1,5\r").print("\r\n>");
  script.expect("hello").print("\r\nOK\r\n");
  ask(CommandId::signal, "AT+CSQ");
  ask(CommandId::ssl_send, "AT+CSSLSEND=1,5", 10s, "hello");
  stage.settle();
  line.print("\r\n+CSSLRECV: DATA,1,7\r\nanswer!\r\n+ODD: \\ \x01\r\n");
  stage.settle();
  const Trace::Text kept = trace.text();
  EXPECT_EQ(lines(kept),
            "> AT+CSQ\\r\n"
            "< \\r\\n+CSQ: 20,99\\r\\n\n"
            "< \\r\\nOK\\r\\n\n"
            "> AT+CSSLSEND=1,5\\r\n"
            "< \\r\\n>\n"
            "> \\{5}\n"
            "< \\r\\nOK\\r\\n\n"
            "< \\r\\n+CSSLRECV: DATA,1,7\\r\\n\n"
            "< \\{7}\\r\\n\n"
            "< +ODD: \\\\ \\x01\\r\\n\n");
  EXPECT_THAT(kept.text, testing::StartsWith("# 20"));
  EXPECT_FALSE(kept.truncated);
}

// However the bytes come, the wire is the same.
TEST_F(TraceTest, ByteByByte) {
  line.dribble();
  script.expect("AT+CSQ\r").print("\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
  ask(CommandId::signal, "AT+CSQ");
  stage.settle();
  EXPECT_EQ(lines(trace.text()), "> AT+CSQ\\r\n< \\r\\n+CSQ: 20,99\\r\\n\n< \\r\\nOK\\r\\n\n");
}

// Of a payload the last line is kept back until it is known what it is: its time is that of the
// wire.
TEST_F(TraceTest, WhatIsWrittenDownLaterHasTheTimeAtWhichItCame) {
  host("AT");
  trace.on_payload("some\r\nCLO");
  stage.pass(40s);
  host("+++");
  EXPECT_EQ(lines(trace.text()), "> AT\n< \\{4}\\r\\n\n< \\{3}\n~ 40.0\n> +++\n");
  const std::string text = trace.text().text;
  const auto times = [&text](std::string_view before) {
    const auto mark = text.rfind("@ ", text.find(before));
    return std::stod(text.substr(mark + 2));
  };
  EXPECT_EQ(times("\\{3}"), times("> AT"));
  EXPECT_NEAR(times("> +++") - times("\\{3}"), 40, 0.001);
}

// A line without its end is on the wire, too.
TEST_F(TraceTest, ShowsACutLine) {
  script.expect("AT+CSQ\r").print("\r\n+CSQ: 2").wait(11s).print("0,99\r\n\r\nOK\r\n");
  ask(CommandId::signal, "AT+CSQ");
  EXPECT_THAT(lines(trace.text()), HasSubstr("< \\r\\n+CSQ: 2\n"));
  stage.pass(12s);
}

TEST_F(TraceTest, HasNoSecretsEvenInAnEcho) {
  const auto command = CommandBuilder("+CSOCKAUTH")
                           .number("cid", 1, 1, 16)
                           .number("type", 3, 0, 3)
                           .secret("APN password", "correct-horse", 132)
                           .text("user", "me", 132)
                           .line();
  script.expect(command->wire)
      .print("AT+CSOCKAUTH=1,3,\"correct-horse\",\"me\"\r\r\nOK\r\n")
      .print("KAUTH=1,3,\"correct-horse\",\"me\"\r\n");
  daemon::Request request(sim52xx_profile().row(CommandId::context_auth), *command);
  const auto answer = stage.start(channel.exec(std::move(request), 10s));
  EXPECT_TRUE(answer.done());
  const std::string kept = trace.text().text;
  EXPECT_THAT(kept, HasSubstr("> AT+CSOCKAUTH=1,3,\"\\{13}\",\"me\"\\r"));
  EXPECT_THAT(kept, HasSubstr("< KAUTH=\\{24}\\r\\n"));
  EXPECT_THAT(kept, Not(HasSubstr("correct-horse")));
  EXPECT_THAT(stage.log(), Not(HasSubstr("correct-horse")));
  EXPECT_THAT(stage.log(), HasSubstr("unknown line: KAUTH=1,3"));
}

// An echo that comes in two parts, with something of ours in between.
TEST_F(TraceTest, TheRestOfAnEchoIsMaskedToo) {
  trace.on_line("AT+CPIN=\"12", false);
  host("AT\r");
  trace.on_line("34\"\r\r\n", true);
  modem("\r\nOK\r\n");
  EXPECT_EQ(lines(trace.text()), "< AT+CPIN=\\{3}\n> AT\\r\n< \\{3}\\r\\r\\n\n< \\r\\nOK\\r\\n\n");
}

TEST_F(TraceTest, TransparentBytesKeepTheirShapeAndTheModemsWords) {
  trace.on_payload_sent("PASS secret\r\n");
  trace.on_payload("welcome\r\n\r\nCLO");
  trace.on_payload("SED\r\n");
  EXPECT_EQ(lines(trace.text()), "> \\{11}\\r\\n\n< \\{7}\\r\\n\n< \\r\\nCLOSED\\r\\n\n");
}

TEST_F(TraceTest, PayloadIsKeptWhenAskedForAndOnlyThen) {
  trace.on_payload("before\r\n");
  trace.start(true);
  trace.on_payload_sent("GET / HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\n");
  trace.on_payload("hello\r\n");
  EXPECT_EQ(lines(trace.stop()),
            "> GET / HTTP/1.1\\r\\n\n> Authorization:\\{15}\\r\\n\n< hello\\r\\n\n");
  trace.on_payload("after\r\n");
  const std::string all = trace.text().text;
  EXPECT_THAT(all, Not(HasSubstr("before")));
  EXPECT_THAT(all, Not(HasSubstr("after")));
}

TEST_F(TraceTest, ShowsTheSilenceBeforeAnEscape) {
  trace.on_payload_sent("0123456789");
  stage.pass(1500ms);
  host("+++");
  modem("\r\nOK\r\n");
  EXPECT_EQ(lines(trace.text()), "> \\{10}\n~ 1.5\n> +++\n< \\r\\nOK\\r\\n\n");
}

TEST_F(TraceTest, ShowsWhatBecomesOfThePort) {
  trace.on_opened("/dev/modem");
  trace.on_closed("/dev/modem: end of file", true);
  trace.on_closed("it does not answer", false);
  EXPECT_EQ(
      lines(trace.text()),
      "! opened /dev/modem\n! vanished: /dev/modem: end of file\n! closed: it does not answer\n");
}

TEST_F(TraceTest, KeepsTheLastOfItInFixedMemory) {
  for (int i = 0; i < 100000; ++i)
    host("AT+CSQ " + std::to_string(i) + "\r");
  const Trace::Text kept = trace.text();
  EXPECT_TRUE(kept.truncated);
  EXPECT_TRUE(kept.text.ends_with("> AT+CSQ 99999\\r\n"));
  // 13 bytes and a header of 7 each.
  EXPECT_THAT(kept.text, HasSubstr("> AT+CSQ 87000\\r\n"));
  EXPECT_THAT(kept.text, Not(HasSubstr("> AT+CSQ 86000\\r\n")));
  EXPECT_THAT(kept.text, testing::StartsWith("# what came before this is lost\n"));
}

TEST_F(TraceTest, ComesInPagesThatFitTogether) {
  for (int i = 0; i < 10000; ++i) {
    host("AT+CSQ " + std::to_string(i) + "\r");
    modem("\r\nOK\r\n");
  }
  const std::string whole = lines(trace.text());
  Trace::Text pages;
  Trace::Page page = trace.page(0, 5000);
  EXPECT_LT(page.text.size(), 5200U);
  for (;; page = trace.page(page.next, 5000)) {
    pages.text += page.text;
    if (!page.more) break;
  }
  EXPECT_EQ(lines(pages), whole);
  host("AT\r");
  EXPECT_EQ(lines({trace.page(page.next, 5000).text}), "> AT\\r\n");
}

TEST_F(TraceTest, APageThatIsLostIsSaidToBe) {
  host("AT\r");
  const auto next = trace.page(0, 5000).next;
  for (int i = 0; i < 100000; ++i)
    host("AT+CSQ\r");
  EXPECT_TRUE(trace.page(next, 5000).truncated);
}

TEST_F(TraceTest, OfAPartAtMostThatMuch) {
  trace.start();
  for (int i = 0; i < 3000; ++i)
    host(std::string(100, '\x01'));  // four times as long as text
  stage.pass(1ms);
  host("ATI\r");
  const Trace::Text kept = trace.stop();
  EXPECT_TRUE(kept.truncated);
  EXPECT_LE(kept.text.size(), Trace::most);
  EXPECT_GT(kept.text.size(), Trace::most - 1000);
  EXPECT_TRUE(kept.text.starts_with("> \\x01"));
  EXPECT_TRUE(kept.text.ends_with("> ATI\\r\n"));
  host("AT+CSQ\r");
  trace.start();
  host("AT\r");
  const Trace::Text again = trace.stop();
  EXPECT_EQ(lines(again), "> AT\\r\n");
  EXPECT_FALSE(again.truncated);
  EXPECT_FALSE(trace.running());
}

TEST_F(TraceTest, TellsWhenWhereTimeHasPassed) {
  host("AT\r");
  modem("\r\nOK\r\n");
  stage.pass(1250ms);
  host("AT\r");
  const std::string kept = trace.text().text;
  EXPECT_EQ(std::count(kept.begin(), kept.end(), '#'), 2);
  EXPECT_THAT(kept, HasSubstr("@ 3600.000\n> AT\\r\n< \\r\\nOK\\r\\n\n# "));
  EXPECT_THAT(kept, HasSubstr("@ 3601.250\n> AT\\r\n"));
}

}  // namespace
}  // namespace sim52xx::test
