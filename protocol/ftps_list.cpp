#include "protocol/ftps_list.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocol/bytes.hpp"
#include "protocol/ftps_list_words.hpp"

namespace sim52xx {
namespace {

bool is_total(std::string_view line) {
  listing::Words words{line};
  const std::string_view first = words.next();
  const std::string_view second = words.next();
  return (first == "total" || first == "Total") && listing::digits(second) && words.next().empty();
}

}  // namespace

std::optional<FtpsEntry> parse_ftps_line(std::string_view line, std::optional<FtpsDate> today) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (trim(line).empty() || is_total(line)) return std::nullopt;
  auto entry = listing::parse_unix(line, today);
  if (!entry) entry = listing::parse_dos(line);
  if (!entry) entry = listing::parse_mlsd(line);
  if (!entry) entry.emplace();
  entry->raw = line;
  return entry;
}

std::vector<FtpsEntry> parse_ftps_list(std::string_view text, std::optional<FtpsDate> today) {
  std::vector<FtpsEntry> entries;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (auto entry = parse_ftps_line(line, today)) entries.push_back(std::move(*entry));
  }
  return entries;
}

std::string_view name(FtpsEntryType type) {
  constexpr std::array<std::string_view, 5> names{"file", "directory", "link", "other", "unknown"};
  return names.at(static_cast<std::size_t>(type));
}

}  // namespace sim52xx
