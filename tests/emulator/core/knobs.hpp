// The table of knobs: what the control socket's "set" may turn, with what is allowed.
// A new knob is a member of Settings and a row here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "tests/emulator/core/settings.hpp"

namespace sim52xx::sim {

using KnobValue = std::variant<bool, int, std::string>;

struct Knob {
  std::string_view name;
  std::variant<bool& (*)(Settings&), int& (*)(Settings&), std::string& (*)(Settings&)> member;
  int low = 0;
  int high = 0;
  std::string_view choices;  // comma-separated; empty: any text
  std::string_view help;
};

std::span<const Knob> knobs();

KnobValue get(const Knob& knob, const Settings& settings);

// Turns one knob. Returns what is wrong with the value, in words; empty when it was taken.
std::string set(std::string_view name, const KnobValue& value, Settings& settings);

}  // namespace sim52xx::sim
