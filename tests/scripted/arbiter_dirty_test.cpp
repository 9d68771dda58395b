// The arbiter and leases that are given back without clean(): what they leave is stopped or closed
// before its next owner gets it, and what others have is left alone.
#include "tests/scripted/arbiter_fixture.hpp"

namespace sim52xx::test {
namespace {

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

// Whoever forgets to say clean() makes the arbiter stop a warm stack: what the word says, and for
// whom, must not depend on where the lease has been moved to.
TEST_F(ArbiterTest, CleanGoesWithItsLeaseAndWithNoOther) {
  User one = come("job 1", want_https());
  wire.take();
  one->lease.clean();
  Lease moved = std::move(one->lease);
  EXPECT_FALSE(one->has());
  drop(one);  // nothing
  EXPECT_TRUE(arbiter.view().holders.size() == 1);
  moved = Lease();
  stage.settle();
  EXPECT_EQ(wire.take(), "") << "clean, so it stays warm";

  User two = come("job 2", want_https());
  EXPECT_EQ(wire.take(), "") << "it was warm";
  moved = std::move(two->lease);  // where a clean one has been before
  moved = Lease();
  stage.settle();
  EXPECT_EQ(wire.take(), "stop https") << "dirty";
}

TEST_F(ArbiterTest, BothSessionsDirtyAreOneStop) {
  User zero = client("ssl0", 0);
  User one = client("ssl1", 1);
  wire.take();
  ssl.close_time = 1min;
  drop(zero);
  EXPECT_EQ(wire.take(), "close 0");
  drop(one);
  User next = client("ssl0", 0);
  EXPECT_FALSE(next->has());
  stage.pass(1min);
  EXPECT_EQ(wire.take(), "stop ssl, start ssl");
  EXPECT_TRUE(next->has());
  give_back(next);
}

}  // namespace
}  // namespace sim52xx::test
