#include "protocol/arbiter_policy.hpp"

#include <algorithm>
#include <array>

namespace sim52xx {
namespace {

using Stamp = ArbiterPolicy::Stamp;

// What it is waiting to start where nothing is held.
Stack first_choice(const Want& want) {
  if (want.https) return Stack::https;
  if (want.ftps) return Stack::ftps;
  return want.ssl ? Stack::ssl : Stack::none;
}

void take_earlier(std::optional<Stamp>& earliest, Stamp other) {
  earliest = earliest ? std::min(*earliest, other) : other;
}

template <class List>
auto* find_ticket(const List& list, ArbiterPolicy::Ticket ticket) {
  const auto found = std::ranges::find(list, ticket, &List::value_type::ticket);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name(Stack stack) {
  constexpr std::array<std::string_view, 4> names{"", "https", "ftps", "ssl"};
  return names.at(static_cast<std::size_t>(stack));
}

void ArbiterPolicy::wait(Ticket ticket, const Want& want, bool job, Stamp now) {
  waiters_.push_back(Waiter{ticket, want, now, job});
}

std::vector<ArbiterPolicy::Ticket> ArbiterPolicy::give_out(bool windows, Stamp now) {
  std::vector<Ticket> served;
  for (std::size_t i = 0; i < waiters_.size();) {
    const Waiter& waiter = waiters_[i];
    const auto grant = grant_for(waiter, windows);
    if (!grant && holds_up_others(waiter, windows)) break;
    if (!grant) {
      ++i;
      continue;
    }
    if (holders_.empty()) stack_transparent_ = grant->ssl.transparent;
    served.push_back(waiter.ticket);
    holders_.push_back(Holder{waiter.ticket, *grant, now, waiter.job, false});
    waiters_.erase(waiters_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return served;
}

void ArbiterPolicy::leave(Ticket ticket) {
  std::erase_if(waiters_, [&](const Waiter& waiter) { return waiter.ticket == ticket; });
  std::erase_if(holders_, [&](const Holder& holder) { return holder.ticket == ticket; });
}

// What it could have now, if nobody waited before it.
std::optional<Grant> ArbiterPolicy::grant_for(const Waiter& waiter, bool windows) const {
  if (!families_.empty()) return std::nullopt;
  const bool sharing = stack() == Stack::ssl;
  if (!holders_.empty() && !sharing) return std::nullopt;
  if (!sharing && first_choice(waiter.want) != Stack::ssl)
    return Grant{first_choice(waiter.want), {}};
  if (!waiter.want.ssl) return std::nullopt;
  if (awaits_https(waiter)) return std::nullopt;
  const auto session = grant(ssl_held(windows), *waiter.want.ssl, others_want_ssl(waiter));
  if (!session) return std::nullopt;
  return Grant{Stack::ssl, *session};
}

// Whoever comes later must not have a session before it: as long as others share the SSL stack
// with each other, it would wait for ever.
bool ArbiterPolicy::holds_up_others(const Waiter& waiter, bool windows) const {
  if (stack() != Stack::ssl || !waiter.want.ssl || awaits_https(waiter)) return true;
  return needs_all(ssl_held(windows), *waiter.want.ssl);
}

// Those who hold SSL go: the HTTPS stack will be free.
bool ArbiterPolicy::awaits_https(const Waiter& waiter) const {
  return waiter.want.https && std::ranges::all_of(holders_, &Holder::leaving);
}

bool ArbiterPolicy::others_want_ssl(const Waiter& waiter) const {
  return std::ranges::any_of(waiters_, [&](const Waiter& other) {
    return other.ticket != waiter.ticket && other.want.ssl;
  });
}

SslHeld ArbiterPolicy::ssl_held(bool windows) const {
  SslHeld held;
  for (const Holder& holder : holders_) {
    held.sessions.at(static_cast<std::size_t>(holder.grant.ssl.session)) = true;
    if (holder.grant.ssl.transparent) held.transparent = true;
  }
  held.stack_transparent = stack_transparent_;
  held.windows = windows;
  return held;
}

bool ArbiterPolicy::begin(AtFamily family, std::string command, Stamp now) {
  const auto known = std::ranges::find(families_, family, &Family::family);
  if (known != families_.end()) {  // it has the modem already
    ++known->running;
    return true;
  }
  if (!holders_.empty() || !waiters_.empty()) return false;
  families_.push_back(Family{family, std::move(command), now, 1, false});
  return true;
}

void ArbiterPolicy::end(AtFamily family, std::optional<bool> started) {
  const auto known = std::ranges::find(families_, family, &Family::family);
  if (known == families_.end()) return;  // the modem has restarted meanwhile
  --known->running;
  known->started = started.value_or(known->started);
  if (known->running <= 0 && !known->started) families_.erase(known);
}

void ArbiterPolicy::forget_families() {
  families_.clear();
}

std::optional<ArbiterPolicy::Blocker> ArbiterPolicy::blocker(Ticket ticket, bool windows) const {
  const Waiter* const self = waiter(ticket);
  if (self == nullptr) return std::nullopt;
  if (!families_.empty()) {
    const Family& family = families_.front();
    return Blocker{name(family.family), std::nullopt, family.command, family.since};
  }
  if (!grant_for(*self, windows) && !holders_.empty()) return blocked_by(session_holder(*self));
  for (const Waiter& earlier : waiters_) {
    if (earlier.ticket == ticket) break;
    if (holds_up_others(earlier, windows)) return blocked_by(earlier);
  }
  return std::nullopt;
}

ArbiterPolicy::Blocker ArbiterPolicy::blocked_by(const Holder& holder) {
  return {name(holder.grant.stack), holder.ticket, {}, holder.since};
}

ArbiterPolicy::Blocker ArbiterPolicy::blocked_by(const Waiter& earlier) {
  return {name(first_choice(earlier.want)), earlier.ticket, {}, earlier.since};
}

// Of those who hold something, the one this waiter waits for.
const ArbiterPolicy::Holder& ArbiterPolicy::session_holder(const Waiter& waiter) const {
  const int wanted = waiter.want.ssl && !waiter.want.ssl->zero ? 1 : 0;
  for (const Holder& holder : holders_)
    if (holder.grant.ssl.session == wanted) return holder;
  return holders_.front();
}

std::optional<ArbiterPolicy::Blocker> ArbiterPolicy::family_blocker() const {
  if (!holders_.empty()) return blocked_by(holders_.front());
  if (!waiters_.empty()) return blocked_by(waiters_.front());
  return std::nullopt;
}

std::vector<ArbiterPolicy::Ticket> ArbiterPolicy::kick(Ticket ticket, bool windows) {
  const Waiter* const self = waiter(ticket);
  if (self == nullptr) return {};
  auto victims = victims_for(*self, [](const Holder& holder) { return !holder.job; }, windows);
  for (const Ticket victim : victims)
    mark_leaving(victim);
  return victims;
}

// Sessions that came to be only after the job could have closed all others live for `idle` at
// least: their clients have waited before the job did.
ArbiterPolicy::Verdict ArbiterPolicy::preempt(const Preemption& rules, bool windows, Stamp now,
                                              const LastByte& last_byte) {
  Verdict verdict;
  const auto job = std::ranges::find(waiters_, true, &Waiter::job);
  if (rules.preempt == Preempt::never || job == waiters_.end() || stack() != Stack::ssl)
    return verdict;
  const Stamp ripe = job->since + rules.after;
  if (now < ripe) {
    verdict.ask_again = ripe;
    return verdict;
  }
  const auto idle_at = [&](const Holder& holder) -> std::optional<Stamp> {
    const auto last = holder.job ? std::nullopt : last_byte(holder.ticket);
    if (!last) return std::nullopt;
    return std::max(*last, holder.since) + rules.idle;
  };
  const auto any_at = [&](const Holder& holder) -> std::optional<Stamp> {
    if (holder.job) return std::nullopt;
    return holder.since < ripe ? ripe : holder.since + rules.idle;
  };
  const auto by = [&](const auto& at) {
    return [&](const Holder& holder) { return at(holder).value_or(Stamp::max()) <= now; };
  };
  // Where a client before it holds up the queue, the job cannot be helped otherwise.
  const Waiter& helped = *std::ranges::find_if(waiters_, [&](const Waiter& waiter) {
    return waiter.job || holds_up_others(waiter, windows);
  });
  verdict.for_whom = job->ticket;
  verdict.victims = victims_for(helped, by(idle_at), windows);
  if (verdict.victims.empty() && rules.preempt == Preempt::any)
    verdict.victims = victims_for(helped, by(any_at), windows);
  for (const Ticket victim : verdict.victims)
    mark_leaving(victim);
  if (!verdict.victims.empty()) return verdict;
  for (const Holder& holder : holders_) {
    const auto at = rules.preempt == Preempt::any ? any_at(holder) : idle_at(holder);
    if (at && *at > now) take_earlier(verdict.ask_again, *at);
  }
  return verdict;
}

bool ArbiterPolicy::served_without(const Waiter& waiter, const std::vector<Ticket>& gone,
                                   bool windows) const {
  ArbiterPolicy then = *this;
  for (const Ticket ticket : gone)
    then.leave(ticket);
  std::erase_if(then.holders_, [](const Holder& holder) { return holder.leaving; });
  then.waiters_ = {waiter};
  return !then.give_out(windows, waiter.since).empty();
}

// One session where that is enough, all where all are in the way, none where that does not help.
std::vector<ArbiterPolicy::Ticket> ArbiterPolicy::victims_for(const Waiter& waiter,
                                                              const Evictable& evictable,
                                                              bool windows) const {
  if (stack() != Stack::ssl || served_without(waiter, {}, windows)) return {};
  std::vector<Ticket> all;
  for (const Holder& holder : holders_)
    if (!holder.leaving && evictable(holder)) all.push_back(holder.ticket);
  for (const Ticket one : all)
    if (served_without(waiter, {one}, windows)) return {one};
  if (served_without(waiter, all, windows)) return all;
  return {};
}

void ArbiterPolicy::mark_leaving(Ticket ticket) {
  for (Holder& holder : holders_)
    if (holder.ticket == ticket) holder.leaving = true;
}

Stack ArbiterPolicy::stack() const {
  return holders_.empty() ? Stack::none : holders_.front().grant.stack;
}

const ArbiterPolicy::Holder* ArbiterPolicy::holder(Ticket ticket) const {
  return find_ticket(holders_, ticket);
}

const ArbiterPolicy::Waiter* ArbiterPolicy::waiter(Ticket ticket) const {
  return find_ticket(waiters_, ticket);
}

}  // namespace sim52xx
