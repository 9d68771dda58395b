#include "protocol/damage.hpp"

#include <algorithm>
#include <array>

namespace sim52xx {
namespace {

// As the note prints them, and real firmware.
constexpr std::array<std::string_view, 5> heads{"+CSSLRECV", "+CHTTPSRECV", "+CFTPSGET",
                                                "+CFTPSLIST", "+CFTPSSLIST"};
constexpr std::size_t least = 5;  // of a head, to be recognised

bool is_head_of(std::string_view line, std::string_view head) {
  if (line.find(head) != std::string_view::npos) return true;
  return line.size() >= least && head.starts_with(line);
}

}  // namespace

bool is_damaged_header(std::string_view line) {
  if (line.find("DATA,") != std::string_view::npos) return true;
  return std::ranges::any_of(heads, [&](std::string_view head) { return is_head_of(line, head); });
}

}  // namespace sim52xx
