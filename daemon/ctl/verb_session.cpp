// session list, close: the TLS connections behind the data sockets.
#include <chrono>

#include <CLI/CLI.hpp>

#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/status_view.hpp"
#include "daemon/ctl/verbs.hpp"

namespace sim52xx::ctl {
namespace {

struct SessionOptions {
  std::string session;
};

Outcome<void> list(const Globals& globals, const SessionOptions&) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  const auto status = client->call("status");
  if (!status) return status.error();
  const json& sessions = member(*status, "sessions");
  if (globals.json)
    print_json(sessions);
  else
    print(sessions_view(sessions, globals.out, std::chrono::system_clock::now()));
  return {};
}

Outcome<void> close(const Globals& globals, const SessionOptions& options) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  const bool number = options.session == "0" || options.session == "1";
  const json session = number ? json(options.session == "1" ? 1 : 0) : json(options.session);
  const auto result = client->call("session.close", {{"session", session}});
  if (!result) return result.error();
  if (globals.json) print_json(*result);
  return {};
}

}  // namespace

void add_session(CLI::App& app, Plan& plan) {
  CLI::App* family = app.add_subcommand("session", "TLS sessions: list, close");
  family->require_subcommand(1);
  CLI::App* verb = family->add_subcommand("list", "Every socket and its session");
  verb->footer(
      R"(Example:
  sim52xxctl session list --json | jq '.[] | select(.state == "open")')");
  verb->callback(doing(plan, std::make_shared<SessionOptions>(), list));

  const auto options = std::make_shared<SessionOptions>();
  verb = family->add_subcommand("close", "End a session (admin)");
  verb->footer(
      R"(Its client sees the connection reset, and `last_error` says that an admin did it.

Examples:
  sim52xxctl session close ssl0
  sim52xxctl session close 1          whoever has the modem's session 1)");
  verb->add_option("SESSION", options->session, "0, 1, or the name of a socket or a job")
      ->required()
      ->type_name("");
  verb->callback(doing(plan, options, close));
}

}  // namespace sim52xx::ctl
