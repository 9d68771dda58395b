// Prompts, counted blocks and the line itself: what comes in pieces, stops short or goes away.
#include "tests/scripted/channel_fixture.hpp"

namespace sim52xx::test {
namespace {

using Strings = std::vector<std::string>;

constexpr auto send = CommandId::ssl_send;
const std::string send_text = "AT+CSSLSEND=1,5";

TEST_F(ChannelTest, SendsThePayloadBehindThePrompt) {
  script.command(send_text, "").wait(2s).print("\r\n>").expect("h\r\n+o").say("OK");
  Answer answer = ask(send, send_text, 10s, "h\r\n+o");
  EXPECT_FALSE(answer.done());
  stage.pass(2s);
  ASSERT_TRUE(answer.done());
  EXPECT_TRUE((**answer).ok());
  EXPECT_TRUE((**answer).prompted);
}

TEST_F(ChannelTest, AnErrorInsteadOfThePromptEndsTheCommand) {
  script.command(send_text, "ERROR").command("ATE0");
  Answer answer = ask(send, send_text, 10s, "hello");
  ASSERT_TRUE(answer.done());
  EXPECT_EQ((**answer).final, Final::error);
  EXPECT_FALSE((**answer).prompted);
  EXPECT_TRUE(ask(CommandId::echo_off, "ATE0").done());
}

TEST_F(ChannelTest, AnOkBeforeThePromptIsAnothers) {
  script.command(send_text, "OK").print(">").expect("hello").say("OK");
  Answer answer = ask(send, send_text, 10s, "hello");
  ASSERT_TRUE(answer.done());
  EXPECT_TRUE((**answer).ok());
  EXPECT_EQ(urcs, Strings{"OK"});
}

TEST_F(ChannelTest, AMissingPromptIsATimeoutAndThePayloadIsNeverSent) {
  script.command(send_text, "");
  Answer answer = ask(send, send_text, 10s, "hello");
  stage.pass(10s);
  ASSERT_TRUE(answer.done());
  EXPECT_EQ((*answer).error().kind, ErrorKind::timeout);
  // Too late: nobody would know which payload this '>' wants.
  line.print(">");
  stage.settle();
  script.expect("AT+CGSN\r").print("\r\n359769034498003\r\n\r\nOK\r\n").command("ATE0");
  EXPECT_TRUE(ask(CommandId::echo_off, "ATE0").done());
}

// A peer's block that looks like an answer, in the middle of one, in every cut.
TEST_F(ChannelTest, CountedBlocksInsideAnAnswerAreByteExact) {
  const std::string block("\r\nOK\r\nERROR\r\n>+CSSLRECV: DATA,1,9\r\n\0\xff", 38);
  const std::string head = "\r\n+CSSLRECV: DATA,1," + std::to_string(block.size()) + "\r\n";
  const std::string answer = "\r\n+CSQ: 20,99\r\n" + head + block + "\r\n\r\nOK\r\n";
  for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
    SCOPED_TRACE(cut);
    line.cut_at(cut);
    script.expect("AT+CSQ\r").print(answer);
    Answer signal = ask(CommandId::signal, "AT+CSQ");
    ASSERT_TRUE(signal.done());
    EXPECT_EQ((**signal).lines, Strings{"+CSQ: 20,99"});
    EXPECT_EQ(std::exchange(data[1], ""), block);
  }
  EXPECT_EQ(urcs.size(), answer.size() + 1);  // the head, each time, and nothing else
}

TEST_F(ChannelTest, CountedBlocksBeforeThePromptDoNotPrompt) {
  const std::string stream = "\r\n+CSSLRECV: DATA,0,7\r\n\r\n>\r\n>>\r\n\r\n>";
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    SCOPED_TRACE(cut);
    line.cut_at(cut);
    script.command(send_text, "").print(stream).expect("hello").say("OK");
    Answer answer = ask(send, send_text, 10s, "hello");
    ASSERT_TRUE(answer.done());
    EXPECT_TRUE((**answer).ok());
    EXPECT_EQ(std::exchange(data[0], ""), "\r\n>\r\n>>");
  }
}

TEST_F(ChannelTest, ABlockThatStopsShortIsReportedAndTheLineRecovers) {
  line.print("\r\n+CSSLRECV: DATA,1,100\r\nhello");
  stage.pass(5s);
  line.print(", world");
  stage.pass(9s);
  EXPECT_EQ(cuts, std::vector<int>{});
  stage.pass(1s);
  EXPECT_EQ(cuts, std::vector<int>{1});
  EXPECT_EQ(data[1], "hello, world");
  script.command("ATE0");
  Answer answer = ask(CommandId::echo_off, "ATE0");
  ASSERT_TRUE(answer.done());
  EXPECT_TRUE((**answer).ok());
  EXPECT_EQ(data[1], "hello, world");
  stage.pass(60s);
  EXPECT_EQ(cuts, std::vector<int>{1});
}

// A modem that restarts in the middle of a block prints what it says then in the block's place.
TEST_F(ChannelTest, AModemThatRestartsInABlockIsNoticedAtOnce) {
  line.print("\r\n+CSSLRECV: DATA,1,1000\r\nhalf of it");
  stage.pass(3s);
  line.print("\r\nSTART\r\n");
  stage.pass(900ms);
  EXPECT_EQ(urcs.size(), 1U);  // the block's head
  stage.pass(100ms);
  EXPECT_EQ(urcs, (Strings{"+CSSLRECV: DATA,1,1000", "START"}));
  EXPECT_EQ(cuts, std::vector<int>{1});
}

