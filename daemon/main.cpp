// sim52xxd: arguments, configuration, exit codes; the daemon itself is in daemon.hpp.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <utility>
#include <variant>

#include <unistd.h>

#include <spdlog/spdlog.h>

#include "daemon/config/reader.hpp"
#include "daemon/daemon.hpp"
#include "daemon/system/log.hpp"
#include "daemon/system/options.hpp"

namespace sim52xx::daemon {
namespace {

int exit_with(ExitCode code) {
  return static_cast<int>(code);
}

int show_config(const Options& options, const config::Loaded& loaded) {
  if (options.action == Options::Action::print_config)
    std::cout << config::print_config(loaded.config, loaded.settings);
  else
    std::cout << options.config.string() << ": ok\n";
  std::cout.flush();
  return exit_with(std::cout ? ExitCode::ok : ExitCode::failed);
}

// For sim52xx-reset@.service: the command runs with the rights of whoever calls, not with the daemon's.
int reset_modem(const config::Modem& modem) {
  if (modem.reset_command.empty()) {
    std::cerr << "modem.reset_command is not set\n";
    return exit_with(ExitCode::failed);
  }
  ::setenv("SIM52XX_DEVICE", modem.device.c_str(), 1);
  ::execl("/bin/sh", "sh", "-c", modem.reset_command.c_str(), nullptr);
  std::cerr << "/bin/sh: " << std::strerror(errno) << "\n";
  return exit_with(ExitCode::failed);
}

int start(const Options& options) {
  config::Loaded loaded = config::load(options.config);
  if (options.action == Options::Action::run) {
    set_up_log(options.log_level, options.foreground ? LogFormat::terminal : log_format());
    for (const std::string& warning : loaded.warnings)
      spdlog::warn("{}", warning);
    for (const std::string& problem : loaded.problems)
      spdlog::error("{}", problem);
  } else {
    for (const std::string& warning : loaded.warnings)
      std::cerr << "warning: " << warning << "\n";
    for (const std::string& problem : loaded.problems)
      std::cerr << problem << "\n";
  }
  const bool run_it = options.action == Options::Action::run;
  if (!loaded.ok()) return exit_with(run_it ? ExitCode::bad_config : ExitCode::failed);
  if (options.action == Options::Action::reset_modem) return reset_modem(loaded.config.modem);
  if (!run_it) return show_config(options, loaded);
  return run(options, std::move(loaded.config));
}

}  // namespace
}  // namespace sim52xx::daemon

int main(int argc, char** argv) {
  using namespace sim52xx::daemon;
  const std::variant<Options, ExitCode> parsed = parse_options(argc, argv);
  if (const auto* code = std::get_if<ExitCode>(&parsed)) return exit_with(*code);
  return start(std::get<Options>(parsed));
}
