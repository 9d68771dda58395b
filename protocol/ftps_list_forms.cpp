// The other forms of listings: DOS (IIS), MLSD; and the words all forms are made of.
#include <algorithm>
#include <charconv>

#include "protocol/ftps_list_words.hpp"

namespace sim52xx::listing {

std::optional<std::uint64_t> digits(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<unsigned> part(std::string_view text, std::size_t length, unsigned lowest,
                             unsigned highest) {
  const auto value = digits(text);
  if (text.size() != length || !value || *value < lowest || *value > highest) return std::nullopt;
  return static_cast<unsigned>(*value);
}

std::string padded(unsigned value, std::size_t width) {
  std::string text = std::to_string(value);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

std::string date_text(unsigned year, unsigned month, unsigned day) {
  return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::optional<std::string> to_clock(std::string_view word) {
  const auto colon = word.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 2) return std::nullopt;
  const auto hour = part(word.substr(0, colon), colon, 0, 23);
  const auto minute = part(word.substr(colon + 1, 2), 2, 0, 59);
  if (!hour || !minute) return std::nullopt;
  std::string text = "T" + padded(*hour, 2) + ":" + padded(*minute, 2);
  std::string_view more = word.substr(colon + 3);
  more = more.substr(0, more.find('.'));
  if (more.empty()) return text;
  const auto second = part(more.substr(1), 2, 0, 60);
  if (more.front() != ':' || !second) return std::nullopt;
  return text + ":" + padded(*second, 2);
}

std::optional<std::string> to_iso_date(std::string_view word) {
  if (word.size() != 10 || word[4] != '-' || word[7] != '-') return std::nullopt;
  const auto year = part(word.substr(0, 4), 4, 1, 9999);
  const auto month = part(word.substr(5, 2), 2, 1, 12);
  const auto day = part(word.substr(8), 2, 1, 31);
  if (!year || !month || !day) return std::nullopt;
  return std::string(word);
}

namespace {

using Type = FtpsEntryType;

// MM-DD-YY or MM-DD-YYYY.
std::optional<std::string> dos_date(std::string_view word) {
  if ((word.size() != 8 && word.size() != 10) || word[2] != word[5]) return std::nullopt;
  if (word[2] != '-' && word[2] != '/') return std::nullopt;
  const auto month = part(word.substr(0, 2), 2, 1, 12);
  const auto day = part(word.substr(3, 2), 2, 1, 31);
  const auto year = part(word.substr(6), word.size() - 6, 0, 9999);
  if (!month || !day || !year) return std::nullopt;
  const unsigned century = *year >= 70 ? 1900 : 2000;
  return date_text(word.size() == 8 ? century + *year : *year, *month, *day);
}

// HH:MM, or HH:MMAM and HH:MMPM.
std::optional<std::string> dos_clock(std::string_view word) {
  if (word.size() != 7) return to_clock(word);
  const auto hour = part(word.substr(0, 2), 2, 1, 12);
  const auto minute = part(word.substr(3, 2), 2, 0, 59);
  const std::string_view half = word.substr(5);
  if (!hour || !minute || word[2] != ':' || (half != "AM" && half != "PM")) return std::nullopt;
  const unsigned noon = half == "PM" ? 12 : 0;
  return "T" + padded(*hour % 12 + noon, 2) + ":" + padded(*minute, 2);
}

// YYYYMMDDHHMMSS[.sss], UTC.
std::string mlsd_time(std::string_view text) {
  text = text.substr(0, text.find('.'));
  if (text.size() != 14 || !digits(text)) return {};
  const std::string date = std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) +
                           "-" + std::string(text.substr(6, 2));
  const std::string clock = std::string(text.substr(8, 2)) + ":" + std::string(text.substr(10, 2)) +
                            ":" + std::string(text.substr(12));
  if (!to_iso_date(date) || !to_clock(clock)) return {};
  return date + "T" + clock + "Z";
}

Type mlsd_type(std::string_view value) {
  if (value == "file") return Type::file;
  if (value == "dir" || value == "cdir" || value == "pdir") return Type::directory;
  return value.find("link") == std::string_view::npos ? Type::other : Type::link;
}

}  // namespace

// 09-01-12  06:01PM       <DIR>          name
std::optional<FtpsEntry> parse_dos(std::string_view line) {
  Words words{line};
  auto date = dos_date(words.next());
  if (!date) date = to_iso_date(Words{line}.next());  // a locale of its own
  const auto clock = date ? dos_clock(words.next()) : std::nullopt;
  if (!clock) return std::nullopt;
  FtpsEntry entry;
  const std::string_view what = words.next();
  const auto size = digits(what);
  if (what == "<DIR>") {
    entry.type = Type::directory;
  } else if (what == "<JUNCTION>" || what == "<SYMLINKD>" || what == "<SYMLINK>") {
    entry.type = Type::link;
  } else if (size) {
    entry.type = Type::file;
    entry.size = size;
  } else {
    return std::nullopt;
  }
  std::string_view name = words.rest;  // a column of its own behind <DIR>, one blank behind a size
  name.remove_prefix(size ? std::min<std::size_t>(1, name.size())
                          : std::min(name.find_first_not_of(blanks), name.size()));
  if (entry.type == Type::link) name = name.substr(0, name.rfind(" ["));
  entry.modified = *date + *clock;
  entry.name = name;
  if (name.empty()) return std::nullopt;
  return entry;
}

// type=file;size=2017;modify=20120901180100; name
std::optional<FtpsEntry> parse_mlsd(std::string_view line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos || space < 2 || line[space - 1] != ';') return std::nullopt;
  std::string_view facts = line.substr(0, space);
  std::optional<std::uint64_t> size;
  FtpsEntry entry;
  bool typed = false;
  while (!facts.empty()) {
    const auto end = facts.find(';');
    const std::string_view fact = facts.substr(0, end);
    facts.remove_prefix(end + 1);
    const auto equals = fact.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string key = lower_case(fact.substr(0, equals));
    const std::string_view value = fact.substr(equals + 1);
    if (key == "type") {
      entry.type = mlsd_type(lower_case(value));
      typed = true;
    }
    if (key == "size") size = digits(value);
    if (key == "modify") entry.modified = mlsd_time(value);
  }
  if (entry.type == Type::file) entry.size = size;
  entry.name = line.substr(space + 1);
  if (!typed || entry.name.empty()) return std::nullopt;
  return entry;
}

}  // namespace sim52xx::listing
