// at, reset: an admin's own words to the modem.
#include <CLI/CLI.hpp>

#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/units.hpp"
#include "daemon/ctl/verbs.hpp"

namespace sim52xx::ctl {
namespace {

struct ModemOptions {
  std::vector<std::string> command;
  std::optional<double> timeout;
};

constexpr double usual_timeout = 30;
constexpr double grace = 150;  // the daemon may have to wait for its turn at the modem

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) {
    if (!all.empty()) all += ' ';
    all += word;
  }
  return all;
}

Outcome<void> command(const Globals& globals, const ModemOptions& options) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  json params = {{"command", joined(options.command)}};
  if (options.timeout) params["timeout"] = *options.timeout;
  const auto limit = Client::Seconds(options.timeout.value_or(usual_timeout) + grace);
  const auto result = client->call("modem.command", std::move(params), limit);
  if (!result) return result.error();
  const std::string final = text(*result, "final");
  if (globals.json) {
    print_json(*result);
  } else {
    const json& lines = member(*result, "lines");
    if (lines.is_array())
      for (const json& line : lines)
        print(plain(line) + "\n");
    print(final + "\n");
  }
  if (final == "OK" || final.empty()) return {};
  return Failure(Exit::failed, "the modem answered " + final);
}

Outcome<void> reset(const Globals& globals, const ModemOptions&) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  const auto result = client->call("modem.reset", json::object(), Client::forever);
  if (!result) return result.error();
  if (globals.json)
    print_json(*result);
  else
    print(R"(the modem restarts; watch it: sim52xxctl monitor --topics modem
)");
  return {};
}

}  // namespace

void add_modem(CLI::App& app, Plan& plan) {
  const auto options = std::make_shared<ModemOptions>();
  CLI::App* verb = app.add_subcommand("at", "Send the modem an AT command (admin)");
  verb->footer(
      R"(Prints the modem's lines and its final OK or ERROR; the exit code is 0 for OK. What would break
the daemon's own dialogue is refused (CSSL, CHTTPS, CFTPS, D, O, Z, E, ...), and so is what
conflicts with a stack that is in use (TCP/IP, MMS, GPS, HTTP, FTP): the answer says who has it.

Examples:
  sim52xxctl at AT+CSQ
  sim52xxctl at AT+COPS=? -m 180
  sim52xxctl at --json AT+CREG? | jq -r .lines[0])");
  verb->add_option("COMMAND", options->command, "As typed; quote what the shell would take")
      ->required()
      ->type_name("");
  verb->add_option("-m,--max-time", options->timeout, "How long the modem may take (30)")
      ->type_name("SECONDS")
      ->check(check_seconds);
  verb->callback(doing(plan, options, command));

  verb = app.add_subcommand("reset", "Restart the modem (admin)");
  verb->footer(
      R"(All sessions and jobs that use it end. The daemon brings it up again by itself.

Example:
  sim52xxctl reset && sim52xxctl monitor --topics modem)");
  verb->callback(doing(plan, std::make_shared<ModemOptions>(), reset));
}

}  // namespace sim52xx::ctl
