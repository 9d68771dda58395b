// Keeps the modem's stacks apart: leases them, first come first served over all of them, keeps a
// stack warm for `linger`, stops it before another one starts, cleans up after a dirty lease, and
// can always say who waits for whom. The only part of the daemon that knows that stacks conflict.
// The rules are in protocol/arbiter_policy.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/event.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/config/config.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/stacks/modem_stack.hpp"
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
  // A job: may close SSL sessions after having waited for preempt_after; its own is neither
  // kicked nor preempted, for it ends by itself.
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
  Lease(Arbiter& arbiter, ArbiterPolicy::Ticket ticket, Grant grant)
      : arbiter_(&arbiter), ticket_(ticket), grant_(grant) {}

  Arbiter* arbiter_ = nullptr;
  ArbiterPolicy::Ticket ticket_ = 0;
  Grant grant_;
  bool clean_ = false;
};

// The modem without any stack, for a raw command of a conflicting family. Given back when it is
// destroyed; the family goes on running where set_running(true) was said, until set_running(false)
// or a restart of the modem.
class FamilyUse {
 public:
  FamilyUse(FamilyUse&& other) noexcept;
  FamilyUse& operator=(FamilyUse&&) = delete;
  ~FamilyUse();

  void set_running(bool running) { running_ = running; }

 private:
  friend class Arbiter;
  FamilyUse(Arbiter& arbiter, AtFamily family, std::uint64_t boot)
      : arbiter_(&arbiter), family_(family), boot_(boot) {}

  Arbiter* arbiter_;
  AtFamily family_;
  std::uint64_t boot_;
  std::optional<bool> running_;
};

// Of somebody who waits.
struct WaitingFor {
  std::string stack;   // "ssl", "https", "ftps", or the family of a raw command: "tcpip", "gps"
  std::string holder;  // the name of who has it; "sim52xxd" while the stack is being stopped
  Time since{};        // waiting since
};

// All of it, for status.
struct ArbiterView {
  struct Holder {
    std::string name;
    std::string stack;
    std::optional<int> session;
    Time since{};
  };
  struct Waiter {
    std::string name;
    WaitingFor waiting_for;
  };

  std::string stack;       // held, or started; empty: none
  bool switching = false;  // something is being stopped
  std::vector<Holder> holders;
  std::vector<Waiter> waiters;  // in order
};

// Whoever tells the world of the modem's stacks. Must not wait.
class ArbiterWatcher {
 public:
  virtual ~ArbiterWatcher() = default;
  virtual void on_granted(const ArbiterUser& user, const Grant& grant) = 0;
  virtual void on_released(const ArbiterUser& user, const Grant& grant, bool clean) = 0;
  virtual void on_waiting(const ArbiterUser& user, const WaitingFor& waiting) = 0;
  virtual void on_preempted(const ArbiterUser& victim, const std::string& why) = 0;
};

class Arbiter final : public ModemUser {
 public:
  // What a user does who cannot have the stack at once.
  using Busy = config::Busy;

  // `windows`: whether session 1 can be used beside a transparent session 0. All must outlive it.
  Arbiter(Runtime& runtime, TaskGroup& tasks, const config::Arbiter& settings,
          std::function<bool()> windows);
  // May be none.
  void set_watcher(ArbiterWatcher* watcher) { watcher_ = watcher; }
  // Another stack to keep apart from the others.
  void add(ModemStack& stack);

  // Until `user` has what it wants, or is gone. What is in the way has been stopped when this
  // returns; starting the stack is the user's, and so is a look whether the modem is there: the
  // queue does not mind its loss. Errors: busy, where it does not want to wait; cancelled, where
  // it is gone.
  asio::awaitable<Result<Lease>> take(ArbiterUser& user, Busy busy);
  // Its user has done with it, and will give it back as soon as the modem has, too.
  void set_leaving(const Lease& lease) { policy_.mark_leaving(lease.ticket_); }
  // Somebody's gone() may have changed.
  void look_again();
  // The settings have other values now.
  void settings_changed() { settle(); }

  // The modem for a raw command of a conflicting family; never waits for a user: busy. What is
  // warm has been stopped when this returns. `command` is for people.
  asio::awaitable<Result<FamilyUse>> take_family(AtFamily family, std::string command);

  // Evicts who holds an SSL session that `which` (name, session) says; how many those are.
  using Which = std::function<bool(std::string_view, int)>;
  std::size_t evict(const Which& which, const std::string& why);

  // At the end, when all leases are back: stops what is started.
  asio::awaitable<void> stop();

  // For whom `user` waits; nullopt where it does not wait.
  [[nodiscard]] std::optional<WaitingFor> waiting_for(const ArbiterUser& user) const;
  // The name of somebody who waits for what `holder` has; nullopt where nobody does.
  [[nodiscard]] std::optional<std::string> waiter_for(const ArbiterUser& holder) const;
  [[nodiscard]] ArbiterView view() const;

 private:
  friend class Lease;
  friend class FamilyUse;
  using Ticket = ArbiterPolicy::Ticket;

  struct Entry {
    Entry(ArbiterUser& u, Time t) : user(&u), since(t) {}
    ArbiterUser* user;
    Time since;          // of take()
    bool ready = false;  // the lease is, or can be, its user's
    bool told = false;   // the watcher knows of it
  };
  struct Member {
    Member(Arbiter& arbiter, ModemStack& s);
    ModemStack& stack;
    Timer linger;
    bool over = false;                     // the time of linger
    bool dirty = false;                    // left in an unknown state
    std::array<bool, 2> dirty_sessions{};  // the same of one session, while another is in use
    bool stopping = false;
    bool tried = false;  // to stop it, since its last owner; that is enough
  };

  void settle();
  void preempt();
  void hand_over();
  void work_if_needed();
  asio::awaitable<void> work();
  asio::awaitable<void> stop_member(Member& member);
  void give_back(Ticket ticket, bool clean);
  void leave_behind(const Grant& grant, bool clean);
  void end_family(AtFamily family, std::optional<bool> running, std::uint64_t boot);
  void on_modem_lost(const std::string& reason) override;
  [[nodiscard]] Error busy_error(const ArbiterPolicy::Blocker& blocker) const;

  [[nodiscard]] Member* next_to_stop();
  [[nodiscard]] std::optional<std::pair<Member*, int>> next_to_close();
  [[nodiscard]] const Member* in_the_way(Stack stack) const;
  [[nodiscard]] bool ready(const Grant& grant) const;
  [[nodiscard]] bool has_ready_holder(Stack stack, std::optional<int> session) const;
  [[nodiscard]] bool hands_over() const;
  [[nodiscard]] WaitingFor explain(Ticket ticket, const Entry& entry) const;
  [[nodiscard]] std::string name_of(const ArbiterPolicy::Blocker& blocker) const;
  [[nodiscard]] ArbiterPolicy::Stamp now() const { return runtime_.now().time_since_epoch(); }

  Runtime& runtime_;
  TaskGroup& tasks_;
  const config::Arbiter& settings_;
  std::function<bool()> windows_;
  ArbiterWatcher* watcher_ = nullptr;
  ArbiterPolicy policy_;
  std::map<Ticket, Entry> entries_;
  std::list<Member> members_;
  Event changed_;
  Timer preempt_timer_;
  Ticket last_ticket_ = 0;
  int families_waiting_ = 0;
  std::uint64_t boot_ = 0;
  bool working_ = false;
};

}  // namespace sim52xx::daemon
