// Keeps the modem's stacks apart: leases them, first come first served over all of them, keeps a
// stack warm for `linger`, stops it before another one starts, cleans up after a dirty lease, and
// can always say who waits for whom. The only part of the daemon that knows that stacks conflict.
// The rules are in protocol/arbiter_policy.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/event.hpp"
#include "protocol/arbiter_policy.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

class Arbiter;

// Somebody who wants or has a stack: a client of a data socket, a job. Must outlive its lease and
// its take().
class ArbiterUser {
 public:
  ArbiterUser(std::string n, Want w) : name(std::move(n)), want(w) {}
  ArbiterUser(const ArbiterUser&) = delete;
  ArbiterUser& operator=(const ArbiterUser&) = delete;
  virtual ~ArbiterUser() = default;

  // Another user takes over (busy = "kick", preemption, session.close): end soon, and say why.
  virtual void evict(const std::string& why) = 0;
  // No longer interested: take() returns.
  [[nodiscard]] virtual bool gone() const = 0;
  // When the last byte went either way; nullopt: it is never idle. For preempt = "idle".
  [[nodiscard]] virtual std::optional<Time> last_byte() const { return std::nullopt; }
  // May close SSL sessions after having waited for preempt_after: jobs.
  [[nodiscard]] virtual bool may_preempt() const { return false; }

  std::string name;  // for people: "ssl0", "job 7"
  Want want;
};

// The right to use a stack (and, of the SSL stack, one session). Move-only. Given back without
// waiting when it is destroyed; dirty, unless clean() was said: the stack is then stopped before
// its next owner gets it.
class Lease {
 public:
  Lease() = default;
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease();

  explicit operator bool() const { return arbiter_ != nullptr; }
  [[nodiscard]] Stack stack() const { return grant_.stack; }
  // Where stack() is ssl: which session, and whether it may be transparent.
  [[nodiscard]] const SslGrant& ssl() const { return grant_.ssl; }
  // The dialogue has ended in order.
  void clean() { clean_ = true; }

 private:
  friend class Arbiter;
  Lease(Arbiter& arbiter, ArbiterUser& user, Grant grant)
      : arbiter_(&arbiter), user_(&user), grant_(grant) {}

  Arbiter* arbiter_ = nullptr;
  ArbiterUser* user_ = nullptr;
  Grant grant_;
  bool clean_ = false;
};

// Of somebody who waits.
struct WaitingFor {
  std::string stack;   // "ssl", "https", "ftps", or the family of a raw command: "tcpip", "gps"
  std::string holder;  // the name of who has it
  Time since{};        // waiting since
};

class Arbiter {
 public:
  // What a user does who cannot have the stack at once.
  enum class Busy : std::uint8_t { wait, reject, kick };

  // Until `user` has what it wants, or is gone. What is in the way has been stopped when this
  // returns; starting the stack is the user's. Errors: busy, where it does not want to wait;
  // cancelled, where it is gone; modem_absent, where the modem was lost meanwhile.
  asio::awaitable<Result<Lease>> take(ArbiterUser& user, Busy busy);
  // Somebody's gone() may have changed.
  void look_again();

  // For whom `user` waits; nullopt where it does not wait.
  [[nodiscard]] std::optional<WaitingFor> waiting_for(const ArbiterUser& user) const;
};

}  // namespace sim52xx::daemon
