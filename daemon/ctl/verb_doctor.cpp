// doctor: what is wrong between an application and the modem's TLS, and what to do about it.
#include <CLI/CLI.hpp>

#include "daemon/ctl/doctor/check.hpp"
#include "daemon/ctl/doctor/gather.hpp"
#include "daemon/ctl/doctor/report.hpp"
#include "daemon/ctl/units.hpp"
#include "daemon/ctl/verbs.hpp"

namespace sim52xx::ctl {
namespace {

struct DoctorOptions {
  std::string config = "/etc/sim52xx/sim52xxd.toml";
  bool no_connect = false;
  double wait = 60;
};

Outcome<void> run(const Globals& globals, const DoctorOptions& options) {
  const doctor::Tries tries{!options.no_connect, options.wait};
  const json facts = doctor::gather(globals.socket, options.config, tries);
  const auto answers = doctor::examine(facts);
  const std::string found = doctor::summary(answers);
  if (globals.json) {
    json report = doctor::report(answers);
    report["facts"] = facts;
    print_json(report);
  } else {
    print(doctor::page(answers, globals.out));
  }
  if (!doctor::healthy(answers)) return Failure(Exit::failed, found);
  if (!globals.json) print(found.empty() ? "all is well\n" : "all is well but for " + found + "\n");
  return {};
}

}  // namespace

void add_doctor(CLI::App& app, Plan& plan) {
  const auto options = std::make_shared<DoctorOptions>();
  CLI::App* verb = app.add_subcommand("doctor", "Find out what is wrong, and what to do about it");
  verb->footer(
      R"(Looks at the daemon and its configuration, the port and who else uses it, ModemManager, the modem,
its SIM, access point, network, signal and clock. At the end it opens a TLS session at every socket
that nobody uses, as an application would. It changes nothing. As root it sees more.

Exit codes: 0 all is well (there may be warnings), 1 there are problems. With --json the facts are
printed along: send them with a report, after a look at what they tell about you (IMEI, host names).

Examples:
  sim52xxctl doctor
  sim52xxctl doctor --no-connect     no traffic
  sim52xxctl doctor --json | jq -r '.checks[] | select(.verdict == "problem") | .remedies[]')");
  verb->add_option("--config", options->config, "Where to look while there is no daemon to ask")
      ->type_name("FILE")
      ->capture_default_str();
  verb->add_flag("--no-connect", options->no_connect, "Open no TLS session");
  verb->add_option("--wait", options->wait, "How long each TLS session may take to open (60)")
      ->type_name("SECONDS")
      ->check(check_seconds);
  verb->callback(doing(plan, options, run));
}

}  // namespace sim52xx::ctl
