#include "protocol/bytes.hpp"

#include <algorithm>
#include <array>

namespace sim52xx {

std::string printable(std::string_view bytes, std::size_t limit) {
  static constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  out.reserve(std::min(bytes.size(), limit) + 8);
  for (const char c : bytes.substr(0, limit)) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '\r':
        out += "\\r";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        if (byte >= 0x20 && byte < 0x7f) {
          out += c;
        } else {
          out += "\\x";
          out += hex[byte >> 4U];
          out += hex[byte & 0xfU];
        }
    }
  }
  if (bytes.size() > limit) out += "... (" + std::to_string(bytes.size()) + " bytes)";
  return out;
}

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && blank(text.back()))
    text.remove_suffix(1);
  return text;
}

}  // namespace sim52xx
