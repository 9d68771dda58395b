// A session whose client has gone, or was told to go, is still held until the modem has closed it.
#include "tests/unit/protocol/arbiter_rig.hpp"

#include <gtest/gtest.h>

namespace sim52xx::test {
namespace {

constexpr Stamp now{};
constexpr bool windows = true;

class Leaving : public ::testing::Test {
 protected:
  Leaving() {
    policy.wait(1, ssl(true, false, Transparency::never), false, now);
    EXPECT_EQ(policy.give_out(windows, now), Tickets{1});
  }

  ArbiterPolicy policy;
};

TEST_F(Leaving, AnHttpsJobGoesOverSslBesideWhoStays) {
  policy.wait(2, either(), true, now);
  EXPECT_EQ(policy.give_out(windows, now), Tickets{2});
  EXPECT_EQ(policy.holder(2)->grant, ssl_grant(1, false));
}

TEST_F(Leaving, AnHttpsJobWaitsForItsOwnStackWhereAllLeave) {
  policy.mark_leaving(1);
  policy.wait(2, either(), true, now);
  EXPECT_EQ(policy.give_out(windows, now), Tickets{});
  EXPECT_EQ(policy.blocker(2, windows)->ticket, 1U);
  policy.leave(1);
  EXPECT_EQ(policy.give_out(windows, now), Tickets{2});
  EXPECT_EQ(policy.holder(2)->grant, (Grant{Stack::https, {}}));
}

TEST_F(Leaving, AnHttpsJobGoesOverSslWhereOnlyOneLeaves) {
  policy.wait(2, ssl(false, true, Transparency::never), false, now);
  EXPECT_EQ(policy.give_out(windows, now), Tickets{2});
  policy.mark_leaving(1);
  policy.wait(3, either(), true, now);
  EXPECT_EQ(policy.give_out(windows, now), Tickets{});
  policy.leave(1);
  EXPECT_EQ(policy.give_out(windows, now), Tickets{3});
  EXPECT_EQ(policy.holder(3)->grant, ssl_grant(0, false));
}

// Else those who come for the one session and the other in turns keep it waiting for ever.
TEST_F(Leaving, NobodyPassesAnHttpsJobThatWaitsForItsOwnStack) {
  policy.wait(2, ssl(false, true, Transparency::never), false, now);
  EXPECT_EQ(policy.give_out(windows, now), Tickets{2});
  policy.wait(3, either(), true, now);
  policy.mark_leaving(1);
  policy.mark_leaving(2);
  policy.wait(4, ssl(false, true, Transparency::never), false, now);
  policy.leave(2);
  EXPECT_EQ(policy.give_out(windows, now), Tickets{});
  EXPECT_EQ(policy.blocker(4, windows)->ticket, 3U);
  policy.leave(1);
  EXPECT_EQ(policy.give_out(windows, now), Tickets{3});
}

TEST_F(Leaving, AClientTakesTheOtherSession) {
  policy.mark_leaving(1);
  policy.wait(2, ssl(true, true, Transparency::never), false, now);
  EXPECT_EQ(policy.give_out(windows, now), Tickets{2});
}

}  // namespace
}  // namespace sim52xx::test
