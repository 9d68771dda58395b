#include "daemon/ctl/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace sim52xx::ctl {
namespace {

template <class... Values>
std::string format(const char* pattern, Values... values) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), pattern, values...);
  return buffer.data();
}

std::string with_rest(long long whole, const char* unit, long long rest, const char* rest_unit) {
  if (rest == 0) return format("%lld %s", whole, unit);
  return format("%lld %s %lld %s", whole, unit, rest, rest_unit);
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
  constexpr std::array units{"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 1023.5 && unit + 1 < units.size()) {
    value /= 1024;
    ++unit;
  }
  return format(value < 9.95 ? "%.1f %s" : "%.0f %s", value, units.at(unit));
}

std::string duration_text(double seconds) {
  if (seconds < 9.95) return format("%.1f s", std::max(seconds, 0.0));
  const long long whole = std::llround(seconds);
  if (whole < 60) return format("%lld s", whole);
  if (whole < 3600) return with_rest(whole / 60, "min", whole < 600 ? whole % 60 : 0, "s");
  if (whole < 86400) return with_rest(whole / 3600, "h", whole % 3600 / 60, "min");
  return with_rest(whole / 86400, "d", whole % 86400 / 3600, "h");
}

std::string ago_text(double seconds) {
  return seconds < 1 ? "just now" : duration_text(seconds) + " ago";
}

std::string clock_text(double seconds) {
  const long long whole = static_cast<long long>(std::max(seconds, 0.0));
  if (whole < 3600) return format("%lld:%02lld", whole / 60, whole % 60);
  return format("%lld:%02lld:%02lld", whole / 3600, whole % 3600 / 60, whole % 60);
}

std::optional<WallTime> parse_time(std::string_view text) {
  const std::string copy(text);
  std::tm parts{};
  double seconds = 0;
  char zone = 0;
  const int found =
      std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%lf%c", &parts.tm_year, &parts.tm_mon,
                  &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &seconds, &zone);
  if (found != 7 || zone != 'Z' || seconds < 0 || seconds >= 61) return std::nullopt;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  const auto whole = std::chrono::system_clock::from_time_t(timegm(&parts));
  return whole + std::chrono::milliseconds(std::llround(seconds * 1000));
}

std::string time_of_day(WallTime time) {
  const auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const auto whole = static_cast<std::time_t>(millis / 1000);
  std::tm parts{};
  localtime_r(&whole, &parts);
  return format("%02d:%02d:%02d.%03d", parts.tm_hour, parts.tm_min, parts.tm_sec,
                static_cast<int>(millis % 1000));
}

double age(WallTime time, WallTime now) {
  return std::max(std::chrono::duration<double>(now - time).count(), 0.0);
}

std::string speed_text(std::uint64_t bytes, double seconds) {
  std::string words = size_text(bytes) + " in " + duration_text(seconds);
  if (seconds > 0.05 && bytes > 0)
    words +=
        " (" + size_text(static_cast<std::uint64_t>(static_cast<double>(bytes) / seconds)) + "/s)";
  return words;
}

std::string parse_size(const std::string& text, std::uint64_t& size) {
  const char* const begin = text.data();
  const char* const last = begin + text.size();
  const auto [end, error] = std::from_chars(begin, last, size);
  const std::string_view unit(end, static_cast<std::size_t>(last - end));
  constexpr std::string_view units = "KMG";
  const auto power = unit.size() == 1 ? units.find(unit.front()) : std::string_view::npos;
  if (error != std::errc() || (!unit.empty() && power == std::string_view::npos))
    return "a size reads 300, 64K, 1M or 2G, not " + text;
  const unsigned shift = unit.empty() ? 0 : 10 * (static_cast<unsigned>(power) + 1);
  if (size > (UINT64_MAX >> 1U) >> shift) return text + " is too much";
  size <<= shift;
  return {};
}

std::string check_seconds(const std::string& text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool all = error == std::errc() && end == text.data() + text.size();
  return all && seconds > 0 && seconds < 1e9 ? "" : "allowed are seconds above 0, not " + text;
}

}  // namespace sim52xx::ctl
