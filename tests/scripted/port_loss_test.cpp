// A port that is lost without a word: it hangs up while nobody reads, or takes no bytes any more.
#include "tests/scripted/channel_fixture.hpp"

namespace sim52xx::test {
namespace {

using daemon::Port;

class PortLossTest : public ChannelTest {};

TEST_F(PortLossTest, AHangUpIsNoticedThoughNobodyReads) {
  channel.hold();
  line.print("\r\nRING\r\n");  // what is being read just now
  stage.settle();
  line.hang_up();
  ASSERT_TRUE(stage.until([&] { return !channel.attached(); }, 2s));
  EXPECT_NE(channel.lost_reason().find("hung up"), std::string::npos) << channel.lost_reason();
  channel.release();
}

// Its clear-to-send stays off: the command is in the driver, and never leaves it.
TEST_F(PortLossTest, ACommandThatIsNotTakenCostsThePortInTime) {
  line.deaf(true);
  const Time asked = stage.now();
  auto answer = ask(CommandId::https_start, "AT+CHTTPSSTART", 120s);
  ASSERT_TRUE(stage.until([&] { return answer.done(); }, 120s));
  EXPECT_EQ(stage.now() - asked, Port::longest_stall);
  EXPECT_EQ((*answer).error().kind, ErrorKind::modem_absent);
  EXPECT_NE((*answer).error().message.find("takes no bytes"), std::string::npos)
      << (*answer).error().message;
  EXPECT_FALSE(channel.attached());
}

// It takes the command, and its answer takes long: that is no stall.
TEST_F(PortLossTest, ASlowAnswerCostsNothing) {
  script.expect("AT+CHTTPSSTART\r").wait(60s).say("OK");
  auto answer = ask(CommandId::https_start, "AT+CHTTPSSTART", 120s);
  ASSERT_TRUE(stage.until([&] { return answer.done(); }, 120s));
  EXPECT_TRUE((*answer)->ok());
}

// The modem waits for a while, and goes on.
TEST_F(PortLossTest, AStallThatEndsCostsNothing) {
  line.deaf(true);
  auto answer = ask(CommandId::signal, "AT+CSQ", 60s);
  stage.pass(15s);
  EXPECT_FALSE(answer.done());
  script.expect("AT+CSQ\r").say("+CSQ: 20,99").say("OK");
  line.deaf(false);
  stage.settle();
  ASSERT_TRUE(answer.done());
  EXPECT_TRUE((*answer)->ok());
  stage.pass(30s);
  EXPECT_TRUE(channel.attached());
}

// More than the driver has room for: the write itself stalls.
TEST_F(PortLossTest, APayloadThatIsNotTakenCostsThePortInTime) {
  const std::string payload(std::size_t{8} << 20U, 'x');
  script.expect("AT+CHTTPSSEND=4096\r").call([&] { line.deaf(true); }).print("\r\n>");
  const Time asked = stage.now();
  auto answer = ask(CommandId::https_send, "AT+CHTTPSSEND=4096", 120s, payload);
  ASSERT_TRUE(stage.until([&] { return answer.done(); }, 120s));
  EXPECT_LE(stage.now() - asked, Port::longest_stall + 1s);
  EXPECT_EQ((*answer).error().kind, ErrorKind::modem_absent);
  EXPECT_NE((*answer).error().message.find("takes no bytes"), std::string::npos)
      << (*answer).error().message;
}

// Whoever waits for a turn behind it is told at once, too.
TEST_F(PortLossTest, AllThatWaitAreTold) {
  line.deaf(true);
  auto first = ask(CommandId::https_start, "AT+CHTTPSSTART", 120s);
  auto second = ask(CommandId::signal, "AT+CSQ", 120s);
  ASSERT_TRUE(stage.until([&] { return first.done() && second.done(); }, 25s));
  EXPECT_EQ((*second).error().kind, ErrorKind::modem_absent);
}

}  // namespace
}  // namespace sim52xx::test
