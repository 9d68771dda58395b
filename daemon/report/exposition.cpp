#include "daemon/report/exposition.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace sim52xx::daemon {
namespace {

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

// Counters are whole numbers, and are shown so.
std::string digits(double value) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  std::array<char, 40> text{};
  const bool whole = std::abs(value) < exact && value == std::floor(value);
  std::snprintf(text.data(), text.size(), whole ? "%.0f" : "%.6g", value);
  return text.data();
}

}  // namespace

Exposition& Exposition::metric(std::string_view name, std::string_view type,
                               std::string_view help) {
  name_ = name;
  text_ += "# HELP " + name_ + " " + escaped(help) + "\n# TYPE " + name_ + " ";
  text_.append(type).append("\n");
  return *this;
}

Exposition& Exposition::sample(double value, const Labels& labels) {
  text_ += name_;
  char before = '{';
  for (const auto& [label, content] : labels) {
    text_.append(1, before).append(label).append("=\"").append(escaped(content)).append("\"");
    before = ',';
  }
  if (!labels.empty()) text_ += '}';
  text_ += ' ' + digits(value) + '\n';
  return *this;
}

}  // namespace sim52xx::daemon
