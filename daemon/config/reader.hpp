// Reads the configuration: the main file, then conf.d/*.toml beside it in order of name; later
// wins per key. Every problem of every file is told, as "FILE:LINE:COL: section.key: found ...,
// allowed ...", not just the first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/config/keys.hpp"

namespace sim52xx::daemon::config {

struct Origin {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Setting {
  Value value;
  Origin origin;
};

// What the files set in one section.
struct SectionSettings {
  Origin origin;                                       // of its first header
  std::map<std::string, Setting, std::less<>> values;  // by key
};

// By path: "modem", "endpoint.cloud".
using Settings = std::map<std::string, SectionSettings, std::less<>>;

struct Source {
  std::string name;  // as shown in messages
  std::string text;
};

struct Loaded {
  Config config;      // meaningful only without problems
  Settings settings;  // what of it comes from where
  std::vector<std::string> problems;
  std::vector<std::string> warnings;  // odd, but not wrong

  [[nodiscard]] bool ok() const { return problems.empty(); }
};

// Reads texts, later ones win. Pure.
Loaded load(const std::vector<Source>& sources);

// Reads the main file and its drop-ins.
Loaded load(const std::filesystem::path& main_file);

// The effective configuration as TOML that reads back as the same, each value with its origin.
std::string print_config(const Config& config, const Settings& settings);

}  // namespace sim52xx::daemon::config
