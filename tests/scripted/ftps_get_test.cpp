// Files and listings from the server: blocks of any size, slow readers, and ends of all kinds.
// (note, 3.9 and 3.13)
#include <algorithm>

#include "tests/scripted/ftps_fixture.hpp"

namespace sim52xx::test {
namespace {

constexpr std::size_t most_waiting = daemon::FtpsDownload::most_waiting;

class FtpsGet : public FtpsTest {
 protected:
  void SetUp() override {
    FtpsTest::SetUp();
    be_logged_in();
  }
  Script& script_get() { return script.command("AT+CFTPSGET=\"t1.txt\""); }
  Task<Result<void>> begin() { return stage.start(ftps.get(file, sink, transfer)); }
  // As many blocks as `bytes` need.
  void script_blocks(std::string_view bytes, std::size_t size) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size())))
      script.print(block("+CFTPSGET", bytes.substr(0, size)));
  }
};

TEST_F(FtpsGet, BlocksOfAnySize) {
  const std::string bytes = bait(5000);
  for (const std::size_t size : {1U, 2U, 512U, 1020U, 1058U, 4096U, 5000U}) {
    SCOPED_TRACE(size);
    sink.got.clear();
    script_get();
    script_blocks(bytes, size);
    script.say("+CFTPSGET: 0");
    EXPECT_TRUE(get());
    EXPECT_TRUE(sink.got == bytes);
  }
}

TEST_F(FtpsGet, BytePerByteAndGuestsBetweenTheBlocks) {
  const std::string guest = "\r\n+CMTI: \"SM\",3\r\n";
  const std::vector<std::string> units{"\r\nOK\r\n", "\r\n+CFTPSGET: DATA, 60,\r\n" + bait(60),
                                       "\r\n+CFTPSGET:DATA,60\r\n" + bait(60),
                                       "\r\n+CFTPSGET: 0\r\n"};
  line.dribble();
  for (std::size_t place = 0; place <= units.size(); ++place) {
    SCOPED_TRACE(place);
    sink.got.clear();
    script.expect("AT+CFTPSGET=\"t1.txt\"\r");
    for (std::size_t i = 0; i <= units.size(); ++i) {
      if (i == place) script.print(guest);
      if (i < units.size()) script.print(units[i]);
    }
    EXPECT_TRUE(get());
    EXPECT_EQ(sink.got, bait(60) + bait(60));
  }
}

TEST_F(FtpsGet, EmptyFile) {
  script_get().say("+CFTPSGET: 0");
  EXPECT_TRUE(get());
  EXPECT_EQ(sink.got, "");
}

TEST_F(FtpsGet, TakesAsLongAsTheFileIsLong) {
  script_get();
  for (int i = 0; i < 60; ++i)
    script.wait(119s).print(block("+CFTPSGET", "x"));
  script.wait(119s).say("+CFTPSGET: 0");
  const Time began = stage.now();
  auto getting = begin();
  ASSERT_TRUE(stage.until([&] { return getting.done(); }, 3h));
  EXPECT_TRUE(*getting);
  EXPECT_EQ(stage.now() - began, 61 * 119s);
  EXPECT_EQ(sink.got, std::string(60, 'x'));
}

TEST_F(FtpsGet, SilenceEndsIt) {
  script_get().wait(119s).print("\r\n+CFTPSGET: DATA,5\r\nabcde\r\n");
  const Time began = stage.now();
  auto failed = get();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::timeout);
  EXPECT_EQ(stage.now() - began, 239s);
  EXPECT_TRUE(ftps.unclear());
}

TEST_F(FtpsGet, ErrorNumbers) {
  struct Way {
    std::vector<std::string> lines;
    std::string got;
  };
  const std::string data = "\r\n+CFTPSGET: DATA,3\r\nabc\r\n";
  const auto text = [](const std::string& words) { return "\r\n" + words + "\r\n"; };
  for (const Way& way : {
           Way{{text("+CFTPSGET: 9"), text("ERROR")}, ""},
           Way{{text("+CFTPSGET: 9")}, ""},  // and no OK at all
           Way{{text("OK"), text("+CFTPSGET: 9")}, ""},
           Way{{text("+CFTPSGET: 9"), text("OK")}, ""},
           Way{{text("OK"), data, text("+CFTPSGET: 9")}, "abc"},
           Way{{data, text("+CFTPSGET: 9")}, "abc"},
       }) {
    sink.got.clear();
    script.expect("AT+CFTPSGET=\"t1.txt\"\r");
    for (const std::string& unit : way.lines)
      script.print(unit);
    auto failed = get();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, ErrorKind::denied);
    EXPECT_EQ(failed.error().message, "the modem could not get t1.txt: rejected by the server (9)");
    EXPECT_EQ(sink.got, way.got);
    EXPECT_FALSE(ftps.unclear());
  }
}

TEST_F(FtpsGet, BlockStopsShort) {
  script_get().print("\r\n+CFTPSGET: DATA,100\r\nabc").wait(11s).say("+CFTPSGET: 0");
  auto failed = get();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::interrupted);
}

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

TEST_F(FtpsGet, ReaderIsGone) {
  sink.gone = true;
  script_get();
  script_blocks(bait(5000), 1058);
  script.wait(1s).print(block("+CFTPSGET", bait(1058))).say("+CFTPSGET: 0");
  auto failed = get();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(failed.error().message, "the reader is gone");
  EXPECT_FALSE(ftps.unclear());
}

