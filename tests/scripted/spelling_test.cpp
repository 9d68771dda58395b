// Commands that firmware knows by another name than the manuals': the note's 2.3 prints CHTTPSEND,
// its 6.1 CHTTPSENDD, real firmware has CHTTPSSEND.
#include "daemon/modem/spelling.hpp"

#include "tests/scripted/modem_fixture.hpp"

namespace sim52xx::test {
namespace {

using daemon::Spelling;

class SpellingTest : public ModemTest {
 protected:
  void SetUp() override { bring_up(); }

  Result<Outcome> send(std::string_view bytes) {
    const auto length = static_cast<std::int64_t>(bytes.size());
    const Spelling::Ways ways = spelling.ways(CommandId::https_send, [&](std::string_view name) {
      return CommandBuilder(name).number("length", length, 1, 4096);
    });
    return stage.run(spelling.run(CommandId::https_send, ways, 120s, bytes));
  }
  Result<Outcome> commit() {
    const Spelling::Ways ways = spelling.ways(
        CommandId::https_commit, [](std::string_view name) { return CommandBuilder(name); });
    return stage.run(spelling.run(CommandId::https_commit, ways, 120s));
  }
  void script_sent(const std::string& command, const std::string& bytes) {
    script.expect(command + "\r").print("\r\n>").expect(bytes).say("OK");
  }

  Spelling spelling{modem};
};

TEST_F(SpellingTest, RealNameIsEnough) {
  script_sent("AT+CHTTPSSEND=2", "ab");
  EXPECT_TRUE(send("ab")->ok());
  EXPECT_TRUE(spelling.proven(CommandId::https_commit));
  script.command("AT+CHTTPSSEND", "ERROR");  // refused, but not for its name
  EXPECT_FALSE(commit()->ok());
}

TEST_F(SpellingTest, NotesNameIsFoundAndKept) {
  script.command("AT+CHTTPSSEND=2", "ERROR");
  script.command("AT+CHTTPSEND=2", "ERROR");
  script_sent("AT+CHTTPSENDD=2", "ab");
  EXPECT_TRUE(send("ab")->ok());
  script.command("AT+CHTTPSENDD").say("+CHTTPSENDD: 0");
  EXPECT_TRUE(commit()->ok());
}

TEST_F(SpellingTest, TriedOnceUntilTheModemComesBack) {
  for (const char* command : {"AT+CHTTPSSEND=2", "AT+CHTTPSEND=2", "AT+CHTTPSENDD=2"})
    script.command(command, "ERROR");
  EXPECT_EQ(send("ab")->text, "ERROR");
  EXPECT_FALSE(spelling.proven(CommandId::https_send));
  script.command("AT+CHTTPSSEND=2", "ERROR");
  EXPECT_FALSE(send("ab")->ok());

  script_bring_up();
  line.print("\r\nSTART\r\n");
  ASSERT_TRUE(stage.until([this] { return script.finished() && modem.ready(); }));
  script.command("AT+CHTTPSSEND=2", "ERROR");
  script_sent("AT+CHTTPSEND=2", "ab");
  EXPECT_TRUE(send("ab")->ok());
}

// It has begun to do as it was told: the name is right.
TEST_F(SpellingTest, ErrorBehindThePromptIsNoQuestionOfTheName) {
  script.expect("AT+CHTTPSSEND=2\r").print("\r\n>").expect("ab").say("ERROR");
  EXPECT_FALSE(send("ab")->ok());
  EXPECT_TRUE(spelling.proven(CommandId::https_send));
}

TEST_F(SpellingTest, ErrorWithAResultIsNoQuestionOfTheName) {
  script.command("AT+CHTTPSSEND", "+CHTTPSSEND: 3").say("ERROR");
  EXPECT_EQ(commit()->code, 3);
}

class Blocks final : public daemon::BlockSink {
 public:
  void on_block(std::string_view bytes) override { got += bytes; }
  void on_block_cut() override {}
  std::string got;
};

TEST_F(SpellingTest, ErrorBehindDataIsNoQuestionOfTheName) {
  Blocks blocks;
  const Spelling::Ways ways = spelling.ways(
      CommandId::ftps_list, [](std::string_view name) { return CommandBuilder(name); });
  script.command("AT+CFTPSLIST").print("\r\n+CFTPSLIST: DATA,3\r\nabc\r\n").say("ERROR");
  auto listed = stage.run(spelling.run(CommandId::ftps_list, ways, 120s, {}, &blocks));
  EXPECT_FALSE(listed->ok());
  EXPECT_TRUE(listed->data);
  EXPECT_EQ(blocks.got, "abc");
}

TEST_F(SpellingTest, RefusedArgumentsAreNeverSent) {
  const Spelling::Ways ways = spelling.ways(CommandId::ftps_cwd, [](std::string_view name) {
    return CommandBuilder(name).text("path", "a\"b", 256);
  });
  auto refused = stage.run(spelling.run(CommandId::ftps_cwd, ways, 120s));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace sim52xx::test
