// The arbiter's work on the modem: stops stacks, one after the other, and hands leases over when
// nothing is in their way any more.
#include <algorithm>

#include "daemon/arbiter/arbiter.hpp"

namespace sim52xx::daemon {

Arbiter::Member::Member(Arbiter& arbiter, ModemStack& s)
    : stack(s), linger(arbiter.runtime_.timers, [this, &arbiter] {
        over = true;
        arbiter.work_if_needed();
      }) {}

void Arbiter::add(ModemStack& stack) {
  members_.emplace_back(*this, stack);
}

// What keeps a stack, or a raw command, from being used now.
const Arbiter::Member* Arbiter::in_the_way(Stack stack) const {
  for (const Member& member : members_) {
    const bool other = member.stack.kind() != stack;
    const bool started = member.stack.started() && !member.tried;
    if (member.stopping || member.dirty || (other && started)) return &member;
  }
  return nullptr;
}

bool Arbiter::ready(const Grant& grant) const {
  if (in_the_way(grant.stack) != nullptr) return false;
  const auto session = static_cast<std::size_t>(grant.ssl.session);
  return std::ranges::none_of(members_, [&](const Member& member) {
    return member.stack.kind() == grant.stack && member.dirty_sessions.at(session);
  });
}

void Arbiter::hand_over() {
  for (const ArbiterPolicy::Holder& holder : policy_.holders()) {
    Entry& entry = entries_.at(holder.ticket);
    if (entry.ready || !ready(holder.grant)) continue;
    entry.ready = true;
    for (Member& member : members_)
      if (member.stack.kind() == holder.grant.stack) member.tried = false;
  }
}

// Somebody has been granted what cannot be handed over yet.
bool Arbiter::hands_over() const {
  if (families_waiting_ > 0) return true;
  return std::ranges::any_of(policy_.holders(), [this](const ArbiterPolicy::Holder& holder) {
    return !entries_.at(holder.ticket).ready;
  });
}

bool Arbiter::has_ready_holder(Stack stack, std::optional<int> session) const {
  return std::ranges::any_of(policy_.holders(), [&](const ArbiterPolicy::Holder& holder) {
    return holder.grant.stack == stack && entries_.at(holder.ticket).ready &&
           (!session || holder.grant.ssl.session == *session);
  });
}

Arbiter::Member* Arbiter::next_to_stop() {
  const bool wanted = hands_over();
  for (Member& member : members_) {
    const Stack kind = member.stack.kind();
    if (has_ready_holder(kind, std::nullopt)) continue;
    const bool started = member.stack.started() && !member.tried;
    const bool needless = member.over || (wanted && policy_.stack() != kind);
    if (member.dirty || (started && needless)) return &member;
  }
  return nullptr;
}

std::optional<std::pair<Arbiter::Member*, int>> Arbiter::next_to_close() {
  for (Member& member : members_)
    for (const int session : {0, 1})
      if (member.dirty_sessions.at(static_cast<std::size_t>(session)) &&
          !has_ready_holder(member.stack.kind(), session))
        return std::pair(&member, session);
  return std::nullopt;
}

void Arbiter::work_if_needed() {
  if (working_ || (next_to_stop() == nullptr && !next_to_close())) return;
  working_ = true;
  tasks_.spawn("arbiter", work());
}

// As long as there is something to stop. A stop takes what it takes; who waits for it may go, and
// then its place is the next one's.
asio::awaitable<void> Arbiter::work() {
  for (;;) {
    Member* const member = next_to_stop();
    const auto session = next_to_close();
    if (member != nullptr) {
      co_await stop_member(*member);
    } else if (session) {
      co_await session->first->stack.close(session->second);
      session->first->dirty_sessions.at(static_cast<std::size_t>(session->second)) = false;
    } else {
      break;
    }
    hand_over();
    changed_.notify();
  }
  working_ = false;
  changed_.notify();
}

asio::awaitable<void> Arbiter::stop_member(Member& member) {
  member.linger.cancel();
  member.stopping = true;
  co_await member.stack.stop();
  member.stopping = member.dirty = member.over = false;
  member.dirty_sessions = {};
  member.tried = true;
}

asio::awaitable<void> Arbiter::stop() {
  while (working_)
    co_await changed_.wait();
  for (Member& member : members_)
    if (member.stack.started()) co_await stop_member(member);
}

}  // namespace sim52xx::daemon
