// What the forms of a listing share (ftps_list.cpp, ftps_list_forms.cpp): words, numbers, dates.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/ftps_list.hpp"

namespace sim52xx::listing {

constexpr std::string_view blanks = " \t";

// The words of a line, one after the other; what is left begins right behind the last one.
struct Words {
  std::string_view rest;

  std::string_view next() {
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
    const std::string_view word = rest.substr(0, rest.find_first_of(blanks));
    rest.remove_prefix(word.size());
    return word;
  }
};

// A word of digits and nothing else.
std::optional<std::uint64_t> digits(std::string_view text);
// Exactly `length` of them, in lowest..highest.
std::optional<unsigned> part(std::string_view text, std::size_t length, unsigned lowest,
                             unsigned highest);
std::string padded(unsigned value, std::size_t width);
std::string date_text(unsigned year, unsigned month, unsigned day);
std::string lower_case(std::string_view text);
// HH:MM, with seconds or without: as "THH:MM" or "THH:MM:SS".
std::optional<std::string> to_clock(std::string_view word);
// YYYY-MM-DD.
std::optional<std::string> to_iso_date(std::string_view word);

// One line in each of the forms; nullopt where it is not of that form. Without `raw`.
std::optional<FtpsEntry> parse_unix(std::string_view line, std::optional<FtpsDate> today);
std::optional<FtpsEntry> parse_dos(std::string_view line);
std::optional<FtpsEntry> parse_mlsd(std::string_view line);

}  // namespace sim52xx::listing
