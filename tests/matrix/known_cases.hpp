// What no daemon can mend of a damaged line, case by case: how such a case may end, and why. Such
// an end is expected, any other fails; tests/matrix/run tells which lines forgive nothing any more.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sim52xx::test {

// Ways in which a case may end wrong.
enum End : unsigned {
  client_waits = 1,    // it is told nothing, and its session goes on
  wrong_data = 2,      // it is told success
  out_of_service = 4,  // nothing works any more
  restless = 8,        // the daemon
  rules_broken = 16,   // the modem's exclusion rules
  leak = 32,
  replays_otherwise = 64,  // the trace of it, to another daemon
};

// Patterns as of files.
struct KnownCase {
  std::string_view dialogue;
  std::string_view fault;
  std::string_view step;  // as step_of() says it: "AT+CPIN?", "OK head"
  unsigned ends;          // nothing else may be wrong
  std::string_view reason;

  [[nodiscard]] std::string pattern() const {
    return std::string(dialogue) + "/" + std::string(fault) + "/" + std::string(step);
  }
};

std::span<const KnownCase> known_cases();
// nullptr: it is not known to end like that.
const KnownCase* find_known(std::string_view dialogue, std::string_view fault,
                            const std::string& step, End end);

}  // namespace sim52xx::test
