#include "daemon/arbiter/arbiter.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

namespace sim52xx::daemon {
namespace {

ArbiterPolicy::Preemption rules_of(const config::Arbiter& settings) {
  return {settings.preempt, settings.preempt_after, settings.idle_after};
}

}  // namespace

Lease::Lease(Lease&& other) noexcept
    : arbiter_(std::exchange(other.arbiter_, nullptr)),
      ticket_(other.ticket_),
      grant_(other.grant_),
      clean_(other.clean_) {}

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  Lease former = std::move(*this);  // given back when all is in its place
  arbiter_ = std::exchange(other.arbiter_, nullptr);
  ticket_ = other.ticket_;
  grant_ = other.grant_;
  clean_ = other.clean_;
  return *this;
}

Lease::~Lease() {
  if (arbiter_ != nullptr) arbiter_->give_back(ticket_, clean_);
}

FamilyUse::FamilyUse(FamilyUse&& other) noexcept
    : arbiter_(std::exchange(other.arbiter_, nullptr)),
      family_(other.family_),
      boot_(other.boot_),
      running_(other.running_) {}

FamilyUse::~FamilyUse() {
  if (arbiter_ != nullptr) arbiter_->end_family(family_, running_, boot_);
}

Arbiter::Arbiter(Runtime& runtime, TaskGroup& tasks, const config::Arbiter& settings,
                 std::function<bool()> windows)
    : runtime_(runtime),
      tasks_(tasks),
      settings_(settings),
      windows_(std::move(windows)),
      changed_(runtime),
      preempt_timer_(runtime.timers, [this] { preempt(); }) {}

asio::awaitable<Result<Lease>> Arbiter::take(ArbiterUser& user, Busy busy) {
  const Ticket ticket = ++last_ticket_;
  const auto place = entries_.emplace(ticket, Entry(user, runtime_.now())).first;
  policy_.wait(ticket, user.want, user.may_preempt(), now());
  settle();
  if (busy == Busy::kick)
    for (const Ticket victim : policy_.kick(ticket, windows_()))
      entries_.at(victim).user->evict("another client of " + user.name + " took the session over");
  if (const auto blocker = policy_.blocker(ticket, windows_()); blocker && busy == Busy::reject) {
    Error refused = busy_error(*blocker);
    give_back(ticket, true);
    co_return refused;
  }
  if (watcher_ != nullptr && !place->second.ready)
    watcher_->on_waiting(user, explain(ticket, place->second));
  while (!place->second.ready && !user.gone())
    co_await changed_.wait();
  if (user.gone()) {
    give_back(ticket, true);  // or its place in the queue
    co_return Error(ErrorKind::cancelled, "acquire", "the client went away while it waited");
  }
  const Grant grant = policy_.holder(ticket)->grant;
  if (watcher_ != nullptr) watcher_->on_granted(user, grant);
  place->second.told = true;
  co_return Lease(*this, ticket, grant);
}

void Arbiter::look_again() {
  changed_.notify();
}

// Everything that changes what is held or wanted ends here.
void Arbiter::settle() {
  policy_.give_out(windows_(), now());
  for (Member& member : members_) {
    if (member.stack.kind() != policy_.stack()) continue;
    member.linger.cancel();
    member.over = false;
  }
  hand_over();
  work_if_needed();
  changed_.notify();
  preempt();
}

void Arbiter::give_back(Ticket ticket, bool clean) {
  const auto* const holder = policy_.holder(ticket);
  const Grant grant = holder != nullptr ? holder->grant : Grant{};
  if (const Entry& entry = entries_.at(ticket); watcher_ != nullptr && entry.told)
    watcher_->on_released(*entry.user, grant, clean);
  policy_.leave(ticket);
  entries_.erase(ticket);
  leave_behind(grant, clean);
  settle();
}

// A stack without its user: warm, for as long as it lingers, or dirty.
void Arbiter::leave_behind(const Grant& grant, bool clean) {
  for (Member& member : members_) {
    if (member.stack.kind() != grant.stack) continue;
    const bool shared = has_ready_holder(grant.stack, std::nullopt);
    if (!clean && shared)
      member.dirty_sessions.at(static_cast<std::size_t>(grant.ssl.session)) = true;
    if (!clean && !shared) member.dirty = true;
    if (shared) continue;
    if (std::ranges::find(member.dirty_sessions, true) != member.dirty_sessions.end())
      member.dirty = true;
    if (policy_.stack() != grant.stack) member.linger.arm(runtime_.now() + settings_.linger);
  }
}

void Arbiter::preempt() {
  preempt_timer_.cancel();
  const auto last_byte = [this](Ticket ticket) -> std::optional<ArbiterPolicy::Stamp> {
    const auto last = entries_.at(ticket).user->last_byte();
    if (!last) return std::nullopt;
    return last->time_since_epoch();
  };
  const auto verdict = policy_.preempt(rules_of(settings_), windows_(), now(), last_byte);
  if (verdict.ask_again)
    preempt_timer_.arm(Time(std::chrono::duration_cast<Duration>(*verdict.ask_again)));
  if (verdict.victims.empty()) return;
  const Entry& job = entries_.at(verdict.for_whom);
  const auto waited = std::chrono::duration_cast<std::chrono::seconds>(runtime_.now() - job.since);
  const std::string why = job.user->name + " needs the modem and has waited " +
                          std::to_string(waited.count()) +
                          " s for it, so that it may close this session (arbiter.preempt)";
  spdlog::info("arbiter: {}", why);
  for (const Ticket victim : verdict.victims)
    if (const auto found = entries_.find(victim); found != entries_.end()) {
      if (watcher_ != nullptr) watcher_->on_preempted(*found->second.user, why);
      found->second.user->evict(why);
    }
}

std::size_t Arbiter::evict(const Which& which, const std::string& why) {
  std::vector<ArbiterUser*> users;
  for (const ArbiterPolicy::Holder& holder : policy_.holders()) {
    ArbiterUser* const user = entries_.at(holder.ticket).user;
    if (holder.grant.stack != Stack::ssl || !which(user->name, holder.grant.ssl.session)) continue;
    policy_.mark_leaving(holder.ticket);
    users.push_back(user);
  }
  for (ArbiterUser* const user : users)
    user->evict(why);
  return users.size();
}

asio::awaitable<Result<FamilyUse>> Arbiter::take_family(AtFamily family, std::string command) {
  if (!policy_.begin(family, std::move(command), now())) {
    const auto blocker = policy_.family_blocker();
    co_return busy_error(*blocker);
  }
  FamilyUse use(*this, family, boot_);
  ++families_waiting_;
  settle();
  while (in_the_way(Stack::none) != nullptr)
    co_await changed_.wait();
  --families_waiting_;
  co_return std::move(use);
}

void Arbiter::end_family(AtFamily family, std::optional<bool> running, std::uint64_t boot) {
  if (boot != boot_) return;  // the modem has forgotten it
  policy_.end(family, running);
  settle();
}

// The stacks know it themselves. Who waits goes on waiting; leases stay until they are given back.
void Arbiter::on_modem_lost(const std::string& /*reason*/) {
  ++boot_;
  policy_.forget_families();
  for (Member& member : members_) {
    member.linger.cancel();
    member.over = member.dirty = member.tried = false;
    member.dirty_sessions = {};
  }
  settle();
}

}  // namespace sim52xx::daemon
