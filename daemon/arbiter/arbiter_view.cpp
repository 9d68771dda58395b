// What the arbiter tells of itself: who has what, who waits for whom.
#include <algorithm>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/report/times.hpp"

namespace sim52xx::daemon {
namespace {

constexpr std::string_view ourselves = "sim52xxd";  // has the modem while a stack is being stopped

}  // namespace

std::string Arbiter::name_of(const ArbiterPolicy::Blocker& blocker) const {
  return blocker.ticket ? entries_.at(*blocker.ticket).user->name : blocker.command;
}

// Refused at once: it is not the waiting that has a beginning, but what is in the way.
Error Arbiter::busy_error(const ArbiterPolicy::Blocker& blocker) const {
  const std::string what = blocker.stack == name(Stack::ssl) ? "the session" : "the modem";
  const std::string holder = name_of(blocker);
  Error error(ErrorKind::busy, "acquire", what + " is in use by " + holder);
  const Time since = Time(std::chrono::duration_cast<Duration>(blocker.since));
  error.waiting_for = Waited{std::string(blocker.stack), holder, wall_time(since, runtime_.now())};
  return error;
}

std::optional<WaitingFor> Arbiter::waiting_for(const ArbiterUser& user) const {
  for (const auto& [ticket, entry] : entries_)
    if (entry.user == &user && !entry.ready) return explain(ticket, entry);
  return std::nullopt;
}

std::optional<std::string> Arbiter::waiter_for(const ArbiterUser& holder) const {
  for (const auto& [ticket, entry] : entries_) {
    if (entry.ready) continue;
    const auto blocker = policy_.blocker(ticket, windows_());
    if (blocker && blocker->ticket && entries_.at(*blocker->ticket).user == &holder)
      return entry.user->name;
  }
  return std::nullopt;
}

WaitingFor Arbiter::explain(Ticket ticket, const Entry& entry) const {
  if (const auto blocker = policy_.blocker(ticket, windows_()))
    return {std::string(blocker->stack), name_of(*blocker), entry.since};
  const auto* const holder = policy_.holder(ticket);
  const Stack wanted = holder != nullptr ? holder->grant.stack : Stack::none;
  const Member* const member = in_the_way(wanted);
  const Stack stack = member != nullptr ? member->stack.kind() : wanted;
  return {std::string(name(stack)), std::string(ourselves), entry.since};
}

ArbiterView Arbiter::view() const {
  ArbiterView view;
  view.switching = working_;
  view.stack = name(policy_.stack());
  for (const ArbiterPolicy::Holder& holder : policy_.holders()) {
    const Entry& entry = entries_.at(holder.ticket);
    if (!entry.ready) continue;
    const bool ssl = holder.grant.stack == Stack::ssl;
    const auto session = ssl ? std::optional(holder.grant.ssl.session) : std::nullopt;
    view.holders.push_back({entry.user->name, std::string(name(holder.grant.stack)), session,
                            Time(std::chrono::duration_cast<Duration>(holder.since))});
  }
  for (const ArbiterPolicy::Family& family : policy_.families()) {
    if (view.stack.empty()) view.stack = name(family.family);
    view.holders.push_back({family.command, std::string(name(family.family)), std::nullopt,
                            Time(std::chrono::duration_cast<Duration>(family.since))});
  }
  for (const Member& member : members_)
    if (view.stack.empty() && member.stack.started()) view.stack = name(member.stack.kind());
  for (const auto& [ticket, entry] : entries_)
    if (!entry.ready) view.waiters.push_back({entry.user->name, explain(ticket, entry)});
  return view;
}

}  // namespace sim52xx::daemon
