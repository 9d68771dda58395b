// The verbs: each adds itself to the command line, with its options and its help.
#pragma once

#include "daemon/ctl/plan.hpp"

namespace sim52xx::ctl {

void add_status(CLI::App& app, Plan& plan);
void add_monitor(CLI::App& app, Plan& plan);
void add_https(CLI::App& app, Plan& plan);
void add_ftps(CLI::App& app, Plan& plan);
void add_job(CLI::App& app, Plan& plan);
void add_session(CLI::App& app, Plan& plan);
void add_modem(CLI::App& app, Plan& plan);  // at, reset
void add_admin(CLI::App& app, Plan& plan);  // reload, metrics, trace
void add_call(CLI::App& app, Plan& plan);
void add_version(CLI::App& app, Plan& plan);

}  // namespace sim52xx::ctl
