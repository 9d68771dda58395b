// One command at a time: answers, unsolicited codes around them, and answers that come late.
#include "tests/scripted/channel_fixture.hpp"

namespace sim52xx::test {
namespace {

using Strings = std::vector<std::string>;

TEST_F(ChannelTest, RunsCommandsInTheOrderOfAsking) {
  script.expect("AT+CSQ\r").wait(3s).print("\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
  script.expect("AT&C1\r").wait(1s).say("ERROR");
  script.command("ATE0");
  Answer first = ask(CommandId::signal, "AT+CSQ");
  Answer second = ask(CommandId::dcd_mode, "AT&C1");
  Answer third = ask(CommandId::echo_off, "ATE0");
  EXPECT_FALSE(first.done());
  stage.pass(3s);
  ASSERT_TRUE(first.done());
  EXPECT_EQ((**first).lines, Strings{"+CSQ: 20,99"});
  EXPECT_FALSE(second.done());
  stage.pass(1s);
  ASSERT_TRUE(second.done());
  EXPECT_EQ((**second).final, Final::error);
  ASSERT_TRUE(third.done());
  EXPECT_TRUE((**third).ok());
}

}  // namespace
}  // namespace sim52xx::test
