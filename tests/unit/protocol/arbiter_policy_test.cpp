// The rules of the arbiter (sim52xxd(8)), and of the note's chapter 7: every pair of stacks in every
// order, then random walks.
#include "protocol/arbiter_policy.hpp"

#include <array>
#include <map>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace sim52xx {
namespace {

using namespace std::chrono_literals;
using Stamp = ArbiterPolicy::Stamp;
using Ticket = ArbiterPolicy::Ticket;
using Tickets = std::vector<Ticket>;

Want ssl(bool zero, bool one, Transparency transparency) {
  Want want;
  want.ssl = SslWant{zero, one, transparency};
  return want;
}

Want https() {
  Want want;
  want.https = true;
  return want;
}

Want ftps() {
  Want want;
  want.ftps = true;
  return want;
}

Want either() {
  Want want = ssl(true, true, Transparency::never);
  want.https = true;
  return want;
}

struct Kind {
  std::string_view name;
  Want want;
  bool job;
  Grant alone;              // what it gets of an idle modem
  std::string_view beside;  // of `kinds`, in order: y where it gets a session beside this one
};

constexpr Grant ssl_grant(int session, bool transparent) {
  return {Stack::ssl, {session, transparent}};
}

// The columns are: https ftps zero-auto zero-always zero-never one any either.
const std::array<Kind, 8> kinds{{
    {"https", https(), true, {Stack::https, {}}, "nnnnnnnn"},
    {"ftps", ftps(), true, {Stack::ftps, {}}, "nnnnnnnn"},
    {"zero-auto", ssl(true, false, Transparency::automatic), false, ssl_grant(0, true), "nnnnnyyy"},
    {"zero-always", ssl(true, false, Transparency::always), false, ssl_grant(0, true), "nnnnnyyy"},
    {"zero-never", ssl(true, false, Transparency::never), false, ssl_grant(0, false), "nnnnnyyy"},
    {"one", ssl(false, true, Transparency::never), false, ssl_grant(1, false), "nnynynyy"},
    {"any", ssl(true, true, Transparency::automatic), false, ssl_grant(0, true), "nnnnnyyy"},
    {"either", either(), true, {Stack::https, {}}, "nnnnnnnn"},
}};

class Policy {
 public:
  Ticket come(const Want& want, bool job = false) {
    policy.wait(++last_, want, job, now);
    give();
    return last_;
  }
  Ticket come(const Kind& kind) { return come(kind.want, kind.job); }
  void go(Ticket ticket) {
    policy.leave(ticket);
    give();
  }
  void give() {
    for (const Ticket ticket : policy.give_out(windows, now))
      served.push_back(ticket);
  }
  [[nodiscard]] bool has(Ticket ticket) const { return policy.holder(ticket) != nullptr; }
  [[nodiscard]] std::string blocker(Ticket ticket) const {
    const auto found = policy.blocker(ticket, windows);
    if (!found) return "nobody";
    return std::string(found->stack) + " " +
           (found->ticket ? std::to_string(*found->ticket) : found->command);
  }
  ArbiterPolicy::Verdict preempt(Preempt mode, Stamp after, Stamp idle) {
    const auto last = [this](Ticket ticket) -> std::optional<Stamp> {
      const auto found = last_byte.find(ticket);
      return found == last_byte.end() ? std::nullopt : std::optional(found->second);
    };
    return policy.preempt({mode, after, idle}, windows, now, last);
  }

  ArbiterPolicy policy;
  Stamp now = 1h;
  bool windows = true;
  Tickets served;  // in order
  std::map<Ticket, Stamp> last_byte;

