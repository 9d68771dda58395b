// Jobs that have waited for preempt_after close sessions, as arbiter.preempt allows.
#include "tests/scripted/arbiter_fixture.hpp"

namespace sim52xx::test {
namespace {

using daemon::config::Preempt;

class PreemptTest : public ArbiterTest {
 protected:
  User open_session(int id) {
    User user = client("ssl" + std::to_string(id), id);
    user->last = stage.now();
    return user;
  }
};

TEST_F(PreemptTest, IdleIsTheDefaultAndAsksForAMinuteWithoutAByte) {
  User zero = open_session(0);
  User nightly = come("job 1", want_ftps());
  const Time asked = stage.now();
  stage.pass(14min);
  zero->last = asked + 14min + 30s;  // of a byte that comes meanwhile
  ASSERT_TRUE(stage.until([&] { return !zero->evicted.empty(); }));
  EXPECT_EQ(stage.now(), *zero->last + settings.idle_after);
  EXPECT_EQ(zero->evicted,
            "job 1 needs the modem and has waited 930 s for it, so that it may close this session "
            "(arbiter.preempt)");
  EXPECT_FALSE(nightly->has()) << "the client ends its session in order";
  give_back(zero);
  EXPECT_TRUE(nightly->has());
  EXPECT_EQ(wire.take(), "start ssl, stop ssl, start ftps");
  give_back(nightly);
}

TEST_F(PreemptTest, AnIdleSessionGoesAtPreemptAfter) {
  User zero = open_session(0);
  User nightly = come("job 1", want_ftps());
  const Time asked = stage.now();
  ASSERT_TRUE(stage.until([&] { return !zero->evicted.empty(); }));
  EXPECT_EQ(stage.now() - asked, settings.preempt_after);
  give_back(zero);
  give_back(nightly);
}

TEST_F(PreemptTest, ABusySessionStaysWithIdle) {
  User zero = open_session(0);
  User nightly = come("job 1", want_ftps());
  for (int i = 0; i < 200; ++i) {
    stage.pass(30s);
    zero->last = stage.now();
  }
  EXPECT_EQ(zero->evicted, "");
  EXPECT_EQ(waits(nightly), "ssl ssl0");
  give_back(zero);
  give_back(nightly);
}

TEST_F(PreemptTest, AnyClosesBusySessionsToo) {
  settings.preempt = Preempt::any;
  settings.preempt_after = 20s;
  User zero = open_session(0);
  User one = open_session(1);
  User nightly = come("job 1", want_ftps());
  stage.pass(20s - 1ms);
  zero->last = one->last = stage.now();
  EXPECT_EQ(zero->evicted + one->evicted, "");
  stage.pass(1ms);
  EXPECT_NE(zero->evicted, "");
  EXPECT_NE(one->evicted, "");
  give_back(zero);
  EXPECT_FALSE(nightly->has());
  give_back(one);
  EXPECT_TRUE(nightly->has());
  give_back(nightly);
}

TEST_F(PreemptTest, NeverIsNever) {
  settings.preempt = Preempt::never;
  User zero = open_session(0);
  User nightly = come("job 1", want_ftps());
  stage.pass(24h);
  EXPECT_EQ(zero->evicted, "");
  give_back(zero);
  EXPECT_TRUE(nightly->has());
  give_back(nightly);
}

TEST_F(PreemptTest, AClientNeverPreempts) {
  settings.preempt = Preempt::any;
  User zero = open_session(0);
  User other = client("ssl0", 0);
  stage.pass(24h);
  EXPECT_EQ(zero->evicted, "");
  give_back(zero);
  give_back(other);
}

TEST_F(PreemptTest, AJobInAnotherJobsWayIsWaitedFor) {
  settings.preempt = Preempt::any;
  User page = come("job 1", want_https());
  User nightly = come("job 2", want_ftps());
  stage.pass(24h);
  EXPECT_EQ(page->evicted, "");
  give_back(page);
  give_back(nightly);
}

// The sooner of two jobs is the one that counts, and one that has gone does not.
TEST_F(PreemptTest, AJobThatHasGoneClosesNothing) {
  User zero = open_session(0);
  User first = come("job 1", want_ftps());
  stage.pass(10min);
  User second = come("job 2", want_ftps());
  go(first);
  stage.pass(14min);
  EXPECT_EQ(zero->evicted, "");
  stage.pass(1min);
  EXPECT_NE(zero->evicted, "");
  give_back(zero);
  EXPECT_TRUE(second->has());
  give_back(second);
}

}  // namespace
}  // namespace sim52xx::test
