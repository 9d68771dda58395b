// status: one look at everything, or looks in turn with --watch.
#include <chrono>
#include <optional>
#include <thread>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "daemon/ctl/status_view.hpp"
#include "daemon/ctl/verbs.hpp"

namespace sim52xx::ctl {
namespace {

struct StatusOptions {
  std::optional<double> watch;  // seconds between looks
};

constexpr const char* home_and_clear = "\x1b[H\x1b[J";

Outcome<void> show(const Globals& globals, Client& client, bool clear) {
  const auto status = client.call("status");
  if (!status) return status.error();
  if (globals.json) {
    print_json(*status);
  } else {
    const std::string page = status_view(*status, globals.out, std::chrono::system_clock::now());
    print(clear ? home_and_clear + page : page);
  }
  return flush();
}

Outcome<void> run(const Globals& globals, const StatusOptions& options) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  if (!options.watch) return show(globals, *client, false);
  const bool clear = !globals.json && ::isatty(STDOUT_FILENO) == 1;
  while (true) {
    if (auto shown = show(globals, *client, clear); !shown) return shown;
    std::this_thread::sleep_for(std::chrono::duration<double>(*options.watch));
  }
}

}  // namespace

void add_status(CLI::App& app, Plan& plan) {
  const auto options = std::make_shared<StatusOptions>();
  CLI::App* verb = app.add_subcommand("status", "Show the modem, its network, sockets and jobs");
  verb->footer(
      R"(What is shown: the state of the daemon; the modem, its network and signal; which of the modem's
stacks is in use, by whom, and who waits for it; every socket with its session; jobs. What there
is not is left out: --json shows every field.

Examples:
  sim52xxctl status
  sim52xxctl status --watch          once a second, until Ctrl-C
  sim52xxctl status --json | jq .modem.signal_dbm)");
  verb->add_option("-w,--watch", options->watch, "Look again every so many seconds")
      ->type_name("SECONDS")
      ->expected(0, 1)
      ->default_str("1")
      ->check(CLI::Range(0.1, 86400.0).description(""));
  verb->callback(doing(plan, options, run));
}

}  // namespace sim52xx::ctl
