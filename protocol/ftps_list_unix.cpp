// The listings of Unix servers: what `ls -l` prints, and relatives.
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "protocol/ftps_list_words.hpp"

namespace sim52xx::listing {
namespace {

using Type = FtpsEntryType;

std::optional<unsigned> to_month(std::string_view word) {
  constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                    "jul", "aug", "sep", "oct", "nov", "dec"};
  const auto* const month = std::ranges::find(months, lower_case(word.substr(0, 4)));
  if (month == months.end()) return std::nullopt;
  return static_cast<unsigned>(month - months.begin()) + 1;
}

// A date without a year: see parse_ftps_list().
std::string recent(unsigned month, unsigned day, const std::string& clock,
                   std::optional<FtpsDate> today) {
  using namespace std::chrono;
  if (!today) return {};
  const year_month_day now(year(today->year), std::chrono::month(today->month),
                           std::chrono::day(today->day));
  const year_month_day last(sys_days(now) + days(1));
  for (int back = -1; back < 8; ++back) {  // one 29th of February at least
    const year_month_day date(now.year() - years(back), std::chrono::month(month),
                              std::chrono::day(day));
    if (date.ok() && date <= last)
      return date_text(static_cast<unsigned>(static_cast<int>(date.year())), month, day) + clock;
  }
  return {};
}

// The date of `ls`, where it begins with `first`: "Sep 1 18:01", "Sep 1 2012", "2012-09-01 18:01".
// On success `words` stands behind it. nullopt: no date.
std::optional<std::string> unix_date(std::string_view first, Words& words,
                                     std::optional<FtpsDate> today) {
  Words ahead = words;
  if (const auto iso = to_iso_date(first)) {
    const auto clock = to_clock(ahead.next());
    if (!clock) return std::nullopt;
    words = ahead;
    return *iso + *clock;
  }
  const auto month = to_month(first);
  if (!month) return std::nullopt;
  const std::string_view day_word = ahead.next();
  const auto day = part(day_word, day_word.size(), 1, 31);
  const std::string_view last = ahead.next();
  const auto clock = to_clock(last);
  const auto year = part(last, 4, 1, 9999);
  if (!day || (!clock && !year)) return std::nullopt;
  words = ahead;
  return clock ? recent(*month, *day, *clock, today) : date_text(*year, *month, *day);
}

Type unix_type(char letter) {
  switch (letter) {
    case '-':
      return Type::file;
    case 'd':
      return Type::directory;
    case 'l':
      return Type::link;
    default:
      return Type::other;
  }
}

// -rw-r--r-- or, of NetWare, "- [RWCEAFMS]".
bool is_mode(std::string_view word) {
  constexpr std::string_view types = "-dlbcpsD";
  if (word.empty() || types.find(word.front()) == std::string_view::npos) return false;
  const std::string_view bits = word.substr(1);
  return bits.empty() ||
         (bits.size() >= 9 && bits.find_first_not_of("rwxsStTlL-+.@*") == std::string_view::npos);
}

}  // namespace

// mode [links] user [group] size date name
std::optional<FtpsEntry> parse_unix(std::string_view line, std::optional<FtpsDate> today) {
  Words words{line};
  const std::string_view mode = words.next();
  if (!is_mode(mode)) return std::nullopt;
  std::string_view before = words.next();
  if (mode.size() == 1 && !before.starts_with('[')) return std::nullopt;
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    const auto size = digits(before);
    const bool numbers = digits(before.substr(before.find(',') + 1)).has_value();  // of a device
    const auto date = size || numbers ? unix_date(word, words, today) : std::nullopt;
    if (!date) {
      before = word;
      continue;
    }
    if (words.rest.size() < 2) return std::nullopt;
    FtpsEntry entry;
    entry.type = unix_type(mode.front());
    if (entry.type == Type::file) entry.size = size;
    entry.modified = *date;
    entry.name = words.rest.substr(1);  // one blank; more of them are the name's
    if (entry.type == Type::link)
      entry.name.resize(std::min(entry.name.find(" -> "), entry.name.size()));
    if (entry.name.empty()) return std::nullopt;
    return entry;
  }
  return std::nullopt;
}

}  // namespace sim52xx::listing
