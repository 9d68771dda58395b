// The command line of sim52xxd.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include <spdlog/common.h>

namespace sim52xx::daemon {

// bad_config is EX_CONFIG: systemd does not try again with the same configuration.
enum class ExitCode : int { ok = 0, failed = 1, usage = 2, bad_config = 78 };

struct Options {
  enum class Action : std::uint8_t { run, check_config, print_config, reset_modem };

  std::filesystem::path config = "/etc/sim52xx/sim52xxd.toml";
  std::filesystem::path runtime_dir;  // for sockets and markers
  Action action = Action::run;
  bool foreground = false;  // log for a terminal even under systemd
  spdlog::level::level_enum log_level = spdlog::level::info;
};

// Reads the arguments; where they ask for nothing more than a text (--help, --version, a mistake),
// it is printed and the exit code returned.
std::variant<Options, ExitCode> parse_options(int argc, const char* const* argv);

}  // namespace sim52xx::daemon
