// monitor: what happens in the daemon, as it happens.
#include <chrono>
#include <thread>

#include <CLI/CLI.hpp>

#include "daemon/ctl/event_line.hpp"
#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/verbs.hpp"

namespace sim52xx::ctl {
namespace {

struct MonitorOptions {
  std::vector<std::string> topics;
  std::uint64_t count = 0;  // of events; 0: for ever
  bool snapshot = false;
  bool retry = false;
};

class Monitor {
 public:
  Monitor(const Globals& globals, const MonitorOptions& options)
      : globals_(globals), options_(options) {}

  Outcome<void> run();

 private:
  Outcome<void> watch();
  Outcome<void> show(const json& event);
  void say(std::string_view words) const;
  [[nodiscard]] bool enough() const { return options_.count > 0 && seen_ >= options_.count; }

  const Globals& globals_;
  const MonitorOptions& options_;
  std::uint64_t seen_ = 0;
};

Outcome<void> Monitor::run() {
  bool told = false;
  while (true) {
    auto watched = watch();
    const bool absent = !watched && watched.error().exit == Exit::absent;
    if (watched || !options_.retry || !absent) return watched;
    if (!told || seen_ > 0) say(watched.error().message + "; waiting for it");
    told = true;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

// Until the connection ends, or enough was seen.
Outcome<void> Monitor::watch() {
  auto client = Client::connect(globals_.socket);
  if (!client) return client.error();
  json params = json::object();
  if (!options_.topics.empty()) params["topics"] = options_.topics;
  if (options_.snapshot) params["snapshot"] = true;
  const auto request = client->send("events.subscribe", std::move(params));
  if (!request) return request.error();
  while (!enough()) {
    auto message = client->wait(Client::forever);
    if (!message) return message.error();
    if (Client::answers(**message, *request)) {
      const auto subscribed = Client::result_of(std::move(**message));
      if (!subscribed) return subscribed.error();
      const json& snapshot = member(*subscribed, "snapshot");
      if (globals_.json && !snapshot.is_null()) print_json(snapshot);
      if (!globals_.json) say("watching; Ctrl-C ends it");
    } else if (auto shown = show(member(**message, "params")); !shown) {
      return shown;
    }
  }
  return {};
}

Outcome<void> Monitor::show(const json& event) {
  ++seen_;
  if (globals_.json)
    print_json(event);
  else
    print(event_line(event, globals_.out, std::chrono::system_clock::now()) + "\n");
  return flush();
}

void Monitor::say(std::string_view words) const {
  const std::string line = globals_.err.paint(words, Ink::dim) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

Outcome<void> run(const Globals& globals, const MonitorOptions& options) {
  return Monitor(globals, options).run();
}

}  // namespace

void add_monitor(CLI::App& app, Plan& plan) {
  const auto options = std::make_shared<MonitorOptions>();
  CLI::App* verb = app.add_subcommand("monitor", "Watch what happens, a line per event");
  verb->footer(
      R"(Topics: modem (found, registered, lost, rebooted), session (opening, open, alerts, ends),
arbiter (who gets the modem, who waits for whom), job (states and progress), config, daemon, urc
(what the modem said that nobody knows). Times are local; --json has them in UTC.

Examples:
  sim52xxctl monitor
  sim52xxctl monitor --topics modem,session
  sim52xxctl monitor --json --retry >>events.json
  sim52xxctl monitor -n 1 --topics modem     until something happens to it)");
  verb->add_option("-t,--topics", options->topics, "Only these")
      ->type_name("TOPIC,...")
      ->delimiter(',');
  verb->add_option("-n,--count", options->count, "End after so many events")->type_name("N");
  verb->add_flag("--snapshot", options->snapshot, "Begin with what is now");
  verb->add_flag("--retry", options->retry, "When the daemon goes away, wait until it is back");
  verb->callback(doing(plan, options, run));
}

}  // namespace sim52xx::ctl
