// One case of the matrix: a dialogue, a fault, a step, a byte. All of them are generated from what
// passed in a run of the dialogue without faults.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/matrix/dialogues.hpp"

namespace sim52xx::test {

struct Case {
  const Dialogue* dialogue = nullptr;
  sim::FaultKind fault = sim::FaultKind::drop;
  std::size_t step = 1;
  std::size_t at = 0;

  // "ssl_counted/drop/12/3"; without the byte where the fault has none.
  [[nodiscard]] std::string name() const;
  static std::optional<Case> parse(std::string_view name);
};

// What passes at its step, and where its byte is in that: "AT+CPIN?", "OK head", "data bytes".
std::string step_of(const Case& what, const sim::FaultSteps::Log& log);
std::vector<Case> cases_of(const Dialogue& dialogue, const sim::FaultSteps::Log& log);

// What no daemon can see: that the bytes are not those that were sent, either way.
struct Blind {
  bool up = false;
  bool down = false;
  bool waits = false;  // for bytes that were lost
  bool cut = false;    // an end that looks as if the peer had closed
  bool told = false;   // the modem was told something else than what was sent
};
Blind blind_to(const Case& what, const sim::FaultSteps::Log& log);

}  // namespace sim52xx::test
