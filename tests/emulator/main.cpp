// sim52xx-sim: a SIM52xx modem on a pseudo terminal, with real TLS towards the world.
#include <algorithm>
#include <csignal>
#include <iostream>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include <CLI/CLI.hpp>

#include "tests/emulator/io/control.hpp"
#include "tests/emulator/io/emulator.hpp"
#include "tests/emulator/io/log.hpp"
#include "tests/emulator/io/replayer.hpp"
#include "tests/emulator/io/script.hpp"

namespace {

using namespace sim52xx::sim;
using Target = std::pair<std::string, std::uint16_t>;

Target split_target(const std::string& text, const std::string& whole) {
  const auto colon = text.rfind(':');
  int port = 0;
  if (colon != std::string::npos && colon > 0) {
    try {
      port = std::stoi(text.substr(colon + 1));
    } catch (const std::exception&) {
      port = 0;
    }
  }
  if (port < 1 || port > 65535)
    throw CLI::ValidationError("--map", "\"" + whole + "\" is not HOST:PORT=ADDR:PORT");
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  return {host, static_cast<std::uint16_t>(port)};
}

void add_map(OutsideOptions& outside, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) split_target("", text);
  outside.map[split_target(text.substr(0, equals), text)] =
      split_target(text.substr(equals + 1), text);
}

std::string padded(std::string_view name) {
  std::string text(name);
  text.resize(std::max<std::size_t>(text.size() + 1, 30), ' ');
  return text;
}

// What it is, and where it connects to.
void declare_modem(CLI::App& app, Options& options, std::vector<std::string>& maps) {
  app.add_option("--link", options.link, "Symbolic link to make to the pty")
      ->type_name("PATH")
      ->required();
  app.add_option("--profile", options.profile, "Firmware to be")
      ->type_name("NAME")
      ->check(CLI::IsMember({"sim52xx"}))
      ->capture_default_str();
  app.add_option("--ca", options.outside.ca_file, "Certificates to trust; without it: none")
      ->type_name("FILE");
  app.add_option("--crl", options.outside.crl_file, "Revocation list")->type_name("FILE");
  app.add_option("--map", maps, "Connect to ADDR:PORT when asked for HOST:PORT")
      ->type_name("HOST:PORT=ADDR:PORT");
  app.add_option("--tls-max", options.outside.tls_max, "Highest TLS version")
      ->type_name("VERSION")
      ->check(CLI::IsMember({"1.0", "1.1", "1.2", "1.3"}))
      ->capture_default_str();
  app.add_option("--efs", options.efs, "Directory that is the modem's file system")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory.description(""));
}

// What happens to it, and at which speed.
void declare_play(CLI::App& app, Options& options) {
  app.add_option("--baud", options.baud,
                 "Pace both directions like a UART, of at most 4000000; 0: do not")
      ->type_name("BAUD")
      ->check(CLI::Range(0, 4000000).description(""));
  app.add_option("--time-scale", options.settings.time_scale,
                 "Multiply every duration of the modem (0.1: ten times faster), by 0.0001 to 1000")
      ->type_name("FACTOR")
      ->check(CLI::Range(0.0001, 1000.0).description(""))
      ->capture_default_str();
  app.add_option("--control", options.control, "Unix socket for JSON commands")->type_name("PATH");
  app.add_option("--script", options.script,
                 "What happens when: lines of --control with \"at\", seconds")
      ->type_name("FILE")
      ->check(CLI::ExistingFile.description(""));
  CLI::Option* replay =
      app.add_option("--replay", options.replay,
                     "Be the modem of a trace (sim52xxctl trace save), and nothing else")
          ->type_name("FILE")
          ->check(CLI::ExistingFile.description(""))
          ->excludes("--script")
          ->excludes("--control");
  app.add_flag("--no-pauses", options.no_pauses, "With --replay: without the pauses of the trace")
      ->needs(replay);
  app.add_option("--log", options.log, "File for every line that passes the port")
      ->type_name("FILE");
}

// What --control understands, from its own tables.
std::string control_help() {
  std::string text = "On --control, one JSON object a line, {\"cmd\":NAME, ...}:\n";
  for (const auto& [name, help] : control_commands())
    text += "  " + padded(name) + std::string(help) + "\n";
  text += "Knobs of \"set\", with their defaults:\n";
  const Settings defaults;
  for (const Knob& knob : knobs()) {
    const auto value = get(knob, defaults);
    const auto shown = std::visit(
        [](const auto& plain) -> std::string {
          using Plain = std::decay_t<decltype(plain)>;
          if constexpr (std::is_same_v<Plain, std::string>) return "\"" + plain + "\"";
          if constexpr (std::is_same_v<Plain, bool>) return plain ? "true" : "false";
          if constexpr (std::is_same_v<Plain, int>) return std::to_string(plain);
        },
        value);
    text += "  " + padded(std::string(knob.name) + "=" + shown) + std::string(knob.help);
    if (!knob.choices.empty()) text += " (" + std::string(knob.choices) + ")";
    text += "\n";
  }
  return text;
}

// 0: the whole of the trace was played.
int replay(const Options& options) {
  boost::asio::io_context io(1);
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  Replayer replayer(io, options.replay, options.link,
                    options.no_pauses ? 0.0 : options.settings.time_scale);
  signals.async_wait([&io](const error_code& failure, int) {
    if (!failure) io.stop();
  });
  std::cout << replayer.port_name() << std::endl;
  io.run();
  return replayer.played() ? 0 : 1;
}

// The list of faults, which the fault matrix plays.
void show_faults() {
  for (const FaultRow& row : fault_list()) {
    std::string text = padded(std::string(row.name) + " (" + std::string(name(row.step)) + ")") +
                       std::string(row.help);
    if (row.at) text += "; takes \"at\"";
    if (row.seconds > 0) text += "; takes \"seconds\"";
    std::cout << text << "\n";
  }
}

int run(Options options) {
  if (options.baud > 0) options.settings.rate = std::to_string(options.baud);
  boost::asio::io_context io(1);
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  Emulator emulator(io, options);
  std::optional<Script> script;
  if (!options.script.empty())
    script.emplace(io, emulator, options.script, options.settings.time_scale);
  signals.async_wait([&io](const error_code& failure, int) {
    if (!failure) io.stop();
  });
  if (options.outside.tls_max == "1.3" || options.outside.tls_max == "1.2")
    say("TLS up to " + options.outside.tls_max + "; real hardware stops at TLS 1.0 (--tls-max)");
  if (options.outside.ca_file.empty()) say("no --ca: every certificate raises an alert");
  std::cout << emulator.port_name() << std::endl;
  io.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  std::vector<std::string> maps;
  CLI::App app("SIM52xx modem emulator: AT commands on a pseudo terminal, real TLS outwards",
               "sim52xx-sim");
  app.set_version_flag("--version", "sim52xx-sim " SIM52XX_VERSION);
  declare_modem(app, options, maps);
  declare_play(app, options);
  app.footer(control_help);
  app.add_flag_callback(
      "--list-faults",
      [] {
        show_faults();
        throw CLI::Success();
      },
      "What \"fault\" of --control can do at a step of the dialogue; then ends");
  try {
    app.parse(argc, argv);
    for (const auto& map : maps)
      add_map(options.outside, map);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  try {
    if (!options.replay.empty()) return replay(options);
    return run(std::move(options));
  } catch (const std::exception& problem) {
    say(problem.what());
    return 1;
  }
}