// What the modem is doing is waited for as long as closing may take.
TEST_F(FtpsGet, EndedAndTheModemFinishes) {
  script_get().print(block("+CFTPSGET", "abc")).wait(100s).print(block("+CFTPSGET", "def"));
  script.wait(10s).say("+CFTPSGET: 0");
  auto getting = begin();
  stage.pass(1s);
  EXPECT_EQ(sink.got, "abc");
  transfer.end();
  stage.pass(108s);
  EXPECT_FALSE(getting.done());
  stage.pass(1s);
  ASSERT_TRUE(getting.done());
  EXPECT_EQ(getting->error().kind, ErrorKind::cancelled);
  EXPECT_EQ(sink.got, "abc");
  EXPECT_FALSE(ftps.unclear());
}

// The rest of a file that nobody wants is never taken for answers, whatever is in it.
TEST_F(FtpsGet, EndedAndTheModemGoesOn) {
  script_get();
  const std::string part = block("+CFTPSGET", bait(1058));
  bool pouring = true;
  const std::function<void()> pour = [&] {
    if (pouring) line.print(part);
  };
  daemon::Timer tap(stage.runtime.timers, [] {});
  const std::function<void()> again = [&] { tap.arm(stage.now() + 100ms); };
  daemon::Timer stream(stage.runtime.timers, [&] {
    pour();
    stream.arm(stage.now() + 100ms);
  });
  stream.arm(stage.now());
  auto getting = begin();
  stage.pass(10s);
  transfer.end();
  stage.pass(119s);
  EXPECT_FALSE(getting.done());
  stage.pass(1s);
  ASSERT_TRUE(getting.done());
  EXPECT_EQ(getting->error().kind, ErrorKind::cancelled);
  EXPECT_TRUE(ftps.unclear());
  script.expect("AT+CGSN\r").print(std::string(number));
  script.expect("AT+CFTPSSTOP\r").wait(5s).call([&] { pouring = false; }).say("OK");
  stage.run(ftps.stop());
  EXPECT_TRUE(script.finished());
  EXPECT_FALSE(ftps.unclear());
  EXPECT_TRUE(modem.ready());
  stream.cancel();
}

TEST_F(FtpsGet, ModemIsLost) {
  script_get().print(block("+CFTPSGET", "abc"));
  auto getting = begin();
  line.hang_up();
  plugged = false;
  stage.settle();
  ASSERT_TRUE(getting.done());
  EXPECT_EQ(getting->error().kind, ErrorKind::modem_absent);
  EXPECT_EQ(sink.got, "abc");
}

TEST_F(FtpsGet, ModemIsLostWhileTheLineIsHeld) {
  sink.shut = true;
  script_get();
  script_blocks(bait(2 * most_waiting), 1058);
  auto getting = begin();
  modem.fail("pulled");
  stage.settle();
  EXPECT_FALSE(getting.done());
  plugged = false;
  sink.open();
  stage.settle();
  ASSERT_TRUE(getting.done());
  EXPECT_EQ(getting->error().kind, ErrorKind::modem_absent);
}

TEST_F(FtpsGet, IntoTheModemsOwnFiles) {
  script.command("AT+CFTPSGETFILE=\"a.jpg\",8").wait(10min).say("+CFTPSGETFILE: 0");
  EXPECT_TRUE(stage.run(ftps.get_file("a.jpg", 8, transfer)));
  script.expect("AT+CFTPSGETFILE=\"a.jpg\",8\r").say("+CFTPSGETFILE: 9").say("ERROR");
  EXPECT_EQ(stage.run(ftps.get_file("a.jpg", 8, transfer)).error().kind, ErrorKind::denied);
}

TEST_F(FtpsGet, ListsADirectory) {
  script.command("AT+CFTPSLIST=\"/pub dir\"").print(block("+CFTPSLIST", "a\r\n"));
  script.print(block("+CFTPSLIST", "b\r\n")).say("+CFTPSLIST: 0");
  EXPECT_EQ(*stage.run(ftps.list("/pub dir", transfer)), "a\r\nb\r\n");
}

TEST_F(FtpsGet, ListErrors) {
  script.command("AT+CFTPSLIST").say("+CFTPSLIST: 6");
  EXPECT_EQ(list().error().kind, ErrorKind::interrupted);
  script.expect("AT+CFTPSLIST\r").say("+CFTPSLIST: 9").say("ERROR");
  EXPECT_EQ(list().error().kind, ErrorKind::denied);
  script.command("AT+CFTPSLIST").print("\r\n+CFTPSLIST: DATA,9\r\nabc").wait(11s);
  script.say("+CFTPSLIST: 0");
  EXPECT_EQ(list().error().kind, ErrorKind::interrupted);
}

TEST_F(FtpsGet, ListIsTooLong) {
  script.command("AT+CFTPSLIST");
  for (std::size_t sent = 0; sent <= FtpsStack::longest_listing; sent += 4096)
    script.print(block("+CFTPSLIST", std::string(4096, 'x')));
  script.say("+CFTPSLIST: 0");
  EXPECT_EQ(list().error().kind, ErrorKind::limit);
  EXPECT_FALSE(ftps.unclear());
}

}  // namespace
}  // namespace sim52xx::test
