// --print-config.
#include <algorithm>
#include <string_view>

#include "daemon/config/reader.hpp"
#include "daemon/config/value.hpp"

namespace sim52xx::daemon::config {
namespace {

using std::string;
using std::string_view;

class Printer {
 public:
  Printer(Config config, const Settings& settings)
      : config_(std::move(config)), settings_(settings) {}

  string print() {
    for (const SectionRow& section : section_rows())
      print_all(section);
    return std::move(out_);
  }

 private:
  void print_all(const SectionRow& section) {
    const string_view path = section.path;
    if (section.group == "endpoint") {
      for (Endpoint& endpoint : config_.endpoints) {
        const bool numbered = endpoint.name == "ssl0" || endpoint.name == "ssl1";
        const string own = numbered ? endpoint.name : "endpoint." + endpoint.name;
        if (numbered ? path == own : path == "endpoint.*") print_one(section, own, &endpoint);
      }
      return;
    }
    print_one(section, string(path), target(path));
  }

  Target target(string_view path) {
    if (path == "modem") return &config_.modem;
    if (path == "https") return &config_.https;
    if (path == "timeouts") return &config_.timeouts.common;
    if (path == "timeouts.https") return &config_.timeouts.https;
    if (path == "timeouts.ftps") return &config_.timeouts.ftps;
    if (path == "timeouts.ssl") return &config_.timeouts.ssl;
    if (path == "arbiter") return &config_.arbiter;
    return &config_.control;
  }

  void print_one(const SectionRow& section, const string& path, Target target) {
    out_ += (out_.empty() ? "[" : "\n[") + path + "]  # " + string(section.description) + "\n";
    for (const KeyRow& row : key_rows()) {
      if (!has_key(section, row)) continue;
      const string value = to_toml(row.get(target), row);
      const string from = origin(path, row.key);
      if (value.empty())
        out_ += "#" + string(row.key) + " =  # not set (" + from + ")\n";
      else
        out_ += string(row.key) + " = " + value + "  # " + from + "\n";
    }
  }

  [[nodiscard]] string origin(string_view path, string_view key) const {
    if (const auto section = settings_.find(path); section != settings_.end()) {
      const auto setting = section->second.values.find(key);
      if (setting != section->second.values.end()) {
        const Origin& origin = setting->second.origin;
        const string file = toml_string(origin.file);  // a file name can hold a line feed
        return file.substr(1, file.size() - 2) + ":" + std::to_string(origin.line);
      }
    }
    if (path.starts_with("timeouts.")) return "as in [timeouts]";
    return "default";
  }

  Config config_;  // a copy: the rows reach it through pointers
  const Settings& settings_;
  string out_;
};

}  // namespace

string print_config(const Config& config, const Settings& settings) {
  return Printer(config, settings).print();
}

}  // namespace sim52xx::daemon::config
