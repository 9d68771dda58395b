// Files from the server to a reader that is slow, stands still, or is gone: what waits in memory is
// bounded, the line is held where it can be, and nothing is lost without anybody knowing.
#include "tests/scripted/ftps_get_fixture.hpp"

namespace sim52xx::test {
namespace {

constexpr std::size_t most_waiting = daemon::FtpsDownload::most_waiting;

// Holding is not an option there: bytes would be lost without anybody knowing.
TEST_F(FtpsGet, SlowReaderOnALineWithoutFlowControl) {
  ASSERT_TRUE(modem.channel().port()->flow_controlled());
  line.flow_controlled = false;
  script_bring_up();
  line.print("\r\nSTART\r\n");
  ASSERT_TRUE(stage.until([this] { return script.finished() && modem.ready(); }));
  ASSERT_FALSE(modem.channel().port()->flow_controlled());
  be_logged_in();
  sink.shut = true;
  script_get();
  script_blocks(bait(most_waiting + 100'000), 1024);
  script.wait(1s).say("+CFTPSGET: 0");
  auto failed = get();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::limit);
  EXPECT_TRUE(sink.cancelled);
  EXPECT_FALSE(ftps.unclear());
}

// The line is held, and goes on when the reader does; the server's patience is not ours.
TEST_F(FtpsGet, SlowReader) {
  sink.shut = true;
  const std::string bytes = bait(3 * most_waiting);
  script_get();
  script_blocks(bytes, 1058);
  script.say("+CFTPSGET: 0");
  auto getting = begin();
  const std::uint64_t read = modem.channel().counters().read;
  EXPECT_LT(read, most_waiting + 100'000);
  stage.pass(29s);
  EXPECT_FALSE(getting.done());
  EXPECT_EQ(modem.channel().counters().read, read);  // memory stays bounded
  sink.open();
  ASSERT_TRUE(stage.until([&] { return getting.done(); }));
  EXPECT_TRUE(*getting);
  EXPECT_TRUE(sink.got == bytes);
}

// A block that is held up in its middle has not stopped short.
TEST_F(FtpsGet, HeldInTheMiddleOfABlock) {
  line.piece = [](std::size_t) { return std::size_t{1000}; };
  sink.shut = true;
  const std::string bytes = bait(2 * most_waiting);
  script_get();
  script_blocks(bytes, most_waiting + 5000);
  script.say("+CFTPSGET: 0");
  auto getting = begin();
  stage.pass(20s);
  sink.open();
  ASSERT_TRUE(stage.until([&] { return getting.done(); }));
  EXPECT_TRUE(*getting);
  EXPECT_TRUE(sink.got == bytes);
}

TEST_F(FtpsGet, ReaderThatTakesNothing) {
  sink.shut = true;
  script_get();
  script_blocks(bait(2 * most_waiting), 1058);
  script.say("+CFTPSGET: 0");
  auto getting = begin();
  stage.pass(29s);
  EXPECT_FALSE(getting.done());
  stage.pass(1s);
  ASSERT_TRUE(getting.done());
  EXPECT_EQ(getting->error().kind, ErrorKind::limit);
  EXPECT_FALSE(ftps.unclear());  // the rest was read and dropped
  script.command("AT+CFTPSCWD=\"x\"");
  EXPECT_TRUE(stage.run(ftps.cwd("x")));
}

TEST_F(FtpsGet, ModemIsLostWhileTheLineIsHeld) {
  sink.shut = true;
  script_get();
  script_blocks(bait(2 * most_waiting), 1058);
  auto getting = begin();
  plugged = false;
  modem.fail("pulled");
  stage.settle();
  EXPECT_FALSE(getting.done());
  sink.open();
  stage.settle();
  ASSERT_TRUE(getting.done());
  EXPECT_EQ(getting->error().kind, ErrorKind::modem_absent);
}

}  // namespace
}  // namespace sim52xx::test
