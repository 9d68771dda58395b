// Sizes, times and ages as people read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim52xx::ctl {

using WallTime = std::chrono::system_clock::time_point;

// "512 B", "1.5 KiB", "12 MiB".
std::string size_text(std::uint64_t bytes);

// "0.4 s", "12 s", "3 min 5 s", "2 h 5 min", "3 d 4 h".
std::string duration_text(double seconds);

// "just now", "12 s ago".
std::string ago_text(double seconds);

// For a clock that runs: "0:05", "12:31", "1:00:09".
std::string clock_text(double seconds);

// RFC 3339 in UTC, as the daemon writes it.
std::optional<WallTime> parse_time(std::string_view text);

// Time of day where the user is, with milliseconds: "12:31:05.120".
std::string time_of_day(WallTime time);

// How long ago, never negative: clocks are set while one looks.
double age(WallTime time, WallTime now);

// "1.0 MiB in 12 s (85 KiB/s)".
std::string speed_text(std::uint64_t bytes, double seconds);

// "300", "64K", "1M", "2G".
std::string parse_size(const std::string& text, std::uint64_t& size);

// Validators for numbers, which say what is allowed in words.
std::string check_seconds(const std::string& text);

}  // namespace sim52xx::ctl
