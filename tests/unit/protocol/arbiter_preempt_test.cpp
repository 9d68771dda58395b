// Who may make others go, and when: kick and preemption.
#include "tests/unit/protocol/arbiter_rig.hpp"

#include <gtest/gtest.h>

namespace sim52xx::test {
namespace {

TEST(ArbiterPolicy, kick_takes_over_what_is_needed_and_no_more) {
  Policy p;
  const Ticket zero = p.come(kinds[4]);
  const Ticket one = p.come(kinds[5]);
  const Ticket more = p.come(kinds[5]);
  EXPECT_EQ(p.policy.kick(more, true), Tickets{one});
  EXPECT_EQ(p.policy.kick(more, true), Tickets{}) << "it has been told";
  p.go(one);
  EXPECT_TRUE(p.has(more));
  const Ticket always = p.come(kinds[3]);
  EXPECT_EQ(p.policy.kick(always, true), (Tickets{zero, more})) << "the mode is the stack's";
}

TEST(ArbiterPolicy, kick_spares_jobs) {
  Policy p;
  p.come(kinds[4]);
  const Ticket job = p.come(either(), true);
  ASSERT_EQ(p.policy.holder(job)->grant.ssl.session, 1);
  EXPECT_EQ(p.policy.kick(p.come(kinds[5]), true), Tickets{});
  Policy q;
  q.come(ftps(), true);
  EXPECT_EQ(q.policy.kick(q.come(kinds[2]), true), Tickets{});
}

TEST(ArbiterPolicy, preempts_idle_sessions_once_the_job_has_waited) {
  Policy p;
  const Ticket zero = p.come(kinds[2]);
  const Ticket one = p.come(kinds[5]);
  p.last_byte[zero] = p.last_byte[one] = p.now;
  const Stamp start = p.now;
  const Ticket job = p.come(ftps(), true);
  auto verdict = p.preempt(Preempt::idle, 900s, 60s);
  EXPECT_TRUE(verdict.victims.empty());
  EXPECT_EQ(verdict.ask_again, start + 900s);
  p.now = start + 900s;
  p.last_byte[one] = p.now - 20s;  // one is busy: closing the other would help nobody
  verdict = p.preempt(Preempt::idle, 900s, 60s);
  EXPECT_TRUE(verdict.victims.empty());
  EXPECT_EQ(verdict.ask_again, p.now + 40s);
  p.now += 40s;
  verdict = p.preempt(Preempt::idle, 900s, 60s);
  EXPECT_EQ(verdict.victims, (Tickets{zero, one}));
  EXPECT_EQ(verdict.for_whom, job);
  EXPECT_TRUE(p.preempt(Preempt::idle, 900s, 60s).victims.empty()) << "they have been told";
  p.go(zero);
  EXPECT_FALSE(p.has(job));
  p.go(one);
  EXPECT_TRUE(p.has(job));
}

TEST(ArbiterPolicy, preempts_any_or_never) {
  Policy p;
  const Ticket zero = p.come(kinds[2]);
  p.come(ftps(), true);
  p.now += 900s;
  p.last_byte[zero] = p.now;
  EXPECT_TRUE(p.preempt(Preempt::never, 900s, 60s).victims.empty());
  EXPECT_FALSE(p.preempt(Preempt::never, 900s, 60s).ask_again);
  EXPECT_TRUE(p.preempt(Preempt::idle, 900s, 60s).victims.empty());
  p.now -= 1ns;
  EXPECT_TRUE(p.preempt(Preempt::any, 900s, 60s).victims.empty());
  p.now += 1ns;
  EXPECT_EQ(p.preempt(Preempt::any, 900s, 60s).victims, Tickets{zero});
}

TEST(ArbiterPolicy, preempts_only_the_one_session_that_is_needed_the_idle_one_first) {
  Policy p;
  const Ticket zero = p.come(kinds[4]);
  const Ticket one = p.come(kinds[5]);
  p.come(either(), true);
  p.now += 900s;
  p.last_byte[zero] = p.now;
  p.last_byte[one] = p.now - 60s;
  EXPECT_EQ(p.preempt(Preempt::any, 900s, 60s).victims, Tickets{one});
}

TEST(ArbiterPolicy, preempts_no_job_and_nothing_for_clients) {
  Policy p;
  const Ticket zero = p.come(kinds[4]);
  const Ticket job = p.come(either(), true);
  const Ticket nightly = p.come(ftps(), true);
  p.now += 10h;
  EXPECT_TRUE(p.preempt(Preempt::any, 900s, 60s).victims.empty()) << "the other job ends by itself";
  p.go(job);
  EXPECT_EQ(p.preempt(Preempt::any, 900s, 60s).victims, Tickets{zero});
  p.go(zero);
  EXPECT_TRUE(p.has(nightly));
  Policy q;
  q.come(kinds[4]);
  q.come(kinds[4]);
  q.now += 10h;
  EXPECT_TRUE(q.preempt(Preempt::any, 900s, 60s).victims.empty());
}

// A client that came before the job gets its turn, though not for long.
TEST(ArbiterPolicy, a_session_granted_after_the_jobs_time_is_kept_for_a_while) {
  Policy p;
  const Ticket first = p.come(kinds[4]);
  const Ticket second = p.come(kinds[4]);
  const Ticket job = p.come(ftps(), true);
  p.now += 900s;
  EXPECT_EQ(p.preempt(Preempt::any, 900s, 60s).victims, Tickets{first});
  p.go(first);
  ASSERT_TRUE(p.has(second));
  auto verdict = p.preempt(Preempt::any, 900s, 60s);
  EXPECT_TRUE(verdict.victims.empty());
  EXPECT_EQ(verdict.ask_again, p.now + 60s);
  p.now += 60s;
  EXPECT_EQ(p.preempt(Preempt::any, 900s, 60s).victims, Tickets{second});
  p.go(second);
  EXPECT_TRUE(p.has(job));
}

// A client that waits for both sessions holds the queue up; the job behind it clears its way.
TEST(ArbiterPolicy, preempts_for_the_client_that_holds_up_the_queue) {
  Policy p;
  const Ticket one = p.come(kinds[5]);
  const Ticket always = p.come(kinds[3]);
  p.come(either(), true);
  p.now += 900s;
  EXPECT_EQ(p.preempt(Preempt::any, 900s, 60s).victims, Tickets{one});
  p.go(one);
  EXPECT_TRUE(p.has(always));
}

}  // namespace
}  // namespace sim52xx::test
