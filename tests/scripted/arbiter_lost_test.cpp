// The modem is lost in every phase of the arbiter; and raw commands of the conflicting families.
#include "tests/scripted/arbiter_fixture.hpp"

namespace sim52xx::test {
namespace {

class LostTest : public ArbiterTest {
 protected:
  // Nothing of what was is left in anybody's way.
  void expect_usable() {
    wire.take();
    User job = come("after", want_https());
    EXPECT_TRUE(job->has());
    EXPECT_EQ(wire.take(), "start https");
    give_back(job);
    stage.pass(settings.linger);
    EXPECT_EQ(wire.take(), "stop https");
  }
};

TEST_F(LostTest, WhileSomebodyHolds) {
  User zero = client("ssl0", 0);
  User nightly = come("job 1", want_ftps());
  lose_modem();
  EXPECT_TRUE(zero->has()) << "until it gives it back";
  EXPECT_EQ(waits(nightly), "ssl ssl0") << "it goes on waiting";
  EXPECT_EQ(zero->evicted, "");
  give_back(zero);
  EXPECT_TRUE(nightly->has());
  EXPECT_EQ(wire.take(), "start ssl, start ftps") << "a modem that has restarted holds nothing";
  give_back(nightly);
  stage.pass(settings.linger);
  expect_usable();
}

TEST_F(LostTest, WhileAStackIsStopped) {
  User zero = client("ssl0", 0);
  User nightly = come("job 1", want_ftps());
  ssl.stop_time = 2min;
  give_back(zero);
  stage.pass(1s);
  EXPECT_FALSE(nightly->has());
  lose_modem();
  EXPECT_TRUE(nightly->has());
  give_back(nightly);
  stage.pass(settings.linger);
  expect_usable();
}

TEST_F(LostTest, WhileAStackLingers) {
  User zero = client("ssl0", 0);
  give_back(zero);
  lose_modem();
  stage.pass(settings.linger);
  EXPECT_EQ(wire.take(), "start ssl");
  expect_usable();
}

TEST_F(LostTest, WhileADirtySessionWaitsForItsEnd) {
  User zero = client("ssl0", 0);
  User one = client("ssl1", 1);
  lose_modem();
  drop(one);
  give_back(zero);
  stage.pass(settings.linger);
  expect_usable();
}

TEST_F(LostTest, WhileAFamilyRuns) {
  Task<Result<FamilyUse>> open = stage.start(arbiter.take_family(AtFamily::tcpip, "AT+NETOPEN"));
  ASSERT_TRUE(*open);
  (*open)->set_running(true);
  {
    const FamilyUse end = std::move(**open);
  }
  User job = come("job 1", want_https());
  EXPECT_EQ(waits(job), "tcpip AT+NETOPEN");
  lose_modem();
  EXPECT_TRUE(job->has());
  give_back(job);
}

// A command that was sent before the loss and comes back after it says nothing of the new boot.
TEST_F(LostTest, WhileARawCommandRuns) {
  Task<Result<FamilyUse>> open = stage.start(arbiter.take_family(AtFamily::gps, "AT+CGPS=1"));
  ASSERT_TRUE(*open);
  lose_modem();
  Task<Result<FamilyUse>> again = stage.start(arbiter.take_family(AtFamily::gps, "AT+CGPS=1"));
  ASSERT_TRUE(*again);
  (*open)->set_running(false);
  {
    const FamilyUse end = std::move(**open);
  }
  User job = come("job 1", want_https());
  EXPECT_EQ(waits(job), "gps AT+CGPS=1");
  {
    const FamilyUse end = std::move(**again);
  }
  stage.settle();
  EXPECT_TRUE(job->has());
  give_back(job);
}

TEST_F(LostTest, AFamilyHoldsFromItsStartToItsStop) {
  User zero = client("ssl0", 0);
  Task<Result<FamilyUse>> refused = stage.start(arbiter.take_family(AtFamily::tcpip, "AT+NETOPEN"));
  ASSERT_FALSE(*refused);
  EXPECT_EQ(refused->error().kind, ErrorKind::busy);
  EXPECT_EQ(refused->error().waiting_for->stack, "ssl");
  EXPECT_EQ(refused->error().waiting_for->holder, "ssl0");
  give_back(zero);
  ssl.stop_time = 2s;
  wire.take();
  Task<Result<FamilyUse>> open = stage.start(arbiter.take_family(AtFamily::tcpip, "AT+NETOPEN"));
  EXPECT_EQ(wire.take(), "stop ssl") << "it was warm";
  EXPECT_FALSE(open.done());
  stage.pass(2s);
  ASSERT_TRUE(open.done());
  (*open)->set_running(true);
  {
    const FamilyUse end = std::move(**open);
  }
  User nightly = come("job 1", want_ftps());
  stage.pass(1h);
  EXPECT_EQ(waits(nightly), "tcpip AT+NETOPEN");
  const auto view = arbiter.view();
  EXPECT_EQ(view.stack, "tcpip");
  ASSERT_EQ(view.holders.size(), 1U);
  EXPECT_EQ(view.holders[0].name, "AT+NETOPEN");
  User kicker = client("ssl0", 0, Arbiter::Busy::reject);
  EXPECT_EQ(kicker->error->message, "the modem is in use by AT+NETOPEN");
  Task<Result<FamilyUse>> close = stage.start(arbiter.take_family(AtFamily::tcpip, "AT+NETCLOSE"));
  ASSERT_TRUE(close.done());
  (*close)->set_running(false);
  {
    const FamilyUse end = std::move(**close);
  }
  stage.settle();
  EXPECT_TRUE(nightly->has());
  give_back(nightly);
}

}  // namespace
}  // namespace sim52xx::test
