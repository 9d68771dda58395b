// The wire trace: a transcript of the dialogue, without secrets, without payloads, and bounded.
#include "daemon/at/trace.hpp"

#include <gmock/gmock.h>

#include "tests/scripted/channel_fixture.hpp"

namespace sim52xx::test {
namespace {

using daemon::LineWatcher;
using daemon::Trace;
using testing::HasSubstr;
using testing::Not;

class TraceTest : public ChannelTest {
 protected:
  TraceTest() {
    trace.start();
    channel.set_watcher(&trace);
  }
  // Without the times.
  static std::string lines(const Trace::Text& kept) {
    std::string found;
    std::istringstream text(kept.text);
    for (std::string each; std::getline(text, each);)
      if (!each.starts_with("# 20")) found += each + "\n";
    return found;
  }

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
  const Trace::Text kept = trace.stop();
  EXPECT_EQ(lines(kept),
            "> AT+CSQ\\r\n"
            "< \\r\\n+CSQ: 20,99\\r\\n\n"
            "< \\r\\nOK\\r\\n\n"
            "> AT+CSSLSEND=1,5\\r\n"
            "< >\n"
            "# 5 bytes to the modem\n"
            "< \\r\\nOK\\r\\n\n"
            "< \\r\\n+CSSLRECV: DATA,1,7\\r\\n\n"
            "# 7 bytes from the modem\n"
            "< \\r\\n+ODD: \\\\ \\x01\\r\\n\n");
  EXPECT_THAT(kept.text, Not(HasSubstr("hello")));
  EXPECT_THAT(kept.text, testing::StartsWith("# 20"));
  EXPECT_FALSE(kept.truncated);
}

TEST_F(TraceTest, HasNoSecretsEvenInAnEcho) {
  CommandLine command;
  command.wire = "AT+CSOCKAUTH=1,3,\"correct-horse\",\"me\"\r";
  command.shown = "AT+CSOCKAUTH=1,3,\"***\",\"me\"";
  script.expect(command.wire)
      .print("AT+CSOCKAUTH=1,3,\"correct-horse\",\"me\"\r\r\nOK\r\n")
      .print("KAUTH=1,3,\"correct-horse\",\"me\"\r\n");
  daemon::Request request(sim52xx_profile().row(CommandId::context_auth), command);
  const auto answer = stage.start(channel.exec(std::move(request), 10s));
  EXPECT_TRUE(answer.done());
  const std::string kept = trace.stop().text;
  EXPECT_THAT(kept, HasSubstr("> AT+CSOCKAUTH=1,3,\"***\",\"me\"\\r"));
  EXPECT_THAT(kept, HasSubstr("< \\r\\nKAUTH=1,3,\"***\",\"***\"\\r\\n"));
  EXPECT_THAT(kept, Not(HasSubstr("correct-horse")));
  EXPECT_THAT(stage.log(), Not(HasSubstr("correct-horse")));
  EXPECT_THAT(stage.log(), HasSubstr("unknown line: KAUTH=1,3"));
}

TEST_F(TraceTest, CountsTransparentBytes) {
  trace.on_payload(LineWatcher::Payload::online_up, 10);
  trace.on_payload(LineWatcher::Payload::online_up, 5);
  trace.on_payload(LineWatcher::Payload::online_down, 7);
  EXPECT_EQ(lines(trace.stop()),
            "# 15 bytes to the peer, in transparent mode\n"
            "# 7 bytes from the peer, in transparent mode\n");
}

TEST_F(TraceTest, ShowsTheSilenceBeforeAnEscape) {
  trace.on_payload(LineWatcher::Payload::online_up, 10);
  stage.pass(1500ms);
  trace.on_sent("+++");
  trace.on_received("OK");
  EXPECT_EQ(lines(trace.stop()),
            "# 10 bytes to the peer, in transparent mode\n"
            "~ 1.5\n"
            "> +++\n"
            "< \\r\\nOK\\r\\n\n");
}

TEST_F(TraceTest, KeepsTheLastOfIt) {
  for (int i = 0; i < 100000; ++i)
    trace.on_sent("AT+CSQ " + std::to_string(i) + "\r");
  const Trace::Text kept = trace.stop();
  EXPECT_TRUE(kept.truncated);
  EXPECT_LE(kept.text.size(), Trace::most);
  EXPECT_GT(kept.text.size(), Trace::most - 100);
  EXPECT_TRUE(kept.text.ends_with("> AT+CSQ 99999\\r\n"));
  trace.start();
  trace.on_sent("AT\r");
  const Trace::Text again = trace.stop();
  EXPECT_EQ(lines(again), "> AT\\r\n");
  EXPECT_FALSE(again.truncated);
}

TEST_F(TraceTest, TellsWhenWhereTimeHasPassed) {
  trace.on_sent("AT\r");
  trace.on_received("OK");
  stage.pass(1s);
  trace.on_sent("AT\r");
  const std::string kept = trace.stop().text;
  EXPECT_EQ(std::count(kept.begin(), kept.end(), '#'), 2);
}

TEST_F(TraceTest, IsOnlyKeptWhileItRuns) {
  trace.stop();
  trace.on_sent("AT\r");
  trace.on_payload(LineWatcher::Payload::to_modem, 7);
  EXPECT_EQ(trace.stop().text, "");
  EXPECT_FALSE(trace.running());
}

}  // namespace
}  // namespace sim52xx::test