// What a file says of a start is the file's as long as it goes on.
TEST_F(ChannelTest, AFileThatSpeaksOfAStartIsAFile) {
  const std::string text = "a log\r\nSTART\r\n\r\n+STIN: 25\r\n";
  line.print("\r\n+CSSLRECV: DATA,1,33\r\n" + text);
  stage.pass(900ms);
  line.print("more!!");
  stage.pass(60s);
  EXPECT_EQ(urcs, Strings{"+CSSLRECV: DATA,1,33"});
  EXPECT_EQ(data[1], text + "more!!");
  EXPECT_EQ(cuts, std::vector<int>{});
}

TEST_F(ChannelTest, ACompleteBlockIsNotReported) {
  line.print("\r\n+CSSLRECV: DATA,1,5\r\nhello\r\n");
  stage.pass(60s);
  EXPECT_EQ(cuts, std::vector<int>{});
  EXPECT_EQ(data[1], "hello");
}

// What is behind a block is a line end, or its length was not what was announced.
TEST_F(ChannelTest, ABlockThatLostAByteOnTheLineIsReported) {
  line.print("\r\n+CSSLRECV: DATA,1,5\r\nhllo\r\n\r\nRING\r\n");
  stage.settle();
  EXPECT_EQ(cuts, std::vector<int>{1});
  EXPECT_EQ(urcs, (Strings{"+CSSLRECV: DATA,1,5", "RING"}));
}

TEST_F(ChannelTest, ABlockOneOfWhoseBytesCameTwiceIsReported) {
  line.print("\r\n+CSSLRECV: DATA,0,5\r\nhhello\r\n\r\nRING\r\n");
  stage.settle();
  EXPECT_EQ(cuts, std::vector<int>{0});
  EXPECT_EQ(urcs.back(), "RING");
}

// Whose bytes these are nobody knows.
TEST_F(ChannelTest, ABlockWhoseHeaderIsDamagedIsReportedToBothSessions) {
  line.print("\r\n+CSSLRECV: D\x14TA,1,5\r\nhello\r\n");
  stage.settle();
  EXPECT_EQ(cuts, (std::vector<int>{0, 1}));
  EXPECT_EQ(data[1], "");
}

TEST_F(ChannelTest, BlocksWithoutALineEndOfTheirOwnAreNotReported) {
  line.print("\r\n+CSSLRECV: DATA,1,5\r\nhello+CSSLRECV: DATA,1,6\r\n, you!\r\nRING\r\n");
  stage.pass(60s);
  EXPECT_EQ(data[1], "hello, you!");
  EXPECT_EQ(cuts, std::vector<int>{});
}

TEST_F(ChannelTest, EveryWaiterLearnsOfALostPort) {
  script.expect("AT+CSQ\r");
  Answer first = ask(CommandId::signal, "AT+CSQ");
  Answer second = ask(CommandId::echo_off, "ATE0");
  Answer third = ask(CommandId::dcd_mode, "AT&C1");
  line.print("\r\n+CSQ: 20");
  stage.settle();
  line.hang_up();
  stage.settle();
  for (Answer answer : {first, second, third}) {
    ASSERT_TRUE(answer.done());
    EXPECT_EQ((*answer).error().kind, ErrorKind::modem_absent);
  }
  EXPECT_TRUE(reader.done());
  Answer fourth = ask(CommandId::echo_off, "ATE0");
  ASSERT_TRUE(fourth.done());
  EXPECT_EQ((*fourth).error().kind, ErrorKind::modem_absent);

  channel.attach(line.connect());
  reader = stage.start(channel.read_loop());
  script.command("AT+CSQ", "+CSQ: 7,99").say("OK");
  Answer again = ask(CommandId::signal, "AT+CSQ");
  ASSERT_TRUE(again.done());
  EXPECT_EQ((**again).lines, Strings{"+CSQ: 7,99"});
}

TEST_F(ChannelTest, CommandsAreRefusedInTransparentMode) {
  script.expect("ATO\r").print("\r\nCONNECT 115200\r\nhello");
  Answer online_now = ask(CommandId::go_online, "ATO");
  ASSERT_TRUE(online_now.done());
  EXPECT_EQ((**online_now).final, Final::connect);
  EXPECT_EQ(online, "hello");
  Answer refused = ask(CommandId::echo_off, "ATE0");
  ASSERT_TRUE(refused.done());
  EXPECT_EQ((*refused).error().kind, ErrorKind::busy);
  line.print("\r\nOK\r\n+CSSLRECV: DATA,1,5\r\n");
  stage.settle();
  EXPECT_EQ(online, "hello\r\nOK\r\n+CSSLRECV: DATA,1,5\r\n");
  channel.leave_online("\r\n+CMTI: \"SM\",1\r\n");
  EXPECT_EQ(urcs, Strings{"+CMTI: \"SM\",1"});
  script.command("ATE0");
  EXPECT_TRUE(ask(CommandId::echo_off, "ATE0").done());
}

TEST_F(ChannelTest, HoldStopsReadingAndReleaseGoesOn) {
  channel.hold();
  channel.hold();
  line.print("\r\nRING\r\n");  // for the wait that goes on already
  stage.settle();
  line.print("\r\nPB DONE\r\n");
  stage.pass(60s);
  EXPECT_EQ(urcs, Strings{});
  channel.release();
  stage.settle();
  EXPECT_EQ(urcs, Strings{});
  channel.release();
  stage.settle();
  EXPECT_EQ(urcs, (Strings{"RING", "PB DONE"}));
}

TEST_F(ChannelTest, AHeldLineCanBeLost) {
  channel.hold();
  line.print("\r\nRING\r\n");
  stage.settle();
  EXPECT_FALSE(reader.done());
  channel.lose("enough");
  stage.settle();
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(channel.lost_reason(), "enough");
}

}  // namespace
}  // namespace sim52xx::test
