// The questions of `sim52xxctl doctor`: one table, each row a look at the facts that were gathered.
// Nothing here asks anybody. The facts are JSON, so that what somebody sends along with a report
// can be looked at again:
//   now          time, RFC 3339
//   socket       the control socket
//   daemon       {reachable, kind, message, advice, version}
//   service      {pid, user, uid, gids}: its process; null where none is seen
//   configuration {file, ok, messages, device}; null where the daemon was asked instead
//   status       as the daemon gives it
//   device       {path, exists, target, type, mode, uid, gid, owner, group, class, usb, mm_ignored,
//                 holders: [{pid, name, user}], unseen}
//   ports        [{path, usb}]: what else there is
//   modem_manager {pid}; null where it does not run
//   modem        {clock, contexts}: its answers; null where it was not asked
//   tries        [{name, outcome, seconds, error}]: TLS sessions that were opened
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ctl/fields.hpp"

namespace sim52xx::ctl::doctor {

enum class Grade : std::uint8_t { ok, warning, problem, skipped };
std::string_view name(Grade grade);

struct Verdict {
  Grade grade = Grade::ok;
  std::string finding;                // one sentence without its full stop
  std::vector<std::string> remedies;  // what to do, a sentence each
};

// Short ways to say it.
Verdict fine(std::string finding);
Verdict warning(std::string finding, std::vector<std::string> remedies);
Verdict problem(std::string finding, std::vector<std::string> remedies);
Verdict unknown(std::string finding);

struct Check {
  std::string_view name;
  std::string_view question;
  // Where that one is not answered well there is no use in asking this one; empty: none.
  std::string_view needs;
  Verdict (*look)(const json& facts);
  // Instead of look: of each endpoint, with its session of the status.
  Verdict (*look_at)(const json& facts, const json& session);
};

std::span<const Check> checks();

// A row of the answer; `name` has the endpoint behind it where there are several.
struct Answer {
  std::string name;
  std::string_view question;
  Verdict verdict;
};

// Asks them in turn.
std::vector<Answer> examine(const json& facts);

// The rows.
Verdict look_at_daemon(const json& facts);
Verdict look_at_device(const json& facts);
Verdict look_at_access(const json& facts);
Verdict look_at_others(const json& facts);
Verdict look_at_modem_manager(const json& facts);
Verdict look_at_answers(const json& facts);
Verdict look_at_firmware(const json& facts);
Verdict look_at_sim(const json& facts);
Verdict look_at_apn(const json& facts);
Verdict look_at_network(const json& facts);
Verdict look_at_signal(const json& facts);
Verdict look_at_clock(const json& facts);
Verdict look_at_losses(const json& facts);
Verdict look_at_tls(const json& facts, const json& session);

// Of the facts, for the rows.
const json& modem_of(const json& facts);       // status.modem
const json& last_error_of(const json& facts);  // status.modem.last_error
// Its device: as the status has it, or the configuration.
std::string device_of(const json& facts);
// The modem's last error is of that stage.
bool failed_in(const json& facts, std::string_view stage);

}  // namespace sim52xx::ctl::doctor
