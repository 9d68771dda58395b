// version: of this program and of the daemon it talks to.
#include <CLI/CLI.hpp>

#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/labels.hpp"
#include "daemon/ctl/verbs.hpp"
#include "daemon/system/version.hpp"

namespace sim52xx::ctl {
namespace {

struct VersionOptions {};

std::string daemon_text(const json& version) {
  const json& api = member(version, "api");
  return Phrase()
      .add(text(version, "daemon"))
      .add("control protocol ", text(api, "major"), "." + text(api, "minor"))
      .add("profile ", text(version, "profile"))
      .text();
}

std::string capabilities_text(const json& version) {
  Phrase words;
  const json& list = member(version, "capabilities");
  if (list.is_array())
    for (const json& entry : list)
      words.add(plain(entry));
  return words.text();
}

Outcome<void> run(const Globals& globals, const VersionOptions&) {
  Labels page(globals.out);
  page.add("sim52xxctl", " " + std::string(daemon::version));
  if (!globals.json) print(page.text());
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  const auto version = client->call("version");
  if (!version) return version.error();
  if (globals.json) {
    json all = *version;
    all["ctl"] = daemon::version;
    print_json(all);
    return {};
  }
  Labels rest(globals.out);
  rest.add("sim52xxd", " " + daemon_text(*version));
  rest.add("", " " + capabilities_text(*version));
  print(rest.text());
  return {};
}

}  // namespace

void add_version(CLI::App& app, Plan& plan) {
  CLI::App* verb =
      app.add_subcommand("version", "Show the versions of this program and the daemon");
  verb->footer(
      R"(The second line is the daemon's answer: its version, that of the control protocol, the modem's
profile, and what this modem can do. Without a daemon the exit code is 3.

Examples:
  sim52xxctl version
  sim52xxctl --version               of this program only, asks nobody)");
  verb->callback(doing(plan, std::make_shared<VersionOptions>(), run));
}

}  // namespace sim52xx::ctl
