// Cases of the matrix that do not end as they should, and why that is so. Nothing is forgiven that
// is not listed here; tests/matrix/run tells which lines forgive nothing any more.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sim52xx::test {

// Patterns as of files.
struct KnownCase {
  std::string_view dialogue;
  std::string_view fault;
  std::string_view step;  // as step_of() says it: "AT+CPIN?", "OK head"
  std::string_view reason;

  [[nodiscard]] std::string pattern() const {
    return std::string(dialogue) + "/" + std::string(fault) + "/" + std::string(step);
  }
};

std::span<const KnownCase> known_cases();
// nullptr: it is not known.
const KnownCase* find_known(std::string_view dialogue, std::string_view fault,
                            const std::string& step);

}  // namespace sim52xx::test
