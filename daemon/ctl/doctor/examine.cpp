#include <algorithm>
#include <array>

#include "daemon/ctl/doctor/check.hpp"

namespace sim52xx::ctl::doctor {
namespace {

// In the order in which one thing rests on the other.
constexpr std::array table{
    Check{"daemon", "Does the daemon answer?", "", look_at_daemon, nullptr},
    Check{"device", "Is the modem's port there?", "", look_at_device, nullptr},
    Check{"access", "May the daemon open it?", "device", look_at_access, nullptr},
    Check{"others", "Does nobody else use it?", "device", look_at_others, nullptr},
    Check{"modemmanager", "Does ModemManager leave it alone?", "device", look_at_modem_manager,
          nullptr},
    Check{"answers", "Does the modem answer?", "access", look_at_answers, nullptr},
    Check{"firmware", "Does it know the commands?", "answers", look_at_firmware, nullptr},
    Check{"sim", "Can the SIM be used?", "answers", look_at_sim, nullptr},
    Check{"apn", "Is there an access point?", "sim", look_at_apn, nullptr},
    Check{"network", "Is it registered?", "sim", look_at_network, nullptr},
    Check{"signal", "Is the signal strong enough?", "sim", look_at_signal, nullptr},
    Check{"clock", "Are the clocks right?", "", look_at_clock, nullptr},
    Check{"losses", "Does the modem stay?", "daemon", look_at_losses, nullptr},
    Check{"tls", "Does TLS with the host work?", "network", nullptr, look_at_tls},
};

class Examination {
 public:
  explicit Examination(const json& facts) : facts_(facts) {}

  std::vector<Answer> run() {
    for (const Check& check : table)
      ask(check);
    return std::move(answers_);
  }

 private:
  void ask(const Check& check) {
    if (!check.needs.empty() && !is_well(check.needs)) {
      add(check, "", unknown("not asked: first " + std::string(check.needs)));
      return;
    }
    if (check.look != nullptr) {
      add(check, "", check.look(facts_));
      return;
    }
    const json& sessions = member(member(facts_, "status"), "sessions");
    bool any = false;
    if (sessions.is_array())
      for (const json& session : sessions) {
        any = true;
        add(check, " " + text(session, "name"), check.look_at(facts_, session));
      }
    if (!any) add(check, "", check.look_at(facts_, json()));
  }

  void add(const Check& check, const std::string& more, Verdict verdict) {
    answers_.push_back({std::string(check.name) + more, check.question, std::move(verdict)});
  }

  [[nodiscard]] bool is_well(std::string_view name) const {
    return std::any_of(answers_.begin(), answers_.end(), [&](const Answer& answer) {
      const Grade grade = answer.verdict.grade;
      return answer.name == name && (grade == Grade::ok || grade == Grade::warning);
    });
  }

  const json& facts_;
  std::vector<Answer> answers_;
};

}  // namespace

std::string_view name(Grade grade) {
  constexpr std::array<std::string_view, 4> names{"ok", "warning", "problem", "skipped"};
  return names.at(static_cast<std::size_t>(grade));
}

Verdict fine(std::string finding) {
  return {Grade::ok, std::move(finding), {}};
}

Verdict warning(std::string finding, std::vector<std::string> remedies) {
  return {Grade::warning, std::move(finding), std::move(remedies)};
}

Verdict problem(std::string finding, std::vector<std::string> remedies) {
  return {Grade::problem, std::move(finding), std::move(remedies)};
}

Verdict unknown(std::string finding) {
  return {Grade::skipped, std::move(finding), {}};
}

std::span<const Check> checks() {
  return table;
}

std::vector<Answer> examine(const json& facts) {
  return Examination(facts).run();
}

const json& modem_of(const json& facts) {
  return member(member(facts, "status"), "modem");
}

const json& last_error_of(const json& facts) {
  return member(modem_of(facts), "last_error");
}

std::string device_of(const json& facts) {
  const std::string known = text(modem_of(facts), "device");
  return known.empty() ? text(member(facts, "configuration"), "device") : known;
}

bool failed_in(const json& facts, std::string_view stage) {
  return text(last_error_of(facts), "stage") == stage;
}

}  // namespace sim52xx::ctl::doctor