 private:
  Ticket last_ = 0;
};

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

// What must hold at every moment, whatever happens.
void expect_sound(const Policy& p) {
  std::array<int, 2> users{};
  bool transparent = false;
  for (const auto& holder : p.policy.holders()) {
    EXPECT_EQ(holder.grant.stack, p.policy.stack()) << "two stacks at once";
    if (holder.grant.stack != Stack::ssl) {
      EXPECT_EQ(p.policy.holders().size(), 1U);
    } else {
      ++users.at(static_cast<std::size_t>(holder.grant.ssl.session));
      transparent = transparent || holder.grant.ssl.transparent;
    }
  }
  EXPECT_LE(users[0], 1);
  EXPECT_LE(users[1], 1);
  if (!p.policy.families().empty()) {
    EXPECT_TRUE(p.policy.holders().empty());
  }
  if (!p.windows && transparent) {
    EXPECT_EQ(users[1], 0);
  }
  Ticket last = 0;
  for (const auto& waiter : p.policy.waiters()) {
    EXPECT_LT(last, waiter.ticket) << "the queue is in order";
    last = waiter.ticket;
    const auto blocker = p.policy.blocker(waiter.ticket, p.windows);
    ASSERT_TRUE(blocker) << "a waiter without explanation";
    if (blocker->ticket && !p.has(*blocker->ticket)) {
      EXPECT_LT(*blocker->ticket, waiter.ticket);
    }
  }
}

// Users who come and go at random; nobody uses anything for more than `longest` steps.
class Walk {
 public:
  Walk(std::uint64_t seed, std::span<const Kind> among, std::size_t most_waiting, bool windows)
      : random_(seed), kinds_(among), most_waiting_(most_waiting) {
    p_.windows = windows;
  }

  void run(int steps) {
    for (now_ = 0; now_ < steps && !::testing::Test::HasFailure(); ++now_) {
      step();
      expect_sound(p_);
      for (const auto& waiter : p_.policy.waiters()) {
        const Start& start = starts_.at(waiter.ticket);
        ASSERT_LE(now_ - start.came, (start.before + 2) * 2 * longest)
            << start.kind->name << " starves";
      }
    }
  }

 private:
  static constexpr int longest = 12;
  struct Start {
    int came;
    int before;  // users and waiters then
    const Kind* kind;
  };

  void step() {
    for (const auto holders = p_.policy.holders(); const auto& holder : holders)
      if (now_ - got_.at(holder.ticket) >= longest || random_.one_in(8)) go(holder.ticket);
    if (const auto waiters = p_.policy.waiters(); !waiters.empty() && random_.one_in(50))
      go(random_.pick(waiters).ticket);
    if (random_.one_in(30) && p_.policy.begin(AtFamily::tcpip, "AT+NETOPEN", p_.now)) {
      expect_sound(p_);
      p_.policy.end(AtFamily::tcpip, false);
    }
    while (p_.policy.waiters().size() < most_waiting_ && !random_.one_in(3))
      come();
  }

  void come() {
    const Kind& kind = random_.pick(kinds_);
    const auto before = static_cast<int>(p_.policy.waiters().size() + p_.policy.holders().size());
    starts_.emplace(p_.come(kind), Start{now_, before, &kind});
    note_served();
  }

  void go(Ticket ticket) {
    std::erase(held_, ticket);
    p_.go(ticket);
    note_served();
  }

  // Whoever was served has passed nobody who waited for another stack, and the stack's mode is
  // that of the first who came to it.
  void note_served() {
    for (; seen_ < p_.served.size(); ++seen_) {
      const Ticket ticket = p_.served[seen_];
      const Grant grant = p_.policy.holder(ticket)->grant;
      got_[ticket] = now_;
      if (held_.empty()) transparent_ = grant.ssl.transparent;
      if (grant.stack == Stack::ssl && grant.ssl.session == 0) {
        EXPECT_EQ(grant.ssl.transparent, transparent_);
      }
      held_.push_back(ticket);
      for (const auto& waiter : p_.policy.waiters()) {
        if (waiter.ticket > ticket) continue;
        EXPECT_TRUE(waiter.want.ssl) << starts_.at(waiter.ticket).kind->name << " was passed";
        EXPECT_EQ(p_.policy.stack(), Stack::ssl);
      }
    }
  }

  Policy p_;
  test::Random random_;
  std::span<const Kind> kinds_;
  std::size_t most_waiting_;
  int now_ = 0;
  std::size_t seen_ = 0;
  Tickets held_;
  bool transparent_ = false;
  std::map<Ticket, Start> starts_;
  std::map<Ticket, int> got_;
};

TEST(ArbiterPolicy, random_walks_over_all_stacks_are_sound_fair_and_in_order) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    Walk(seed, kinds, 1 + seed % 8, seed % 2 == 0).run(1500);
    if (HasFailure()) return;
  }
}

// Where only sessions are wanted, nobody holds the queue up but who needs the other mode.
TEST(ArbiterPolicy, random_walks_over_both_sessions_are_sound_fair_and_in_order) {
  const std::span<const Kind> sessions = std::span(kinds).subspan(2, 5);
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    Walk(seed, sessions, 1 + seed % 12, seed % 3 != 0).run(1500);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace sim52xx
