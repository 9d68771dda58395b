// Files from the host to the server: blocks, flow control, and ends of all kinds. (note, 3.11)
#include "tests/scripted/ftps_fixture.hpp"

namespace sim52xx::test {
namespace {

class FtpsPut : public FtpsTest {
 protected:
  void SetUp() override {
    FtpsTest::SetUp();
    be_logged_in();
  }
  // Blocks of 512 bytes of `bytes` from number `first` on, as many as `count`.
  void script_blocks(const std::string& bytes, std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count; ++i)
      script_put(i == 0 ? "AT+CFTPSPUT=\"t1.txt\",512" : "AT+CFTPSPUT=512",
                 bytes.substr(i * 512, 512));
  }
  void script_unsent(std::size_t bytes) {
    script.command("AT+CFTPSPUT?", "+CFTPSPUT: " + std::to_string(bytes)).say("OK");
  }
  Task<Result<void>> begin(daemon::Source& source) {
    return stage.start(ftps.put(file, source, transfer));
  }
};

TEST_F(FtpsPut, EmptyFilesAreNotSent) {
  auto refused = put("");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
  TestSource pipe(stage.runtime);
  pipe.close();
  EXPECT_EQ(stage.run(ftps.put(file, pipe, transfer)).error().kind, ErrorKind::unsupported);
  EXPECT_FALSE(ftps.unclear());
}

TEST_F(FtpsPut, OneByte) {
  script_put("AT+CFTPSPUT=\"t1.txt\",1", ">");
  script.command("AT+CFTPSPUT").wait(90s).say("+CFTPSPUT: 0");
  EXPECT_TRUE(put(">"));
}

// Not more than 6144 bytes wait in the modem, and none is sent again until 2048 are left.
TEST_F(FtpsPut, WaitsWhileMuchIsUnsent) {
  const std::string bytes = bait(512 * 14 + 7);
  std::vector<Time> asked;
  const auto note = [&] { asked.push_back(stage.now()); };
  script_blocks(bytes, 0, 12);  // 6144
  for (const std::size_t unsent : {6144U, 6144U, 5000U, 5000U, 2049U}) {
    script.call(note);
    script_unsent(unsent);
  }
  script.call(note);
  script_unsent(2048);
  script_blocks(bytes, 12, 2);
  script_put("AT+CFTPSPUT=7", bytes.substr(512 * 14));
  script.command("AT+CFTPSPUT").say("+CFTPSPUT: 0");
  std::uint64_t moved = 0;
  transfer.moved = [&](std::size_t count) { moved += count; };
  EXPECT_TRUE(put(bytes));
  EXPECT_EQ(moved, bytes.size());
  EXPECT_TRUE(script.finished());
}

// A server that takes what the line brings: no block waits, but for a question every 6144 bytes.
TEST_F(FtpsPut, LosesNoTimeBetweenBlocks) {
  constexpr auto block_time = 46ms;  // of 512 bytes at 115200 baud
  const std::string bytes = bait(512 * 35);
  for (std::size_t i = 0; i < 35; ++i) {
    if (i > 0 && i % 12 == 0) script_unsent(0);
    script.expect(i == 0 ? "AT+CFTPSPUT=\"t1.txt\",512\r" : "AT+CFTPSPUT=512\r").print(">");
    script.expect(bytes.substr(i * 512, 512)).wait(block_time).say("OK");
  }
  script.command("AT+CFTPSPUT").say("+CFTPSPUT: 0");
  const Time before = stage.now();
  EXPECT_TRUE(put(bytes));
  EXPECT_EQ(stage.now() - before, 35 * block_time);
}

TEST_F(FtpsPut, LooksLessAndLessOften) {
  const std::string bytes = bait(512 * 13);
  script_blocks(bytes, 0, 12);
  std::vector<Duration> pauses;
  Time last = stage.now();
  const auto heard = line.heard;
  line.heard = [&](std::string_view text) {
    if (text != "AT+CFTPSPUT?\r") return heard(text);
    pauses.push_back(stage.now() - last);
    last = stage.now();
    const bool enough = pauses.size() == 14;
    if (enough) script_blocks(bytes, 12, 1);
    if (enough) script.command("AT+CFTPSPUT").say("+CFTPSPUT: 0");
    line.print(std::string("\r\n+CFTPSPUT: ") + (enough ? "0" : "6144") + "\r\n\r\nOK\r\n");
  };
  EXPECT_TRUE(put(bytes));
  ASSERT_EQ(pauses.size(), 14U);
  EXPECT_EQ(pauses[0], 0ms);
  EXPECT_EQ(pauses[1], 1ms);
  EXPECT_EQ(pauses[2], 2ms);
  EXPECT_EQ(pauses[10], 512ms);
  EXPECT_EQ(pauses[11], 1s);
  EXPECT_EQ(pauses[13], 1s);
}

TEST_F(FtpsPut, GivesUpWhenNothingMoves) {
  timeouts.transfer = 3s;
  const std::string bytes = bait(512 * 13);
  script_blocks(bytes, 0, 12);
  const auto heard = line.heard;
  line.heard = [&](std::string_view text) {
    if (text != "AT+CFTPSPUT?\r") return heard(text);
    line.print("\r\n+CFTPSPUT: 6144\r\n\r\nOK\r\n");
  };
  auto failed = put(bytes);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::timeout);
  EXPECT_TRUE(ftps.unclear());
}

