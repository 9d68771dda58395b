// The arbiter's policy with a clock, a queue of tickets and the wishes that the tests make.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/arbiter_policy.hpp"

namespace sim52xx::test {

using namespace std::chrono_literals;
using Stamp = ArbiterPolicy::Stamp;
using Ticket = ArbiterPolicy::Ticket;
using Tickets = std::vector<Ticket>;

inline Want ssl(bool zero, bool one, Transparency transparency) {
  Want want;
  want.ssl = SslWant{zero, one, transparency};
  return want;
}

inline Want https() {
  Want want;
  want.https = true;
  return want;
}

inline Want ftps() {
  Want want;
  want.ftps = true;
  return want;
}

inline Want either() {
  Want want = ssl(true, true, Transparency::never);
  want.https = true;
  return want;
}

struct Kind {
  std::string_view name;
  Want want;
  bool job;
  Grant alone;              // what it gets of an idle modem
  std::string_view beside;  // of `kinds`, in order: y where it gets a session beside this one
};

constexpr Grant ssl_grant(int session, bool transparent) {
  return {Stack::ssl, {session, transparent}};
}

// The columns are: https ftps zero-auto zero-always zero-never one any either.
inline const std::array<Kind, 8> kinds{{
    {"https", https(), true, {Stack::https, {}}, "nnnnnnnn"},
    {"ftps", ftps(), true, {Stack::ftps, {}}, "nnnnnnnn"},
    {"zero-auto", ssl(true, false, Transparency::automatic), false, ssl_grant(0, true), "nnnnnyyy"},
    {"zero-always", ssl(true, false, Transparency::always), false, ssl_grant(0, true), "nnnnnyyy"},
    {"zero-never", ssl(true, false, Transparency::never), false, ssl_grant(0, false), "nnnnnyyy"},
    {"one", ssl(false, true, Transparency::never), false, ssl_grant(1, false), "nnynynyy"},
    {"any", ssl(true, true, Transparency::automatic), false, ssl_grant(0, true), "nnnnnyyy"},
    {"either", either(), true, {Stack::https, {}}, "nnnnnnnn"},
}};

class Policy {
 public:
  Ticket come(const Want& want, bool job = false) {
    policy.wait(++last_, want, job, now);
    give();
    return last_;
  }
  Ticket come(const Kind& kind) { return come(kind.want, kind.job); }
  void go(Ticket ticket) {
    policy.leave(ticket);
    give();
  }
  void give() {
    for (const Ticket ticket : policy.give_out(windows, now))
      served.push_back(ticket);
  }
  [[nodiscard]] bool has(Ticket ticket) const { return policy.holder(ticket) != nullptr; }
  [[nodiscard]] std::string blocker(Ticket ticket) const {
    const auto found = policy.blocker(ticket, windows);
    if (!found) return "nobody";
    return std::string(found->stack) + " " +
           (found->ticket ? std::to_string(*found->ticket) : found->command);
  }
  ArbiterPolicy::Verdict preempt(Preempt mode, Stamp after, Stamp idle) {
    const auto last = [this](Ticket ticket) -> std::optional<Stamp> {
      const auto found = last_byte.find(ticket);
      return found == last_byte.end() ? std::nullopt : std::optional(found->second);
    };
    return policy.preempt({mode, after, idle}, windows, now, last);
  }

  ArbiterPolicy policy;
  Stamp now = 1h;
  bool windows = true;
  Tickets served;  // in order
  std::map<Ticket, Stamp> last_byte;

 private:
  Ticket last_ = 0;
};

}  // namespace sim52xx::test
