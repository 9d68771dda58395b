// Random walks: whatever comes and goes in whatever order, the rules are kept and everybody is served.
#include "tests/unit/protocol/arbiter_rig.hpp"

#include <array>
#include <map>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace sim52xx::test {
namespace {

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
    for (const auto holders = p_.policy.holders(); const auto& holder : holders) {
      const bool over = now_ - got_.at(holder.ticket) >= longest;
      if (!over && random_.one_in(6)) p_.policy.mark_leaving(holder.ticket);
      if (over || random_.one_in(holder.leaving ? 3 : 12)) go(holder.ticket);
    }
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

  // Whoever was served has passed nobody who waited for another stack or for the same session, and
  // the stack's mode is that of the first who came to it.
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
        const bool one = grant.ssl.session == 1 && waiter.want.ssl && waiter.want.ssl->one;
        EXPECT_FALSE(one) << starts_.at(waiter.ticket).kind->name << " wanted session 1 first";
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
}  // namespace sim52xx::test