// It answers OK to the blocks, so it has taken them.
TEST_F(FtpsPut, ModemThatCannotTellHowMuchIsUnsent) {
  const std::string bytes = bait(512 * 30);
  script_blocks(bytes, 0, 12);
  script.command("AT+CFTPSPUT?", "ERROR");
  script_blocks(bytes, 12, 18);
  script.command("AT+CFTPSPUT").say("+CFTPSPUT: 0");
  EXPECT_TRUE(put(bytes));
}

TEST_F(FtpsPut, FullBlocksOfASlowSource) {
  TestSource pipe(stage.runtime);
  auto putting = begin(pipe);
  const std::string bytes = bait(700);
  for (std::size_t i = 0; i < 511; ++i)
    pipe.fill(bytes.substr(i, 1));
  stage.pass(1h);
  EXPECT_FALSE(putting.done());
  script_blocks(bytes, 0, 1);
  pipe.fill(bytes.substr(511, 1));
  stage.settle();
  EXPECT_TRUE(script.finished());
  pipe.fill(bytes.substr(512));
  stage.pass(1h);
  script_put("AT+CFTPSPUT=188", bytes.substr(512));
  script.command("AT+CFTPSPUT").say("+CFTPSPUT: 0");
  pipe.close();
  ASSERT_TRUE(stage.until([&] { return putting.done(); }));
  EXPECT_TRUE(*putting);
}

TEST_F(FtpsPut, ResultBeforeTheOk) {
  script_put("AT+CFTPSPUT=\"t1.txt\",1", "x");
  script.expect("AT+CFTPSPUT\r").wait(90s).say("+CFTPSPUT: 0").say("OK");
  EXPECT_TRUE(put("x"));
}

TEST_F(FtpsPut, ServerRefusesTheName) {
  script.expect("AT+CFTPSPUT=\"t1.txt\",1\r").say("+CFTPSPUT: 9").say("ERROR");
  EXPECT_EQ(put("x").error().kind, ErrorKind::denied);
  EXPECT_FALSE(ftps.unclear());
}

TEST_F(FtpsPut, CommitFails) {
  for (const bool ok : {true, false}) {
    script_put("AT+CFTPSPUT=\"t1.txt\",1", "x");
    script.expect("AT+CFTPSPUT\r");
    if (ok) script.say("OK").wait(1s).say("+CFTPSPUT: 6");
    if (!ok) script.say("+CFTPSPUT: 6").say("ERROR");
    auto failed = put("x");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, ErrorKind::interrupted);
    EXPECT_FALSE(ftps.unclear());
  }
}

TEST_F(FtpsPut, BlockIsRefused) {
  const std::string bytes = bait(513);
  for (const std::string refusal : {"+CFTPSPUT: 4", ""}) {
    script_blocks(bytes, 0, 1);
    script.expect("AT+CFTPSPUT=1\r");
    if (!refusal.empty()) script.say(refusal);
    script.say("ERROR");
    auto failed = put(bytes);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind,
              refusal.empty() ? ErrorKind::modem_error : ErrorKind::peer_closed);
    EXPECT_TRUE(ftps.unclear());
    script.command("AT+CFTPSLOGOUT").command("AT+CFTPSSTOP");
    EXPECT_TRUE(stage.run(ftps.logout()));
    stage.run(ftps.stop());
    be_logged_in();
  }
}

