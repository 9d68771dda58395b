// One command at a time: answers, unsolicited codes around them, and answers that come late.
#include "tests/scripted/channel_fixture.hpp"

namespace sim52xx::test {
namespace {

using Strings = std::vector<std::string>;

constexpr std::string_view imei = "359769034498003";

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

TEST_F(ChannelTest, FindsUnsolicitedCodesAroundAndInsideAnAnswer) {
  const std::string guest = "+CMTI: \"SM\",3";
  const Strings units{"\r\n+CSQ: 20,99\r\n", "\r\nOK\r\n"};
  line.dribble();
  for (std::size_t place = 0; place <= units.size(); ++place) {
    SCOPED_TRACE(place);
    script.expect("AT+CSQ\r");
    for (std::size_t i = 0; i <= units.size(); ++i) {
      if (i == place) script.say(guest);
      if (i < units.size()) script.print(units[i]);
    }
    Answer answer = ask(CommandId::signal, "AT+CSQ");
    ASSERT_TRUE(answer.done());
    EXPECT_EQ((**answer).lines, Strings{"+CSQ: 20,99"});
    EXPECT_EQ(urcs, Strings{guest});
    urcs.clear();
  }
}

TEST_F(ChannelTest, AnAnswerBeforeTheCommandWasWrittenIsNone) {
  std::string sent;
  line.heard = [&](std::string_view bytes) { sent += bytes; };
  line.deaf(true);
  const std::string filler(std::size_t{1} << 20U, '.');
  EXPECT_FALSE(stage.run(channel.poke(filler, 1s)));
  Answer answer = ask(CommandId::echo_off, "ATE0");
  line.print("\r\nOK\r\n");
  stage.pass(1s);
  EXPECT_FALSE(answer.done());
  EXPECT_EQ(urcs, Strings{"OK"});
  line.deaf(false);
  stage.settle();
  EXPECT_TRUE(sent.ends_with(".ATE0\r"));
  EXPECT_FALSE(answer.done());
  line.print("\r\nERROR\r\n");
  stage.settle();
  ASSERT_TRUE(answer.done());
  EXPECT_EQ((**answer).final, Final::error);
}

TEST_F(ChannelTest, ACommandThatIsNeverWrittenTimesOut) {
  std::string sent;
  line.heard = [&](std::string_view bytes) { sent += bytes; };
  line.deaf(true);
  const std::string filler(std::size_t{1} << 20U, '.');
  EXPECT_FALSE(stage.run(channel.poke(filler, 1s)));
  const Time before = stage.now();
  auto answer = stage.run(exec(CommandId::echo_off, "ATE0", 4s, {}));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::timeout);
  EXPECT_EQ(stage.now() - before, 4s);
}

TEST_F(ChannelTest, WaitingInVainForItsTurnSendsNothing) {
  script.expect("AT+CSQ\r").wait(3s).print("\r\n+CSQ: 20,99\r\n\r\nOK\r\n").command("AT&C1");
  Answer first = ask(CommandId::signal, "AT+CSQ");
  Answer second = ask(CommandId::echo_off, "ATE0", 2s);
  Answer third = ask(CommandId::dcd_mode, "AT&C1");
  stage.pass(2s);
  ASSERT_TRUE(second.done());
  EXPECT_EQ((*second).error().kind, ErrorKind::timeout);
  EXPECT_EQ((*second).error().at, "ATE0");
  stage.pass(1s);
  ASSERT_TRUE(first.done());
  EXPECT_TRUE(*first);
  ASSERT_TRUE(third.done());
  EXPECT_TRUE((**third).ok());
}

TEST_F(ChannelTest, ALateAnswerIsNotTheNextCommands) {
  script.expect("AT&C1\r");
  Answer first = ask(CommandId::dcd_mode, "AT&C1", 5s);
  stage.pass(5s);
  ASSERT_TRUE(first.done());
  EXPECT_EQ((*first).error().kind, ErrorKind::timeout);
  script.expect("AT+CGSN\r").say("OK").print("\r\n359769034498003\r\n\r\nOK\r\n");
  script.expect("ATE0\r").say("ERROR");
  Answer second = ask(CommandId::echo_off, "ATE0");
  ASSERT_TRUE(second.done());
  EXPECT_EQ((**second).final, Final::error);
  EXPECT_EQ(channel.serial_number(), imei);
  EXPECT_EQ(channel.counters().timeouts, 1U);
}

TEST_F(ChannelTest, ALateAnswerThatCameInTimeForTheNextCommandNeedsNoResync) {
  script.expect("AT&C1\r").wait(7s).say("OK").expect("ATE0\r").say("ERROR");
  Answer first = ask(CommandId::dcd_mode, "AT&C1", 5s);
  stage.pass(8s);
  Answer second = ask(CommandId::echo_off, "ATE0");
  ASSERT_TRUE(second.done());
  EXPECT_EQ((**second).final, Final::error);
}

// The modem was busy for longer than one attempt of the resync, and answers both.
TEST_F(ChannelTest, ALateAnswerToTheResyncIsNotTheNextCommandsEither) {
  script.expect("AT&C1\r");
  Answer first = ask(CommandId::dcd_mode, "AT&C1", 5s);
  stage.pass(5s);
  script.expect("AT+CGSN\rAT+CGSN\r").wait(500ms).say("OK");
  for (int i = 0; i < 2; ++i)
    script.wait(10ms).print("\r\n359769034498003\r\n\r\nOK\r\n");
  script.expect("ATE0\r").wait(100ms).say("ERROR");
  Answer second = ask(CommandId::echo_off, "ATE0");
  stage.pass(5s);
  ASSERT_TRUE(second.done());
  EXPECT_EQ((**second).final, Final::error);
}

TEST_F(ChannelTest, AModemThatOwesAnAnswerAndFallsSilentIsLost) {
  script.expect("AT&C1\r").expect("AT+CGSN\rAT+CGSN\rAT+CGSN\r");
  Answer first = ask(CommandId::dcd_mode, "AT&C1", 5s);
  stage.pass(5s);
  const Time before = stage.now();
  auto second = stage.run(exec(CommandId::echo_off, "ATE0", 60s, {}));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::modem_absent);
  EXPECT_EQ(stage.now() - before, 6s);
  EXPECT_FALSE(channel.attached());
}

