#include "daemon/report/times.hpp"

#include <array>
#include <ctime>

namespace sim52xx::daemon {

std::string rfc3339(WallTime time) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  const auto whole = std::chrono::floor<std::chrono::seconds>(since);
  const auto seconds = static_cast<std::time_t>(whole.count());
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  const std::string rest = std::to_string(1000 + (since - whole).count());
  return std::string(text.data()) + "." + rest.substr(1) + "Z";
}

WallTime wall_time(std::chrono::steady_clock::time_point time,
                   std::chrono::steady_clock::time_point now) {
  return std::chrono::system_clock::now() -
         std::chrono::duration_cast<std::chrono::system_clock::duration>(now - time);
}

}  // namespace sim52xx::daemon
