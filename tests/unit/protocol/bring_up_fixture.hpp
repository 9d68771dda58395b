// A modem that is brought up in a clock of its own: answers from a table, and what was said to it.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "protocol/bring_up.hpp"

namespace sim52xx {
using namespace std::chrono_literals;  // NOLINT: for tests
inline Outcome answer(std::vector<std::string> lines, Final final = Final::ok) {
  Outcome outcome;
  outcome.final = final;
  outcome.text = final == Final::ok ? "OK" : "ERROR";
  outcome.lines = std::move(lines);
  return outcome;
}

class BringUpMachine : public ::testing::Test {
 protected:
  BringUpMachine() {
    answers("AT+CPIN?", answer({"+CPIN: READY"}));
    answers("AT+CGREG?", answer({"+CGREG: 0,1"}));
    for (const char* stop : {"AT+CSSLSTOP", "AT+CHTTPSSTOP", "AT+CFTPSSTOP", "AT+CCHOPEN=?"})
      answers(stop, answer({}, Final::error));
  }

  void answers(const std::string& command, Result<Outcome> outcome) {
    says.insert_or_assign(command, std::move(outcome));
  }

  // Plays until it is over, or for `most`.
  void play(BringUp::Time most = 10min) {
    BringUp machine(sim52xx_profile(), plan);
    while (!over && now < most) {
      BringUp::Step step = machine.next(now);
      doing.push_back(machine.doing());
      std::visit([&](auto& what) { take(machine, what); }, step);
      facts = machine.facts();
      for (const auto& remark : machine.take_remarks())
        remarks.push_back(remark.text);
    }
  }
  void take(BringUp& machine, const BringUp::Poke& poke) {
    said.push_back(poke.text);
    const bool heard = hears(poke.text);
    now += heard ? 10ms : poke.wait;
    machine.on_reply(heard);
  }
  void take(BringUp& machine, const BringUp::Prove& prove) {
    said.emplace_back("prove");
    const bool proven = proves();
    now += proven ? BringUp::Time(10ms) : prove.wait * prove.attempts;
    machine.on_reply(proven);
  }
  void take(BringUp& machine, const BringUp::Pause& pause) {
    said.push_back("pause " + std::to_string(pause.time / 1ms));
    now += pause.time;
    machine.on_reply(true);
  }
  void take(BringUp& machine, const BringUp::Ask& ask) {
    EXPECT_TRUE(ask.line.wire.ends_with('\r'));
    const std::string text = ask.line.wire.substr(0, ask.line.wire.size() - 1);
    said.push_back(text);
    shown.push_back(ask.line.shown);
    now += 10ms;
    asked(text);
    const auto found = says.find(text);
    machine.on_outcome(found == says.end() ? Result<Outcome>(answer({})) : found->second);
  }
  void take(BringUp& machine, const BringUp::Fetch& fetch) {
    said.emplace_back(fetch.secret == BringUp::Secret::pin ? "fetch PIN" : "fetch password");
    machine.on_secret(secret);
  }
  void take(BringUp&, const BringUp::Over& end) { over = end.result; }

  [[nodiscard]] ErrorKind failed_with() const {
    EXPECT_TRUE(over && !*over);
    return over && !*over ? over->error().kind : ErrorKind::busy;
  }
  [[nodiscard]] std::ptrdiff_t times(const std::string& text) const {
    return std::count(said.begin(), said.end(), text);
  }
  [[nodiscard]] bool did(std::string_view words) const {
    return std::find(doing.begin(), doing.end(), words) != doing.end();
  }

  BringUp::Plan plan;
  std::function<bool(const std::string&)> hears = [](const std::string&) { return true; };
  std::function<bool()> proves = [] { return true; };
  std::function<void(const std::string&)> asked = [](const std::string&) {};  // before the answer
  std::map<std::string, Result<Outcome>> says;
  Result<std::string> secret{"1234"};
  BringUp::Time now = 100s;
  std::vector<std::string> said;
  std::vector<std::string> shown;
  std::vector<std::string> doing;
  std::vector<std::string> remarks;
  BringUp::Facts facts;
  std::optional<Result<void>> over;
};

}  // namespace sim52xx
