#include "protocol/boot_lines.hpp"

#include <variant>

#include "protocol/urc.hpp"

namespace sim52xx {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr auto none = std::string_view::npos;

}  // namespace

std::string_view boot_lines_at_end(std::string_view bytes) {
  if (!bytes.ends_with(line_end)) return {};
  auto start = none;
  auto before = bytes.find(line_end);
  for (;;) {
    const auto begin = before + line_end.size();
    const auto end = bytes.find(line_end, begin);
    if (end == none) break;
    const std::string_view line = bytes.substr(begin, end - begin);
    const Urc urc = parse_urc(line);
    if (std::holds_alternative<urc::Boot>(urc)) {
      if (start == none) start = before;
    } else if (!line.empty() && std::holds_alternative<urc::Unknown>(urc)) {
      start = none;
    }
    before = end;
  }
  return start == none ? std::string_view() : bytes.substr(start);
}

}  // namespace sim52xx
