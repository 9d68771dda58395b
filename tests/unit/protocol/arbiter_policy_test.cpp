// The rules of the arbiter (sim52xxd(8)), and of the note's chapter 7: every pair of stacks in every
// order.
#include "tests/unit/protocol/arbiter_rig.hpp"

#include <string>

#include <gtest/gtest.h>

namespace sim52xx::test {
namespace {

TEST(ArbiterPolicy, every_stack_alone) {
  for (const Kind& kind : kinds) {
    SCOPED_TRACE(kind.name);
    Policy p;
    const Ticket only = p.come(kind);
    ASSERT_TRUE(p.has(only));
    EXPECT_EQ(p.policy.holder(only)->grant, kind.alone);
    EXPECT_EQ(p.policy.stack(), kind.alone.stack);
    p.go(only);
    EXPECT_EQ(p.policy.stack(), Stack::none);
  }
}

TEST(ArbiterPolicy, every_pair_in_every_order) {
  for (const Kind& first : kinds) {
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      SCOPED_TRACE(std::string(first.name) + ", then " + std::string(kinds[i].name));
      Policy p;
      const Ticket one = p.come(first);
      const Ticket other = p.come(kinds[i]);
      EXPECT_TRUE(p.has(one));
      EXPECT_EQ(p.has(other), first.beside[i] == 'y');
      if (p.has(other)) {
        EXPECT_EQ(p.policy.holder(other)->grant.stack, Stack::ssl);
        EXPECT_NE(p.policy.holder(other)->grant.ssl.session, first.alone.ssl.session);
        EXPECT_FALSE(p.policy.holder(other)->grant.ssl.transparent);
        continue;
      }
      EXPECT_EQ(p.blocker(other), std::string(name(first.alone.stack)) + " 1");
      p.go(one);
      ASSERT_TRUE(p.has(other));
      EXPECT_EQ(p.policy.holder(other)->grant, kinds[i].alone);
    }
  }
}

// Nobody passes one who waits for another stack: not even a client whose session is free.
TEST(ArbiterPolicy, every_triple_keeps_the_order_of_stacks) {
  for (const Kind& a : kinds) {
    for (const Kind& b : kinds) {
      for (const Kind& c : kinds) {
        SCOPED_TRACE(std::string(a.name) + ", " + std::string(b.name) + ", " + std::string(c.name));
        Policy p;
        const Ticket first = p.come(a);
        const Ticket second = p.come(b);
        const Ticket third = p.come(c);
        const bool other_stack = a.alone.stack != Stack::ssl || !b.want.ssl;
        if (other_stack) {
          EXPECT_FALSE(p.has(third));
        }
        if (!p.has(second) && p.has(third)) {
          EXPECT_TRUE(a.want.ssl && b.want.ssl && c.want.ssl);
        }
        for (const Ticket ticket : {first, second, third}) {
          const auto found = p.policy.blocker(ticket, true);
          EXPECT_EQ(found.has_value(), !p.has(ticket));
          if (found) {
            EXPECT_LT(*found->ticket, ticket);
          }
        }
        p.go(first);
        EXPECT_TRUE(p.has(second) || p.has(third));
        if (other_stack) {
          EXPECT_TRUE(p.has(second));
        }
        if (p.has(third)) p.go(third);
        EXPECT_TRUE(p.has(second));
        p.go(second);
        EXPECT_TRUE(p.has(third) || p.served.size() == 3);
      }
    }
  }
}

// ssl0 held: an https job that may go either way runs at once, an ftps job waits.
TEST(ArbiterPolicy, jobs_beside_a_held_session) {
  Policy p;
  const Ticket ssl0 = p.come(kinds[2]);
  const Ticket job = p.come(either(), true);
  ASSERT_TRUE(p.has(job));
  EXPECT_EQ(p.policy.holder(job)->grant, ssl_grant(1, false));
  const Ticket nightly = p.come(ftps(), true);
  EXPECT_FALSE(p.has(nightly));
  EXPECT_EQ(p.blocker(nightly), "ssl 1");
  p.go(job);
  const Ticket ssl1 = p.come(kinds[5]);
  EXPECT_EQ(p.blocker(ssl1), "ftps 3");
  p.go(ssl0);
  EXPECT_EQ(p.served, (Tickets{1, 2, 3}));
  EXPECT_EQ(p.blocker(ssl1), "ftps 3");
  p.go(nightly);
  EXPECT_TRUE(p.has(ssl1));
}

TEST(ArbiterPolicy, either_takes_https_once_ssl_has_become_free) {
  Policy p;
  p.windows = false;
  const Ticket ssl0 = p.come(kinds[3]);
  const Ticket job = p.come(either(), true);
  EXPECT_EQ(p.blocker(job), "ssl 1");
  p.go(ssl0);
  EXPECT_EQ(p.policy.holder(job)->grant.stack, Stack::https);
}

TEST(ArbiterPolicy, automatic_is_transparent_only_where_nobody_else_uses_or_wants_ssl) {
  Policy p;
  const Ticket job = p.come(ftps(), true);
  const Ticket zero = p.come(kinds[2]);
  const Ticket one = p.come(kinds[5]);
  p.go(job);
  EXPECT_EQ(p.policy.holder(zero)->grant, ssl_grant(0, false));
  EXPECT_EQ(p.policy.holder(one)->grant, ssl_grant(1, false));
  Policy q;
  const Ticket first = q.come(ftps(), true);
  const Ticket second = q.come(kinds[2]);
  const Ticket third = q.come(ftps(), true);  // no user of SSL
  q.go(first);
  EXPECT_EQ(q.policy.holder(second)->grant, ssl_grant(0, true));
  EXPECT_FALSE(q.has(third));
}

}  // namespace
}  // namespace sim52xx::test
