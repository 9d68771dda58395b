#include "daemon/ctl/fields.hpp"

#include <array>
#include <cstdio>

namespace sim52xx::ctl {

const json& member(const json& object, std::string_view name) {
  static const json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::string text(const json& object, std::string_view name) {
  const json& value = member(object, name);
  return value.is_string() || value.is_number() || value.is_boolean() ? plain(value) : "";
}

std::optional<double> number(const json& object, std::string_view name) {
  const json& value = member(object, name);
  if (!value.is_number()) return std::nullopt;
  return value.get<double>();
}

std::uint64_t count(const json& object, std::string_view name) {
  const json& value = member(object, name);
  const bool counts = value.is_number_integer() && value >= 0;
  return counts ? value.get<std::uint64_t>() : 0;
}

std::string plain(const json& value) {
  if (value.is_string()) return printable(value.get<std::string>());
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string printable(std::string_view text, bool lines) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool harmless = byte >= 0x20 && byte != 0x7f;
    if (harmless || (lines && (c == '\n' || c == '\t'))) {
      safe += c;
      continue;
    }
    std::array<char, 8> escape{};
    std::snprintf(escape.data(), escape.size(), "\\x%02x", byte);
    safe += escape.data();
  }
  return safe;
}

}  // namespace sim52xx::ctl
