// A failure as people read it: what happened, where, the modem's words, and what to do next.
#pragma once

#include <string>

#include "daemon/ctl/failure.hpp"
#include "daemon/ctl/style.hpp"
#include "daemon/ctl/units.hpp"

namespace sim52xx::ctl {

// Several lines, each with its LF; the first one begins with "sim52xxctl: ".
std::string error_text(const Failure& failure, const Style& style, WallTime now);

// "for the ssl stack, held by ssl0, for 40 s"; empty where `waiting_for` is no object.
std::string waiting_text(const json& waiting_for, WallTime now);

// One line for lists: the message, with the kind where the message does not say it.
std::string error_line(const json& error);

}  // namespace sim52xx::ctl
