// Windows: the line in online command mode for others, while session 0 stays open.
#include "tests/scripted/online_fixture.hpp"

namespace sim52xx::test {
namespace {

// The OK to the plus signs got lost, and the session lives: there was no window, and still session
// 0 had to wait. It gets its time before the next one.
TEST_F(OnlineTest, AnEscapeWithoutAnAnswerCostsTheWindowNotSessionZerosTime) {
  Time back{};
  Time again{};
  script.expect("+++").expect("\r");
  script_number();
  script_return().call([&] { back = stage.now(); });
  script.expect("+++").call([&] { again = stage.now(); }).wait(1s).say("OK");
  script_number();
  script.command(open_one);
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(stage.until([&] { return opened.done(); }, 20s));
  EXPECT_TRUE(*opened);
  EXPECT_GE(again - back, 2s);  // at least a second of its own, and the guard time
}

// The modem does not open session 1 beside a transparent session 0, or the network refuses it very
// quickly.
class RefusedWindowTest : public OnlineTest {
 protected:
  void script_window() {
    script_escape();
    script_number();
  }
  // Session 1 is asked for, and the modem says ERROR twice.
  void be_refused() {
    script_window();
    script.command(open_one, "ERROR").call([&] { first = stage.now(); });
    script.command(open_one, "").call([&] { second = stage.now(); }).say("ERROR");
    script_return();
    Task<Result<void>> opened = open(1, counted);
    ASSERT_TRUE(stage.until([&] { return opened.done(); }, 20s));
    ASSERT_FALSE(*opened);
    EXPECT_EQ(opened->error().stage, "window");
    EXPECT_GE(second - first, 1s);
    ASSERT_TRUE(stage.until([&] { return script.finished(); }, 20s));
    EXPECT_FALSE(stack.windows());
  }
  void end_zero() {
    script_escape();
    script_number();
    script.command("AT+CSSLCLOSE=0");
    stage.pass(1s);
    Task<void> closed = close(0);
    ASSERT_TRUE(stage.until([&] { return closed.done(); }, 20s));
    script.command("AT+CSSLSTOP");
    script_start(counted);
  }

  Time first{};
  Time second{};
};

TEST_F(RefusedWindowTest, ItIsBelievedTheSecondTime) {
  be_refused();
  end_zero();
  script.command(open_one);
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(opened.done());
  EXPECT_TRUE(*opened);
  EXPECT_FALSE(stack.windows());
}

TEST_F(RefusedWindowTest, ItIsTakenBackWhereTheSameFailsWithoutSession0) {
  be_refused();
  end_zero();
  script.command(open_one, "ERROR");
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(opened.done());
  ASSERT_FALSE(*opened);
  EXPECT_EQ(opened->error().kind, ErrorKind::connect_failed);
  EXPECT_TRUE(stack.windows());
}

TEST_F(RefusedWindowTest, OneErrorIsNoRefusal) {
  script_window();
  script.command(open_one, "ERROR").command(open_one);
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(stage.until([&] { return opened.done(); }, 20s));
  EXPECT_TRUE(*opened);
  EXPECT_TRUE(stack.windows());
}

TEST_F(RefusedWindowTest, WhereItWorkedOnceAnErrorIsTheNetworks) {
  script_window();
  script.command(open_one);
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(stage.until([&] { return opened.done(); }, 20s));
  script.command("AT+CSSLCLOSE=1");
  script_return();
  Task<void> closed = close(1);
  ASSERT_TRUE(closed.done());
  stage.settle();
  script_window();
  script.command(open_one, "ERROR");
  script_return();
  Task<Result<void>> refused = open(1, counted);
  ASSERT_TRUE(stage.until([&] { return refused.done(); }, 20s));
  ASSERT_FALSE(*refused);
  EXPECT_EQ(refused->error().kind, ErrorKind::connect_failed);
  EXPECT_TRUE(stack.windows());
}

TEST_F(RefusedWindowTest, AnErrorThatTakesItsTimeIsTheNetworks) {
  script_window();
  script.command(open_one, "").wait(150ms).say("ERROR");
  script_return();
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(stage.until([&] { return opened.done(); }, 20s));
  ASSERT_FALSE(*opened);
  EXPECT_EQ(opened->error().kind, ErrorKind::connect_failed);
  EXPECT_TRUE(stack.windows());
}

}  // namespace
}  // namespace sim52xx::test
