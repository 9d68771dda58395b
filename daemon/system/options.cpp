#include "daemon/system/options.hpp"

#include <cstdlib>
#include <iostream>
#include <string_view>

#include <CLI/CLI.hpp>

#include "daemon/system/log.hpp"
#include "daemon/system/version.hpp"

namespace sim52xx::daemon {
namespace {

// Under systemd $RUNTIME_DIRECTORY names it; of several the first is ours.
std::string default_runtime_dir() {
  const char* given = std::getenv("RUNTIME_DIRECTORY");
  const std::string_view list = given == nullptr ? std::string_view() : given;
  const std::string_view first = list.substr(0, list.find(':'));
  return first.empty() ? "/run/sim52xx" : std::string(first);
}

}  // namespace

std::variant<Options, ExitCode> parse_options(int argc, const char* const* argv) {
  Options options;
  std::string config = options.config;
  std::string runtime_dir = default_runtime_dir();
  std::string level = "info";
  bool check = false;
  bool print = false;
  bool reset = false;

  CLI::App app("Offers the TLS of a SIM52xx modem as local sockets.", "sim52xxd");
  app.footer(
      "Exit codes: 0 stopped when told to, or nothing wrong; 1 failed; 2 wrong usage; 78 the\n"
      "configuration is wrong. More: sim52xxd(8); the configuration: sim52xxd.toml(5).");
  app.set_version_flag("--version", "sim52xxd " + std::string(version));
  app.add_option("--config", config, "Configuration file; conf.d/*.toml beside it is read, too")
      ->type_name("FILE")
      ->capture_default_str();
  auto* check_flag =
      app.add_flag("--check-config", check, "Say what is wrong with the configuration and exit");
  auto* print_flag =
      app.add_flag("--print-config", print, "Print the configuration with all defaults and exit")
          ->excludes(check_flag);
  app.add_flag("--reset-modem", reset, "Become the configuration's reset_command")
      ->excludes(check_flag)
      ->excludes(print_flag);
  app.add_option("--runtime-dir", runtime_dir, "Where the sockets are")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_flag("--foreground", options.foreground, "Log for a terminal, with times and levels");
  app.add_option("--log-level", level, "What to log")
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? ExitCode::ok : ExitCode::usage;
  }
  options.config = config;
  options.runtime_dir = runtime_dir;
  options.log_level = *log_level(level);
  if (check) options.action = Options::Action::check_config;
  if (print) options.action = Options::Action::print_config;
  if (reset) options.action = Options::Action::reset_modem;
  return options;
}

}  // namespace sim52xx::daemon
