#include "daemon/config/diff.hpp"

#include <algorithm>
#include <string_view>

#include "daemon/config/keys.hpp"

namespace sim52xx::daemon::config {
namespace {

std::string section_of(const Endpoint& endpoint) {
  const bool numbered = endpoint.name == "ssl0" || endpoint.name == "ssl1";
  return numbered ? endpoint.name : "endpoint." + endpoint.name;
}

class Difference {
 public:
  Difference(Config before, Config after) : before_(std::move(before)), after_(std::move(after)) {}

  std::vector<std::string> find() {
    compare("modem", &before_.modem, &after_.modem);
    endpoints();
    compare("https", &before_.https, &after_.https);
    compare("timeouts", &before_.timeouts.common, &after_.timeouts.common);
    compare("timeouts.https", &before_.timeouts.https, &after_.timeouts.https);
    compare("timeouts.ftps", &before_.timeouts.ftps, &after_.timeouts.ftps);
    compare("timeouts.ssl", &before_.timeouts.ssl, &after_.timeouts.ssl);
    compare("arbiter", &before_.arbiter, &after_.arbiter);
    compare("control", &before_.control, &after_.control);
    return std::move(names_);
  }

 private:
  void compare(const std::string& path, Target before, Target after) {
    const SectionRow& section = *find_section(path);
    for (const KeyRow& row : key_rows())
      if (has_key(section, row) && row.get(before) != row.get(after))
        names_.push_back(path + "." + std::string(row.key));
  }

  void endpoints() {
    for (Endpoint& old : before_.endpoints) {
      Endpoint* const same = find(after_, old.name);
      if (same == nullptr)
        names_.push_back(section_of(old));
      else
        compare(section_of(old), &old, same);
    }
    for (const Endpoint& fresh : after_.endpoints)
      if (find(before_, fresh.name) == nullptr) names_.push_back(section_of(fresh));
  }

  static Endpoint* find(Config& config, std::string_view name) {
    const auto at = std::find_if(config.endpoints.begin(), config.endpoints.end(),
                                 [&](const Endpoint& each) { return each.name == name; });
    return at == config.endpoints.end() ? nullptr : &*at;
  }

  Config before_;  // copies: the rows reach them through pointers
  Config after_;
  std::vector<std::string> names_;
};

}  // namespace

std::vector<std::string> difference(const Config& before, const Config& after) {
  return Difference(before, after).find();
}

}  // namespace sim52xx::daemon::config
