// The command line of sim52xxctl: its verbs, and what holds for all of them.
#pragma once

#include <variant>

#include "daemon/ctl/plan.hpp"

namespace sim52xx::ctl {

// Reads the arguments into `plan`; where they ask for nothing more than a text (--help, --version,
// a mistake), it is printed and the exit code returned. `plan` is kept: the action refers to it.
std::variant<std::monostate, Exit> parse(int argc, const char* const* argv, Plan& plan);

}  // namespace sim52xx::ctl
