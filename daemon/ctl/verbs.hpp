// The verbs: each adds itself to the command line, with its options and its help.
#pragma once

#include "daemon/ctl/plan.hpp"

namespace sim52xx::ctl {

void add_status(CLI::App& app, Plan& plan);
void add_version(CLI::App& app, Plan& plan);
void add_call(CLI::App& app, Plan& plan);

}  // namespace sim52xx::ctl
