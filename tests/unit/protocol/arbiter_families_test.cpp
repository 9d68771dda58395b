// Raw commands of the families that conflict with the stacks (note, chapter 7).
#include "tests/unit/protocol/arbiter_rig.hpp"

#include <gtest/gtest.h>

namespace sim52xx::test {
namespace {

TEST(ArbiterPolicy, families_exclude_every_stack) {
  for (const Kind& kind : kinds) {
    SCOPED_TRACE(kind.name);
    Policy p;
    const Ticket holder = p.come(kind);
    EXPECT_FALSE(p.policy.begin(AtFamily::tcpip, "AT+NETOPEN", p.now));
    EXPECT_EQ(p.policy.family_blocker()->ticket, holder);
    EXPECT_EQ(p.policy.family_blocker()->stack, name(kind.alone.stack));
    p.go(holder);
    EXPECT_FALSE(p.policy.family_blocker());
    ASSERT_TRUE(p.policy.begin(AtFamily::tcpip, "AT+NETOPEN", p.now));
    p.policy.end(AtFamily::tcpip, true);
    const Ticket waiter = p.come(kind);
    EXPECT_EQ(p.blocker(waiter), "tcpip AT+NETOPEN");
    EXPECT_FALSE(p.policy.begin(AtFamily::gps, "AT+CGPS=1", p.now)) << "it would pass a waiter";
    ASSERT_TRUE(p.policy.begin(AtFamily::tcpip, "AT+CIPCLOSE=0", p.now));
    p.policy.end(AtFamily::tcpip, std::nullopt);
    EXPECT_FALSE(p.has(waiter));
    ASSERT_TRUE(p.policy.begin(AtFamily::tcpip, "AT+NETCLOSE", p.now));
    p.policy.end(AtFamily::tcpip, false);
    p.give();
    EXPECT_TRUE(p.has(waiter));
  }
}

TEST(ArbiterPolicy, families_run_beside_each_other_until_each_is_stopped) {
  Policy p;
  ASSERT_TRUE(p.policy.begin(AtFamily::tcpip, "AT+NETOPEN", p.now));
  p.policy.end(AtFamily::tcpip, true);
  ASSERT_TRUE(p.policy.begin(AtFamily::gps, "AT+CGPS=1", p.now));
  p.policy.end(AtFamily::gps, true);
  const Ticket job = p.come(https(), true);
  ASSERT_TRUE(p.policy.begin(AtFamily::tcpip, "AT+NETCLOSE", p.now));
  p.policy.end(AtFamily::tcpip, false);
  p.give();
  EXPECT_EQ(p.blocker(job), "gps AT+CGPS=1");
  p.policy.forget_families();
  p.give();
  EXPECT_TRUE(p.has(job));
}

TEST(ArbiterPolicy, a_family_that_did_not_start_holds_nothing) {
  Policy p;
  ASSERT_TRUE(p.policy.begin(AtFamily::http, "AT+HTTPINIT", p.now));
  const Ticket job = p.come(https(), true);
  EXPECT_FALSE(p.has(job));
  p.policy.end(AtFamily::http, std::nullopt);
  p.give();
  EXPECT_TRUE(p.has(job));
}

}  // namespace
}  // namespace sim52xx::test
