// Who gets which of the modem's stacks, and who has to wait. Pure: what is held and who waits in,
// grants out. HTTPS, FTPS and SSL exclude each other, and all three the raw commands of the
// conflicting families (note, chapter 7); the SSL stack is shared by two sessions (ssl_policy.hpp).
//
// First come, first served over all stacks: nobody passes one who waits for another stack. Within
// SSL, who waits for the one session lets those pass who want the other.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/at_families.hpp"
#include "protocol/result_codes.hpp"
#include "protocol/ssl_policy.hpp"

namespace sim52xx {

// What somebody needs; any one of what is set will do. An HTTPS job that may go either way sets
// https and ssl: it goes over SSL while SSL is held by somebody who stays, over the HTTPS stack
// otherwise.
struct Want {
  bool https = false;
  bool ftps = false;
  std::optional<SslWant> ssl;

  friend bool operator==(const Want&, const Want&) = default;
};

struct Grant {
  Stack stack = Stack::none;
  SslGrant ssl;  // where the stack is ssl

  friend bool operator==(const Grant&, const Grant&) = default;
};

// Which sessions a job may close that has waited long enough: those without a byte either way for
// some time, any, or none.
enum class Preempt : std::uint8_t { idle, any, never };

class ArbiterPolicy {
 public:
  using Stamp = std::chrono::nanoseconds;
  using Ticket = std::uint64_t;  // one wish of one user; the caller numbers them, upwards

  struct Waiter {
    Ticket ticket;
    Want want;
    Stamp since;
    bool job;  // may preempt, and is neither kicked nor preempted: it ends by itself
  };
  struct Holder {
    Ticket ticket;
    Grant grant;
    Stamp since;
    bool job;
    bool leaving;  // goes by itself, or was told to
  };
  // A raw family that runs, from its starting command on, or as long as a command of it runs.
  struct Family {
    AtFamily family;
    std::string command;
    Stamp since;
    int running;
    bool started;
  };
  // Who is in the way, with which stack or family: somebody's ticket, or a raw command.
  struct Blocker {
    std::string_view stack;
    std::optional<Ticket> ticket;
    std::string command;
    Stamp since;  // it has been there
  };
  struct Preemption {
    Preempt preempt = Preempt::idle;
    Stamp after{};  // a job has to have waited for that long
    Stamp idle{};   // Preempt::idle: without a byte for that long
  };
  // Who has to go, for whom; or when that has to be asked again, if nothing changes before.
  struct Verdict {
    std::vector<Ticket> victims;
    Ticket for_whom = 0;
    std::optional<Stamp> ask_again;
  };
  // When the last byte of somebody's session went; nullopt: it is never idle.
  using LastByte = std::function<std::optional<Stamp>(Ticket)>;

  // To the end of the queue.
  void wait(Ticket ticket, const Want& want, bool job, Stamp now);
  // Gives out all that can be had, in order; returns who got something. `windows`: session 1 can
  // be used beside a transparent session 0.
  std::vector<Ticket> give_out(bool windows, Stamp now);
  // A waiter has gone, or a holder gives back.
  void leave(Ticket ticket);

  // A raw command of this family is about to run; false: a stack is held or waited for.
  bool begin(AtFamily family, std::string command, Stamp now);
  // It has run. `started`: whether the family runs from now on; nullopt: as before.
  void end(AtFamily family, std::optional<bool> started);
  // The modem has restarted: no family runs any more.
  void forget_families();

  // Whom this one waits for; nullopt where it does not wait.
  [[nodiscard]] std::optional<Blocker> blocker(Ticket ticket, bool windows) const;
  // Who keeps a raw command from running.
  [[nodiscard]] std::optional<Blocker> family_blocker() const;

  // Who has to go so that this one gets its session at once (busy = "kick"). They are marked as
  // leaving.
  std::vector<Ticket> kick(Ticket ticket, bool windows);
  // The same for the first job in the queue, once it has waited long enough.
  Verdict preempt(const Preemption& rules, bool windows, Stamp now, const LastByte& last_byte);
  // Somebody goes, or was told to for another reason.
  void mark_leaving(Ticket ticket);

  // The stack that is held.
  [[nodiscard]] Stack stack() const;
  [[nodiscard]] const Holder* holder(Ticket ticket) const;
  [[nodiscard]] const Waiter* waiter(Ticket ticket) const;
  [[nodiscard]] const std::vector<Holder>& holders() const { return holders_; }
  [[nodiscard]] const std::vector<Waiter>& waiters() const { return waiters_; }
  [[nodiscard]] const std::vector<Family>& families() const { return families_; }

 private:
  using Evictable = std::function<bool(const Holder&)>;

  [[nodiscard]] SslHeld ssl_held(bool windows) const;
  [[nodiscard]] std::optional<Grant> grant_for(const Waiter& waiter, bool windows) const;
  [[nodiscard]] bool holds_up_others(const Waiter& waiter, bool windows) const;
  [[nodiscard]] bool awaits_https(const Waiter& waiter) const;
  [[nodiscard]] bool others_want_ssl(const Waiter& waiter) const;
  [[nodiscard]] const Holder& session_holder(const Waiter& waiter) const;
  static Blocker blocked_by(const Holder& holder);
  static Blocker blocked_by(const Waiter& earlier);
  [[nodiscard]] bool served_without(const Waiter& waiter, const std::vector<Ticket>& gone,
                                    bool windows) const;
  [[nodiscard]] std::vector<Ticket> victims_for(const Waiter& waiter, const Evictable& evictable,
                                                bool windows) const;

  std::vector<Waiter> waiters_;
  std::vector<Holder> holders_;
  std::vector<Family> families_;
  bool stack_transparent_ = false;  // CSSLMODE; fixed while a session is held
};

// As in waiting_for.stack: "https", "ftps", "ssl"; empty for none.
std::string_view name(Stack stack);

}  // namespace sim52xx
