// A modem that hears nothing, or only some things: what is tried, in which order, and that it is
// tried for ever.
#include "tests/scripted/modem_fixture.hpp"

namespace sim52xx::test {
namespace {

class RecoveryTest : public ModemTest {
 protected:
  // All that is tried to find a modem that does not answer: the ladder's lower rungs.
  void script_silence() {
    std::string filler;
    while (filler.size() <= 4096)
      filler += "AT\r";
    script.expect("AT\rATQ0V1\rAT\r").expect("+++").expect("AT+CGSN\rAT+CGSN\r");
    script.expect(filler).expect("AT+CGSN\rAT+CGSN\r");
  }

  int power_cuts = 0;
  std::function<void()> on_power;
};

TEST_F(RecoveryTest, ASilentModemIsRestartedAndFoundAtOnceWhenItSaysSo) {
  script_silence();
  Time reset{};
  script.expect("\rAT+CRESET\r").call([&] { reset = stage.now(); }).wait(8s).say("START");
  script_bring_up();
  plug_in();
  EXPECT_TRUE(stage.until([&] { return modem.ready(); }, 1min));
  EXPECT_LE(stage.now() - reset, 9s);
  EXPECT_EQ(modem.counters().resets, 1U);
  EXPECT_EQ(modem.last_remedy()->remedy, Remedy::reset);
  EXPECT_EQ(modem.counters().reset_commands, 0U);
}

TEST_F(RecoveryTest, AModemThatRestartsWithoutAWordIsFoundToo) {
  script_silence();
  script.expect("\rAT+CRESET\r");
  script_bring_up();
  plug_in();
  EXPECT_TRUE(stage.until([&] { return modem.ready(); }, 2min));
}

TEST_F(RecoveryTest, AStepThatIsNeverAnsweredLeadsToARestart) {
  script_attention();
  script_set_up();
  script.expect("AT+CPIN?\r");  // and nothing, for ever
  script.expect("\rAT+CRESET\r").say("OK").wait(8s).say("START");
  script_bring_up();
  plug_in();
  EXPECT_TRUE(stage.until([&] { return modem.ready(); }, 2min));
  EXPECT_EQ(modem.counters().resets, 1U);
}

// A command was given up, and nobody has asked for anything since.
class OwingTest : public RecoveryTest {
 protected:
  void SetUp() override {
    bring_up();
    script.expect("AT+CSSLSTOP\r");
    const auto stop = CommandBuilder("+CSSLSTOP").line();
    const auto outcome = stage.run(modem.command(CommandId::ssl_stop, *stop, 10s));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::timeout);
  }
};

TEST_F(OwingTest, AModemThatStaysSilentIsLostHalfAMinuteLater) {
  script.expect("AT+CGSN\rAT+CGSN\rAT+CGSN\r");
  const Time before = stage.now();
  plugged = false;  // so that it does not start over
  ASSERT_TRUE(stage.until([&] { return !modem.ready(); }, 1min));
  EXPECT_LE(stage.now() - before, 30s);
  EXPECT_EQ(modem.counters().losses, 1U);
}

TEST_F(OwingTest, AModemThatAnswersIsKept) {
  script.expect("AT+CGSN\r").print(std::string(number));
  stage.pass(1h);
  EXPECT_TRUE(modem.ready());
  EXPECT_TRUE(script.finished());
}

TEST_F(OwingTest, AModemThatWasOnlyLateIsNotAsked) {
  stage.pass(15s);
  line.print("\r\nOK\r\n");
  stage.pass(1h);
  EXPECT_TRUE(modem.ready());
  EXPECT_TRUE(script.finished());
}

class PowerTest : public RecoveryTest {
 protected:
  // The fixture's modem has no reset command.
  config::Modem with_power = [] {
    config::Modem made;
    made.device = "script";
    made.reset_command = "cut-the-power";
    return made;
  }();
  Modem powered{
      stage.runtime, with_power, all_timeouts, sim52xx_profile(), daemon::Marker(marker_path),
      tasks};

  PowerTest() {
    powered.set_open([this]() -> Result<std::unique_ptr<daemon::Port>> {
      if (plugged) return line.connect();
      return Error(ErrorKind::modem_absent, "port", "unplugged");
    });
    powered.set_power([this]() -> daemon::asio::awaitable<Result<void>> {
      ++power_cuts;
      if (on_power) on_power();
      co_return Result<void>();
    });
  }
  void TearDown() override {
    powered.stop();
    RecoveryTest::TearDown();
  }
  void start() {
    tasks.spawn("powered modem", powered.run());
    stage.settle();
  }
};

TEST_F(PowerTest, TheResetCommandIsTheLastRung) {
  script_silence();
  script.expect("\rAT+CRESET\r");
  script_silence();
  on_power = [&] { script_bring_up(); };
  start();
  EXPECT_TRUE(stage.until([&] { return powered.ready(); }, 3min));
  EXPECT_EQ(power_cuts, 1);
  EXPECT_EQ(powered.counters().resets, 1U);
  EXPECT_EQ(powered.counters().reset_commands, 1U);
  EXPECT_EQ(powered.last_remedy()->remedy, Remedy::power);
}

TEST_F(PowerTest, ADeviceThatStaysAwayIsPoweredAndComesBack) {
  plugged = false;
  on_power = [&] {
    script_bring_up();
    plugged = true;
  };
  start();
  EXPECT_TRUE(stage.until([&] { return powered.ready(); }, 3min));
  EXPECT_EQ(power_cuts, 1);
}

TEST_F(PowerTest, ItGoesOnForEver) {
  line.heard = [](std::string_view) {};
  start();
  stage.pass(24h);
  EXPECT_FALSE(powered.ready());
  // The day may end while it tries once more.
  EXPECT_TRUE(stage.until([&] { return powered.state() == Modem::State::recovering; }, 1h));
  EXPECT_GT(powered.counters().resets, 500U);
  EXPECT_GT(power_cuts, 30);
  EXPECT_LT(power_cuts, 60);
}

TEST_F(RecoveryTest, ARefusedPinIsNoReasonForARestart) {
  script_attention();
  script_set_up();
  script.command("AT+CPIN?", "+CPIN: SIM PUK").say("OK");
  plug_in();
  EXPECT_EQ(modem.state(), Modem::State::recovering);
  EXPECT_EQ(modem.last_error()->kind, ErrorKind::denied);
  EXPECT_EQ(modem.counters().resets, 0U);
}

}  // namespace
}  // namespace sim52xx::test