TEST_F(FtpsPut, SourceBreaks) {
  TestSource pipe(stage.runtime);
  pipe.fill(bait(512));
  script_blocks(bait(512), 0, 1);
  auto putting = begin(pipe);
  EXPECT_FALSE(putting.done());
  pipe.broken = true;
  pipe.fill("x");
  stage.settle();
  ASSERT_TRUE(putting.done());
  EXPECT_EQ(putting->error().kind, ErrorKind::interrupted);
  EXPECT_TRUE(ftps.unclear());  // the put has not been committed, and never will be
}

// The modem comes back while the source has nothing: it knows nothing of a put.
TEST_F(FtpsPut, ModemRestartsWhileTheSourceIsSlow) {
  TestSource pipe(stage.runtime);
  pipe.fill(bait(512));
  script_blocks(bait(512), 0, 1);
  auto putting = begin(pipe);
  script_bring_up();
  line.print("\r\nSTART\r\n");
  ASSERT_TRUE(stage.until([this] { return script.finished() && modem.ready(); }));
  EXPECT_FALSE(putting.done());
  pipe.fill(bait(512));
  stage.settle();
  ASSERT_TRUE(putting.done());
  EXPECT_EQ(putting->error().kind, ErrorKind::interrupted);
  EXPECT_FALSE(ftps.started());
  stage.run(ftps.stop());
  EXPECT_FALSE(ftps.unclear());
}

TEST_F(FtpsPut, EndedWhileTheModemIsFull) {
  const std::string bytes = bait(512 * 20);
  MemorySource source(bytes);
  script_blocks(bytes, 0, 12);
  script_unsent(6144);
  auto putting = begin(source);
  EXPECT_FALSE(putting.done());
  transfer.end();
  stage.settle();
  ASSERT_TRUE(putting.done());
  EXPECT_EQ(putting->error().kind, ErrorKind::cancelled);
  EXPECT_TRUE(ftps.unclear());
}

// A command that was sent is waited for.
TEST_F(FtpsPut, EndedInTheMiddleOfABlock) {
  const std::string bytes = bait(1024);
  MemorySource source(bytes);
  script.expect("AT+CFTPSPUT=\"t1.txt\",512\r").wait(1s).print("\r\n>");
  script.expect(bytes.substr(0, 512)).wait(1s).say("OK");
  auto putting = begin(source);
  transfer.end();
  stage.pass(1500ms);
  EXPECT_FALSE(putting.done());
  stage.pass(1s);
  ASSERT_TRUE(putting.done());
  EXPECT_EQ(putting->error().kind, ErrorKind::cancelled);
  EXPECT_TRUE(ftps.unclear());
}

TEST_F(FtpsPut, EndedBeforeItBegan) {
  transfer.end();
  EXPECT_EQ(put("x").error().kind, ErrorKind::cancelled);
  EXPECT_FALSE(ftps.unclear());
}

TEST_F(FtpsPut, GuestsAnywhere) {
  const std::vector<std::string> units{"\r\n>",      "\r\nOK\r\n", "\r\n>",
                                       "\r\nOK\r\n", "\r\nOK\r\n", "\r\n+CFTPSPUT: 0\r\n"};
  const std::string guest = "\r\n+CMTI: \"SM\",3\r\n";
  const std::string bytes = bait(512 + 3);
  line.dribble();
  for (std::size_t place = 0; place <= units.size(); ++place) {
    SCOPED_TRACE(place);
    const auto unit = [&](std::size_t i) { return (i == place ? guest : "") + units[i]; };
    script.expect("AT+CFTPSPUT=\"t1.txt\",512\r").print(unit(0)).expect(bytes.substr(0, 512));
    script.print(unit(1)).expect("AT+CFTPSPUT=3\r").print(unit(2)).expect(bytes.substr(512));
    script.print(unit(3)).expect("AT+CFTPSPUT\r").print(unit(4) + unit(5));
    if (place == units.size()) script.print(guest);
    EXPECT_TRUE(put(bytes));
  }
}

}  // namespace
}  // namespace sim52xx::test
