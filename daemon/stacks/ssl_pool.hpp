// Who uses the two SSL sessions, and who waits for them. First come, first served; everyone who
// waits can be told for whom. The rules themselves are in protocol/ssl_policy.hpp.
#pragma once

#include <array>
#include <list>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/event.hpp"
#include "daemon/stacks/ssl_stack.hpp"
#include "protocol/outcome.hpp"
#include "protocol/ssl_policy.hpp"

namespace sim52xx::daemon {

// Somebody who wants or has a session.
class SslUser {
 public:
  SslUser(std::string n, SslWant w) : name(std::move(n)), want(w) {}
  virtual ~SslUser() = default;
  // Another user takes the session over (busy = "kick").
  virtual void evict(const std::string& why) = 0;
  // No longer interested: take() returns.
  [[nodiscard]] virtual bool gone() const = 0;

  std::string name;  // of the endpoint
  SslWant want;
  Time since{};      // waiting since
  std::optional<SslGrant> granted;
};

struct WaitingFor {
  std::string stack;
  std::string holder;
  Time since{};
};

class SslPool {
 public:
  enum class Busy { wait, reject, kick };

  SslPool(Runtime& runtime, const SslStack& stack)
      : runtime_(runtime), stack_(stack), changed_(runtime) {}

  // Until `user` has a session (user.granted) or is gone. Errors: busy, where it does not want to
  // wait; cancelled, where it is gone.
  asio::awaitable<Result<void>> take(SslUser& user, Busy busy);
  // Gives the session back.
  void give_back(SslUser& user);
  // Somebody's gone() may have changed.
  void look_again() { changed_.notify(); }

  // For whom `user` waits; nullopt where it does not wait.
  [[nodiscard]] std::optional<WaitingFor> waiting_for(const SslUser& user) const;
  [[nodiscard]] const SslUser* holder(int session) const {
    return holders_.at(static_cast<std::size_t>(session));
  }

 private:
  void grant_all();
  void evict_for(const SslUser& user);
  [[nodiscard]] SslHeld held() const;

  Runtime& runtime_;
  const SslStack& stack_;
  Event changed_;
  std::list<SslUser*> waiters_;
  std::array<SslUser*, 2> holders_{};
  bool stack_transparent_ = false;
};

}  // namespace sim52xx::daemon
