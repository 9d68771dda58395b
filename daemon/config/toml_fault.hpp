// Mistakes for which toml++ 3.3 has no words, only an assertion: found before it reads a text, or
// behind it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim52xx::daemon::config {

struct TomlFault {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::string words;
};

// A header that does not begin with a name ("[.x]"), letters beyond ASCII in a key, control bytes.
// TOML's strings of several lines are refused, too: nothing here has lines.
std::optional<TomlFault> find_toml_fault(std::string_view text);

// The line at whose end the parser has come to an assertion.
std::uint32_t line_of_assertion(std::string_view text);

}  // namespace sim52xx::daemon::config
