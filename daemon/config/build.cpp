#include "daemon/config/build.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace sim52xx::daemon::config {
namespace {

using std::string;
using std::string_view;

class Builder {
 public:
  explicit Builder(Loaded& loaded) : loaded_(loaded), config_(loaded.config) {}

  void build() {
    apply("modem", &config_.modem);
    apply("https", &config_.https);
    apply("arbiter", &config_.arbiter);
    apply("control", &config_.control);
    build_timeouts();
    one_source("apn_password");
    one_source("pin");
    build_endpoint("ssl0", "ssl0");
    build_endpoint("ssl1", "ssl1");
    constexpr string_view prefix = "endpoint.";
    for (const auto& [path, section] : loaded_.settings)
      if (path.starts_with(prefix)) build_endpoint(path, path.substr(prefix.size()));
  }

 private:
  void apply(string_view path, Target target) {
    const auto section = loaded_.settings.find(path);
    if (section == loaded_.settings.end()) return;
    const SectionRow& row = *find_section(path);
    for (const auto& [key, setting] : section->second.values)
      find_key(row, key)->set(target, setting.value);
  }

  void build_timeouts() {
    Timeouts& timeouts = config_.timeouts;
    apply("timeouts", &timeouts.common);
    timeouts.https = timeouts.ftps = timeouts.ssl = timeouts.common;
    apply("timeouts.https", &timeouts.https);
    apply("timeouts.ftps", &timeouts.ftps);
    apply("timeouts.ssl", &timeouts.ssl);
  }

  [[nodiscard]] const Setting* find(string_view path, string_view key) const {
    const auto section = loaded_.settings.find(path);
    if (section == loaded_.settings.end()) return nullptr;
    const auto setting = section->second.values.find(key);
    return setting == section->second.values.end() ? nullptr : &setting->second;
  }

  void one_source(string_view secret) {
    const string credential = string(secret) + "_credential";
    const string file = string(secret) + "_file";
    const Setting* first = find("modem", credential);
    const Setting* second = find("modem", file);
    if (first == nullptr || second == nullptr || first->value.unset || second->value.unset) return;
    loaded_.problems.push_back(at(second->origin) + "modem." + file + ": found " + credential +
                               " too, allowed is one of them");
  }

  void build_endpoint(const string& path, const string& name) {
    const auto section = loaded_.settings.find(path);
    if (section == loaded_.settings.end()) return;
    Endpoint endpoint;
    endpoint.name = name;
    if (path == "ssl0") endpoint.session = SessionChoice::zero;
    if (path == "ssl1") endpoint.session = SessionChoice::one;
    apply(path, &endpoint);
    check_transparent(path, endpoint);
    if (!endpoint.host.empty()) {
      config_.endpoints.push_back(std::move(endpoint));
    } else if (path == name) {
      if (section->second.values.empty()) return;
      loaded_.warnings.push_back(at(section->second.origin) + path +
                                 ".host: found nothing, so there is no socket " + name + ".sock");
    } else if (find(path, "host") == nullptr) {
      loaded_.problems.push_back(at(section->second.origin) + path +
                                 ".host: found nothing, allowed a host name or address");
    }
  }

  void check_transparent(const string& path, Endpoint& endpoint) {
    if (endpoint.transparent == Transparent::always && endpoint.session != SessionChoice::zero)
      loaded_.problems.push_back(
          at(find(path, "transparent")->origin) + path + ".transparent: found \"always\"" +
          (path == "ssl1" ? " for session 1" : " without session = 0") +
          ", allowed \"auto\" or \"never\": only session 0 has transparent mode");
    if (endpoint.session == SessionChoice::one) endpoint.transparent = Transparent::never;
  }

  Loaded& loaded_;
  Config& config_;
};

}  // namespace

void build(Loaded& loaded) {
  Builder(loaded).build();
}

string at(const Origin& origin) {
  return origin.file + ":" + std::to_string(origin.line) + ":" + std::to_string(origin.column) +
         ": ";
}

}  // namespace sim52xx::daemon::config
