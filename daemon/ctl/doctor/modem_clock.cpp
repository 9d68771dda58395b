#include "daemon/ctl/doctor/modem_clock.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace sim52xx::ctl::doctor {

std::optional<WallTime> modem_clock(std::string_view answer) {
  const auto quote = answer.find('"');
  if (quote != std::string_view::npos) answer.remove_prefix(quote + 1);
  const std::string words(answer);
  std::tm local{};
  int quarters = 0;
  // NOLINTNEXTLINE(cert-err34-c): numbers of two digits
  const int got =
      std::sscanf(words.c_str(), "%2d/%2d/%2d,%2d:%2d:%2d%3d", &local.tm_year, &local.tm_mon,
                  &local.tm_mday, &local.tm_hour, &local.tm_min, &local.tm_sec, &quarters);
  if (got < 6 || local.tm_mon < 1 || local.tm_mon > 12) return std::nullopt;
  if (local.tm_year < 70) local.tm_year += 100;
  --local.tm_mon;
  const std::time_t seconds = ::timegm(&local) - std::time_t{quarters} * 15 * 60;
  return std::chrono::system_clock::from_time_t(seconds);
}

std::string clock_command(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 48> text{};
  return {text.data(),
          std::strftime(text.data(), text.size(), "AT+CCLK=\"%y/%m/%d,%H:%M:%S+00\"", &utc)};
}

}  // namespace sim52xx::ctl::doctor
