// Files from the server: blocks of any size, and ends of all kinds. (note, 3.13)
#include "tests/scripted/ftps_get_fixture.hpp"

namespace sim52xx::test {
namespace {

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
  daemon::Timer stream(stage.runtime.timers, [&] {
    if (pouring) line.print(part);
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

}  // namespace
}  // namespace sim52xx::test
