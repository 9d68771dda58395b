// reload, metrics, trace: the daemon itself.
#include <poll.h>

#include <CLI/CLI.hpp>

#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/interrupts.hpp"
#include "daemon/ctl/labels.hpp"
#include "daemon/ctl/output.hpp"
#include "daemon/ctl/units.hpp"
#include "daemon/ctl/verbs.hpp"

namespace sim52xx::ctl {
namespace {

constexpr std::size_t trace_most = std::size_t{8} * 1024 * 1024;  // more than the daemon keeps

struct AdminOptions {
  std::string file = "-";
  std::optional<double> record;  // seconds
  bool payload = false;
};

std::string list_text(const json& list) {
  Phrase words;
  if (list.is_array())
    for (const json& entry : list)
      words.add(plain(entry));
  return words.text();
}

Outcome<void> reload(const Globals& globals, const AdminOptions&) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  const auto result = client->call("config.reload");
  if (!result) return result.error();
  if (globals.json) {
    print_json(*result);
    return {};
  }
  const std::string applied = list_text(member(*result, "applied"));
  const std::string restart = list_text(member(*result, "needs_restart"));
  Labels page(globals.out);
  page.add("Applied", applied);
  page.add("Not yet", restart.empty() ? "" : restart + " (systemctl restart sim52xxd)");
  if (applied.empty() && restart.empty()) page.add("Applied", "nothing: nothing has changed");
  print(page.text());
  return {};
}

Outcome<void> metrics(const Globals& globals, const AdminOptions&) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  const auto result = client->call("metrics");
  if (!result) return result.error();
  if (globals.json || !result->is_string())
    print_json(*result);
  else
    print(result->get<std::string>());
  return {};
}

Outcome<void> start_trace(const Globals& globals, const AdminOptions& options) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  json parameters = json::object();
  if (options.payload) parameters["payload"] = true;
  const auto result = client->call("trace.start", parameters);
  if (!result) return result.error();
  if (globals.json) print_json(*result);
  return {};
}

void say(const std::string& words) {
  std::fwrite(words.data(), 1, words.size(), stderr);
}

// Ends it and writes it down.
Outcome<void> stop_trace(const Globals& globals, const AdminOptions& options) {
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  const auto result = client->call("trace.stop");
  if (!result) return result.error();
  if (globals.json) {
    print_json(*result);
    return {};
  }
  auto output = Output::open(options.file, Output::When::held);
  if (!output) return output.error();
  const json& trace = member(*result, "trace");
  if (auto kept = output->keep(trace.is_string() ? trace.get<std::string>() : ""); !kept)
    return kept;
  if (member(*result, "truncated") == true)
    say(R"(the beginning of the trace is lost: it was long
)");
  return {};
}

// From now on, until the time is up or Ctrl-C.
Outcome<void> record_trace(const Globals& globals, const AdminOptions& options) {
  const Interrupts interrupts;
  if (auto started = start_trace(globals, options); !started) return started;
  if (globals.err.coloured()) say("tracing; Ctrl-C ends it and writes " + options.file + "\n");
  pollfd look{interrupts.fd(), POLLIN, 0};
  ::poll(&look, 1, static_cast<int>(*options.record * 1000));
  return stop_trace(globals, options);
}

// What the daemon has kept until now. While it is got more may come: that is left out.
Outcome<void> save_trace(const Globals& globals, const AdminOptions& options) {
  if (options.record) return record_trace(globals, options);
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  std::string text;
  json parameters = json::object();
  for (bool more = true; more && text.size() < trace_most;) {
    const auto page = client->call("trace.get", parameters);
    if (!page) return page.error();
    const json& part = member(*page, "trace");
    text += part.is_string() ? part.get<std::string>() : "";
    more = member(*page, "more") == true;
    parameters["from"] = member(*page, "next");
  }
  auto output = Output::open(options.file, Output::When::held);
  if (!output) return output.error();
  return output->keep(text);
}

void add_trace(CLI::App& app, Plan& plan) {
  CLI::App* family =
      app.add_subcommand("trace", "What goes over the serial line: start, stop, save");
  family->require_subcommand(1);
  family->footer(
      R"(The daemon always keeps the last 256 KiB of what has passed the serial line: the modem's dialogue
with times, passwords masked, and of payloads only their length, how they end, and what the modem
says in them. save writes it down, to be read, sent along with a report, or played again by
sim52xx-sim --replay. start and stop are for a part of it, and for payloads.

Examples:
  sim52xxctl trace save failure.trace
  sim52xxctl trace save test.trace --for 60 --payload)");
  const auto payload = [](CLI::App* to, const std::shared_ptr<AdminOptions>& options) {
    to->add_flag("--payload", options->payload,
                 "Keep payloads as they are meanwhile, but for headers with credentials");
  };
  CLI::App* verb = family->add_subcommand("start", "Mark where trace stop begins (admin)");
  const auto begin = std::make_shared<AdminOptions>();
  payload(verb, begin);
  verb->callback(doing(plan, begin, start_trace));

  verb = family->add_subcommand("stop", "Print what has come since trace start (admin)");
  verb->callback(doing(plan, std::make_shared<AdminOptions>(), stop_trace));

  const auto options = std::make_shared<AdminOptions>();
  verb = family->add_subcommand("save", "Write what the daemon has kept into a file (admin)");
  verb->add_option("FILE", options->file, "Where it goes; - is standard output")
      ->required()
      ->type_name("");
  CLI::Option* record = verb->add_option("--for", options->record,
                                         "Only what comes from now on, for so long or until Ctrl-C")
                            ->type_name("SECONDS")
                            ->check(check_seconds);
  payload(verb, options);
  verb->get_option("--payload")->needs(record);
  verb->callback(doing(plan, options, save_trace));
}

}  // namespace

void add_admin(CLI::App& app, Plan& plan) {
  CLI::App* verb = app.add_subcommand("reload", "Apply the changed configuration (admin)");
  verb->footer(
      R"(The same as systemctl reload sim52xxd, and tells what came of it: which keys are in force now,
and which ones need a restart. Where anything is wrong in the files nothing changes.

Example:
  sim52xxd --check-config && sim52xxctl reload)");
  verb->callback(doing(plan, std::make_shared<AdminOptions>(), reload));

  verb = app.add_subcommand("metrics", "Counters for Prometheus");
  verb->footer(
      R"(Example, for the textfile collector of node_exporter:
  cd /var/lib/prometheus/node-exporter &&
      sim52xxctl metrics >sim52xx.new && mv sim52xx.new sim52xx.prom)");
  verb->callback(doing(plan, std::make_shared<AdminOptions>(), metrics));
  add_trace(app, plan);
}

}  // namespace sim52xx::ctl
