// Commands of session 1 that wait for their turn while session 0 becomes transparent.
#include "tests/scripted/online_fixture.hpp"

namespace sim52xx::test {
namespace {

class Overtaken : public OnlineTest {
 protected:
  static constexpr std::string_view open_zero = "AT+CSSLOPEN=0,\"www.myserver.com\",443";

  // Session 1 is open, opened in a window, and session 0 is being opened once more.
  void SetUp() override {
    OnlineTest::SetUp();
    script_escape();
    script_number();
    script.command("AT+CSSLOPEN=1,\"www.myserver.com\",443");
    Task<Result<void>> opened = open(1, counted);
    ASSERT_TRUE(stage.until([&] { return opened.done(); }, 20s));
    ASSERT_TRUE(*opened);
    script.command("AT+CSSLCLOSE=0");
    Task<void> closed = close(0);
    ASSERT_TRUE(stage.until([&] { return closed.done(); }, 20s));
    script.command(open_zero, "");
    again.emplace(open(0, transparent));
    ASSERT_FALSE(again->done());
  }
  void script_window(std::string_view command, std::string_view answer) {
    script_escape();
    script_number();
    script.command(command, answer);
  }

  std::optional<Task<Result<void>>> again;
};

TEST_F(Overtaken, ACloseIsSentInAWindow) {
  Task<void> closed = close(1);
  script_window("AT+CSSLCLOSE=1", "OK");
  script_return();
  print("\r\nCONNECT 115200\r\n");
  ASSERT_TRUE(again->done());
  EXPECT_TRUE(**again);
  ASSERT_TRUE(stage.until([&] { return closed.done(); }, 20s));
  ASSERT_TRUE(stage.until([&] { return script.finished(); }, 20s));
  EXPECT_FALSE(stage.logged("cancelling session 1"));
}

TEST_F(Overtaken, BytesAreSentInAWindow) {
  Task<Result<std::size_t>> sent = send(1, "hello");
  script_escape();
  script_number();
  script.expect("AT+CSSLSEND=1,5\r").print("\r\n>").expect("hello").say("OK");
  script.say("+CSSLSEND: 1,0,5");
  print("\r\nCONNECT 115200\r\n");
  ASSERT_TRUE(stage.until([&] { return sent.done(); }, 20s));
  ASSERT_TRUE(*sent);
  EXPECT_EQ(**sent, 5U);
  EXPECT_FALSE(stack.session(1).failure);
}

// An admin's command, and one that nobody waits for.
TEST_F(Overtaken, CommandsOfOthersAreSentInAWindow) {
  const auto csq = [&] {
    return daemon::Request(modem.profile().row(CommandId::signal), *CommandBuilder("+CSQ").line());
  };
  Task<Result<Outcome>> asked = stage.start(stack.aside(csq(), 30s));
  Task<Result<Outcome>> beside = stage.start(stack.beside(csq(), 30s));
  script_window("AT+CSQ", "+CSQ: 20,99");
  script.say("OK");
  script.command("AT+CSQ", "+CSQ: 20,99").say("OK");
  print("\r\nCONNECT 115200\r\n");
  ASSERT_TRUE(stage.until([&] { return asked.done() && beside.done(); }, 20s));
  EXPECT_TRUE(*asked);
  EXPECT_TRUE(*beside);
}

// Session 0 is refused: the line never became transparent.
TEST_F(Overtaken, NothingWaitsForASessionThatIsRefused) {
  Task<void> closed = close(1);
  script.command("AT+CSSLCLOSE=1");
  print("\r\nERROR\r\n");
  ASSERT_TRUE(again->done());
  EXPECT_FALSE(**again);
  EXPECT_TRUE(closed.done());
}

class LeftOpen : public SslTest {};

// Nobody knows whether the modem has closed it: before it is opened anew, it is closed.
TEST_F(LeftOpen, ASessionIsClosedBeforeItIsOpenedAnew) {
  be_open(1, counted);
  script.command("AT+CSSLCLOSE=1", "");
  Task<void> closed = close(1);
  ASSERT_TRUE(stage.until([&] { return closed.done(); }, 200s));
  script.expect("AT+CGSN\r").print(std::string(number));  // is it still there?
  script.command("AT+CSSLCLOSE=1");
  script.command("AT+CSSLOPEN=1,\"www.myserver.com\",443");
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(stage.until([&] { return opened.done(); }, 20s));
  EXPECT_TRUE(*opened);
}

}  // namespace
}  // namespace sim52xx::test
