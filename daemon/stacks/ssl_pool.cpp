#include "daemon/stacks/ssl_pool.hpp"

#include <algorithm>

namespace sim52xx::daemon {

asio::awaitable<Result<void>> SslPool::take(SslUser& user, Busy busy) {
  user.since = runtime_.now();
  waiters_.push_back(&user);
  grant_all();
  if (!user.granted && busy == Busy::kick) evict_for(user);
  while (!user.granted && !user.gone()) {
    if (busy == Busy::reject) {
      const auto waiting = waiting_for(user);
      waiters_.remove(&user);
      co_return Error(ErrorKind::busy, "acquire",
                      "the session is in use by " + (waiting ? waiting->holder : "another user"));
    }
    co_await changed_.wait();
  }
  if (user.granted) co_return Result<void>();
  waiters_.remove(&user);
  grant_all();
  co_return Error(ErrorKind::cancelled, "acquire", "the client went away while it waited");
}

void SslPool::give_back(SslUser& user) {
  for (SslUser*& holder : holders_)
    if (holder == &user) holder = nullptr;
  user.granted.reset();
  grant_all();
}

void SslPool::grant_all() {
  for (auto next = waiters_.begin(); next != waiters_.end();) {
    SslUser& user = **next;
    const auto others = waiters_.size() > 1;
    const auto granted = grant(held(), user.want, others);
    if (!granted && needs_all(held(), user.want)) break;  // nobody may pass it for ever
    if (!granted) {
      ++next;
      continue;
    }
    if (held().sessions == std::array<bool, 2>{}) stack_transparent_ = granted->transparent;
    user.granted = granted;
    holders_.at(static_cast<std::size_t>(granted->session)) = &user;
    next = waiters_.erase(next);
  }
  changed_.notify();
}

void SslPool::evict_for(const SslUser& user) {
  const bool all = (held().transparent && !stack_.windows()) || needs_all(held(), user.want);
  for (std::size_t i = 0; i < holders_.size(); ++i) {
    const bool wanted = i == 0 ? user.want.zero : user.want.one;
    if (holders_[i] == nullptr || !(wanted || all)) continue;
    holders_[i]->evict("another client of " + user.name + " took the session over");
    return;
  }
}

std::optional<WaitingFor> SslPool::waiting_for(const SslUser& user) const {
  if (user.granted || std::ranges::find(waiters_, &user) == waiters_.end()) return std::nullopt;
  const SslUser* holder = user.want.zero && holders_[0] != nullptr ? holders_[0] : holders_[1];
  if (holder == nullptr) holder = holders_[0];
  const std::string name = holder != nullptr ? holder->name : waiters_.front()->name;
  return WaitingFor{"ssl", name, user.since};
}

SslHeld SslPool::held() const {
  SslHeld held;
  for (std::size_t i = 0; i < holders_.size(); ++i) held.sessions.at(i) = holders_[i] != nullptr;
  held.stack_transparent = stack_transparent_;
  held.windows = stack_.windows();
  held.transparent = holders_[0] != nullptr && holders_[0]->granted && holders_[0]->granted->transparent;
  return held;
}

}  // namespace sim52xx::daemon