TEST_F(ChannelTest, AResultWithoutItsOkSettles) {
  script.command("AT+CHTTPSSEND", "+CHTTPSSEND: 0").command("AT+CHTTPSSEND", "+CHTTPSSEND: 3");
  const Time before = stage.now();
  auto sent = stage.run(exec(CommandId::https_commit, "AT+CHTTPSSEND", 120s, {}));
  EXPECT_EQ(stage.now() - before, 1s);
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->ok());
  EXPECT_EQ(sent->code, 0);
  auto refused = stage.run(exec(CommandId::https_commit, "AT+CHTTPSSEND", 120s, {}));
  ASSERT_TRUE(refused);
  EXPECT_FALSE(refused->ok());
  EXPECT_EQ(refused->code, 3);
}

TEST_F(ChannelTest, TakesAnEchoForWhatItIs) {
  script.expect("AT+CSQ\r").print("AT+CSQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
  Answer answer = ask(CommandId::signal, "AT+CSQ");
  ASSERT_TRUE(answer.done());
  EXPECT_EQ((**answer).lines, Strings{"+CSQ: 20,99"});
  EXPECT_EQ(urcs, Strings{});
}

TEST_F(ChannelTest, DropsAnOverlongLineAndGoesOn) {
  script.expect("AT+CSQ\r").say(std::string(5000, 'x')).print("\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
  Answer answer = ask(CommandId::signal, "AT+CSQ");
  ASSERT_TRUE(answer.done());
  EXPECT_EQ((**answer).lines, Strings{"+CSQ: 20,99"});
  EXPECT_EQ(channel.counters().unknown_lines, 1U);
  EXPECT_EQ(urcs, Strings{});
}

TEST_F(ChannelTest, NoCommandLastsBeyondTheLimit) {
  script.expect("AT+CSSLSTOP\r");
  channel.set_limit(stage.now() + 2s);
  const Time before = stage.now();
  auto stopped = stage.run(exec(CommandId::ssl_stop, "AT+CSSLSTOP", 120s, {}));
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::timeout);
  EXPECT_EQ(stage.now() - before, 2s);
  auto next = stage.run(exec(CommandId::echo_off, "ATE0", 120s, {}));
  ASSERT_FALSE(next);
  EXPECT_EQ(stage.now() - before, 2s);
}

}  // namespace
}  // namespace sim52xx::test
