// Leases and what the arbiter does to the stacks for them.
#include "tests/scripted/arbiter_fixture.hpp"

namespace sim52xx::test {
namespace {

struct Named {
  std::string name;
  Want want;
  std::string stack;
};

TEST_F(ArbiterTest, EveryPairOfStacksIsStoppedAndStartedInOrder) {
  const Named all[] = {
      {"a", want_session(0), "ssl"}, {"b", want_https(), "https"}, {"c", want_ftps(), "ftps"}};
  for (const Named& first : all) {
    for (const Named& second : all) {
      SCOPED_TRACE(first.stack + ", then " + second.stack);
      User one = come(first.name, first.want);
      EXPECT_TRUE(one->has());
      EXPECT_EQ(wire.take(), "start " + first.stack);
      User other = come(second.name, second.want);
      EXPECT_FALSE(other->has());
      EXPECT_EQ(waits(other), first.stack + " " + first.name);
      EXPECT_EQ(wire.take(), "") << "nothing is stopped under its user";
      give_back(one);
      EXPECT_TRUE(other->has());
      const bool same = first.stack == second.stack;
      EXPECT_EQ(wire.take(),
                same ? std::string() : "stop " + first.stack + ", start " + second.stack);
      give_back(other);
      stage.pass(settings.linger);
      EXPECT_EQ(wire.take(), "stop " + second.stack);
    }
  }
}

TEST_F(ArbiterTest, AStackStaysWarmForTheLinger) {
  User first = client("ssl0", 0);
  give_back(first);
  stage.pass(settings.linger - 1ms);
  EXPECT_EQ(wire.take(), "start ssl");
  User second = client("ssl1", 1);
  stage.pass(10min);
  give_back(second);
  stage.pass(settings.linger - 1ms);
  EXPECT_EQ(wire.take(), "");
  stage.pass(1ms);
  EXPECT_EQ(wire.take(), "stop ssl");
  EXPECT_FALSE(arbiter.view().switching);
  EXPECT_EQ(arbiter.view().stack, "");
}

TEST_F(ArbiterTest, TheLingerOfOneIsNotTheOthers) {
  User zero = client("ssl0", 0);
  User one = client("ssl1", 1);
  give_back(zero);
  stage.pass(10min);
  EXPECT_EQ(wire.take(), "start ssl") << "session 1 still uses it";
  give_back(one);
  stage.pass(settings.linger);
  EXPECT_EQ(wire.take(), "stop ssl");
}

TEST_F(ArbiterTest, ADirtyStackIsStoppedBeforeItsNextOwner) {
  User first = come("job 1", want_https());
  User second = come("job 2", want_https());
  https.stop_time = 2min;
  wire.take();
  drop(first);
  EXPECT_EQ(wire.take(), "stop https");
  EXPECT_FALSE(second->has());
  EXPECT_EQ(waits(second), "https sim52xxd");
  EXPECT_TRUE(arbiter.view().switching);
  stage.pass(2min);
  EXPECT_TRUE(second->has());
  EXPECT_EQ(wire.take(), "start https");
  give_back(second);
}

TEST_F(ArbiterTest, ADirtyStackIsStoppedEvenIfItSaysItIsNotStarted) {
  User first = come("job 1", want_ftps());
  ftps.lose();
  wire.take();
  drop(first);
  EXPECT_EQ(wire.take(), "stop ftps");
}

TEST_F(ArbiterTest, ADirtySessionIsClosedWhereTheOtherIsInUse) {
  User zero = client("ssl0", 0);
  User one = client("ssl1", 1);
  wire.take();
  ssl.close_time = 2min;
  drop(one);
  EXPECT_EQ(wire.take(), "close 1");
  User next = client("ssl1", 1);
  EXPECT_FALSE(next->has());
  EXPECT_EQ(waits(next), "ssl sim52xxd");
  stage.pass(2min);
  EXPECT_TRUE(next->has());
  give_back(zero);
  give_back(next);
  stage.pass(settings.linger - 1ms);
  EXPECT_EQ(wire.take(), "") << "it has been cleaned";
}

TEST_F(ArbiterTest, TheQueueIsOneForAllStacks) {
  User zero = client("ssl0", 0);
  User nightly = come("job 1", want_ftps());
  User one = client("ssl1", 1);
  User page = come("job 2", want_either());
  EXPECT_EQ(waits(nightly), "ssl ssl0");
  EXPECT_EQ(waits(one), "ftps job 1");
  EXPECT_EQ(waits(page), "ftps job 1");
  give_back(zero);
  EXPECT_TRUE(nightly->has());
  EXPECT_EQ(waits(one), "ftps job 1");
  give_back(nightly);
  EXPECT_TRUE(one->has());
  EXPECT_TRUE(page->has());
  EXPECT_EQ(page->lease.stack(), Stack::ssl);
  EXPECT_EQ(page->lease.ssl(), (SslGrant{0, false}));
  EXPECT_EQ(wire.take(), "start ssl, stop ssl, start ftps, stop ftps, start ssl");
  give_back(one);
  give_back(page);
}

TEST_F(ArbiterTest, AnEitherJobTakesHttpsWhereSslIsOnlyWarm) {
  User zero = client("ssl0", 0);
  give_back(zero);
  User page = come("job 1", want_either());
  EXPECT_EQ(page->lease.stack(), Stack::https);
  EXPECT_EQ(wire.take(), "start ssl, stop ssl, start https");
  give_back(page);
}

// A stop takes its two minutes; nobody has to stay for it.
TEST_F(ArbiterTest, WhoGoesWhileTheStackIsSwitchedIsCancelledAndTheNextOneServed) {
  User zero = client("ssl0", 0);
  User first = come("job 1", want_ftps());
  User second = come("job 2", want_https());
  ssl.stop_time = 2min;
  wire.take();
  give_back(zero);
  EXPECT_EQ(waits(first), "ssl sim52xxd");
  EXPECT_EQ(waits(second), "ftps job 1");
  stage.pass(1min);
  go(first);
  ASSERT_TRUE(first->error);
  EXPECT_EQ(first->error->kind, ErrorKind::cancelled);
  EXPECT_EQ(waits(second), "ssl sim52xxd");
  EXPECT_FALSE(second->has());
  stage.pass(1min);
  EXPECT_TRUE(second->has());
  EXPECT_EQ(wire.take(), "stop ssl, start https");
  give_back(second);
}

TEST_F(ArbiterTest, WhoComesBackWhileItsStackIsStoppedWaitsForNothingElse) {
  ssl.stop_time = 2min;
  User zero = client("ssl0", 0);
  give_back(zero);
  stage.pass(settings.linger);
  User again = client("ssl0", 0);
  EXPECT_FALSE(again->has());
  stage.pass(2min);
  EXPECT_TRUE(again->has());
  EXPECT_EQ(wire.take(), "start ssl, stop ssl, start ssl");
  give_back(again);
}

TEST_F(ArbiterTest, AWaiterThatGoesLetsTheNextOnePass) {
  User zero = client("ssl0", 0);
  User nightly = come("job 1", want_ftps());
  User one = client("ssl1", 1);
  go(nightly);
  EXPECT_EQ(nightly->error->kind, ErrorKind::cancelled);
  EXPECT_TRUE(one->has());
  give_back(zero);
  give_back(one);
}

TEST_F(ArbiterTest, AStackThatDoesNotStopHoldsNobodyUp) {
  ssl.stops = false;
  User zero = client("ssl0", 0);
  User job = come("job 1", want_https());
  give_back(zero);
  EXPECT_TRUE(job->has());
  EXPECT_EQ(wire.take(), "start ssl, stop ssl, start https");
  give_back(job);
}

TEST_F(ArbiterTest, Reject) {
  User zero = client("ssl0", 0);
  const Time then = stage.now();
  stage.pass(30s);
  User other = client("ssl0", 0, Arbiter::Busy::reject);
  ASSERT_TRUE(other->error);
  EXPECT_EQ(other->error->kind, ErrorKind::busy);
  EXPECT_EQ(other->error->message, "the session is in use by ssl0");
  ASSERT_TRUE(other->error->waiting_for);
  EXPECT_EQ(other->error->waiting_for->stack, "ssl");
  EXPECT_EQ(other->error->waiting_for->holder, "ssl0");
  const auto ago = std::chrono::system_clock::now() - other->error->waiting_for->since;
  EXPECT_GE(ago, stage.now() - then);
  EXPECT_LT(ago, stage.now() - then + 20s);
  User free = client("ssl1", 1, Arbiter::Busy::reject);
  EXPECT_TRUE(free->has());
  give_back(zero);
  give_back(free);
}

TEST_F(ArbiterTest, KickTakesOverFromAClientAndWaitsForAJob) {
  User zero = client("ssl0", 0);
  User one = client("ssl1", 1);
  User other = client("ssl0", 0, Arbiter::Busy::kick);
  EXPECT_EQ(zero->evicted, "another client of ssl0 took the session over");
  EXPECT_EQ(one->evicted, "");
  give_back(zero);
  EXPECT_TRUE(other->has());
  give_back(one);
  User page = come("job 1", want_either());
  EXPECT_EQ(page->lease.ssl().session, 1);
  User second = client("ssl1", 1, Arbiter::Busy::kick);
  EXPECT_EQ(page->evicted, "");
  EXPECT_EQ(waits(second), "ssl job 1");
  give_back(page);
  EXPECT_TRUE(second->has());
  give_back(other);
  give_back(second);
}

TEST_F(ArbiterTest, EvictsByNameOrNumber) {
  User zero = client("ssl0", 0);
  User one = client("mail", 1);
  const auto named = [](std::string_view name, int) { return name == "mail"; };
  EXPECT_EQ(arbiter.evict(named, "why"), 1U);
  EXPECT_EQ(one->evicted, "why");
  EXPECT_EQ(zero->evicted, "");
  EXPECT_EQ(arbiter.evict([](std::string_view, int session) { return session == 0; }, "why"), 1U);
  EXPECT_EQ(zero->evicted, "why");
  give_back(zero);
  give_back(one);
  EXPECT_EQ(arbiter.evict(named, "why"), 0U);
}

TEST_F(ArbiterTest, TheViewTellsAll) {
  User zero = client("ssl0", 0);
  const Time then = stage.now();
  stage.pass(7s);
  User nightly = come("job 1", want_ftps());
  auto view = arbiter.view();
  EXPECT_EQ(view.stack, "ssl");
  EXPECT_FALSE(view.switching);
  ASSERT_EQ(view.holders.size(), 1U);
  EXPECT_EQ(view.holders[0].name, "ssl0");
  EXPECT_EQ(view.holders[0].stack, "ssl");
  EXPECT_EQ(view.holders[0].session, 0);
  EXPECT_EQ(view.holders[0].since, then);
  ASSERT_EQ(view.waiters.size(), 1U);
  EXPECT_EQ(view.waiters[0].name, "job 1");
  EXPECT_EQ(view.waiters[0].waiting_for.holder, "ssl0");
  EXPECT_EQ(view.waiters[0].waiting_for.since, stage.now());
  ssl.stop_time = 1s;
  give_back(zero);
  view = arbiter.view();
  EXPECT_TRUE(view.switching);
  EXPECT_EQ(view.stack, "ftps");
  EXPECT_TRUE(view.holders.empty());
  EXPECT_EQ(view.waiters.size(), 1U);
  stage.pass(1s);
  EXPECT_FALSE(arbiter.view().switching);
  EXPECT_EQ(arbiter.view().holders[0].session, std::nullopt);
  give_back(nightly);
  EXPECT_EQ(arbiter.view().stack, "ftps") << "warm";
}

TEST_F(ArbiterTest, AtTheEndAllIsStopped) {
  User zero = client("ssl0", 0);
  give_back(zero);
  ssl.stop_time = 1s;
  stage.run(arbiter.stop());
  EXPECT_EQ(wire.take(), "start ssl, stop ssl");
  EXPECT_FALSE(ssl.started());
}

}  // namespace
}  // namespace sim52xx::test
