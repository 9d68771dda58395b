#include "daemon/ctl/command_line.hpp"

#include <CLI/CLI.hpp>

#include "daemon/ctl/help.hpp"
#include "daemon/ctl/verbs.hpp"
#include "daemon/system/version.hpp"

namespace sim52xx::ctl {
namespace {

constexpr const char* footer =
    "Each verb has a --help of its own.\n\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no daemon, 4 not permitted, 5 busy,\n"
    "            6 TLS refused, 7 timeout, 130 Ctrl-C\n\n"
    "Environment: SIM52XX_SOCKET the control socket; NO_COLOR no colours";

void add_globals(CLI::App& app, Globals& globals) {
  app.add_option("--socket", globals.socket, "The daemon's control socket")
      ->type_name("PATH")
      ->envname("SIM52XX_SOCKET")
      ->capture_default_str();
  app.add_flag("-j,--json", globals.json,
               "Print results, and errors on standard error, as the daemon's JSON");
}

}  // namespace

std::variant<std::monostate, Exit> parse(int argc, const char* const* argv, Plan& plan) {
  CLI::App app("Talks to sim52xxd, the daemon of a SIM52xx modem", "sim52xxctl");
  app.footer(footer);
  app.set_version_flag("--version", "sim52xxctl " + std::string(daemon::version));
  app.formatter(help_formatter());
  app.failure_message(mistake_text);
  app.fallthrough();
  app.require_subcommand(1);
  add_globals(app, plan.globals);
  for (const auto add : {add_status, add_monitor, add_https, add_ftps, add_job, add_session,
                         add_modem, add_admin, add_call, add_version})
    add(app, plan);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? Exit::ok : Exit::usage;
  }
  return std::monostate();
}

}  // namespace sim52xx::ctl
