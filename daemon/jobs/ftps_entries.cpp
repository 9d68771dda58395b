#include "daemon/jobs/ftps_entries.hpp"

#include <chrono>
#include <string>

#include "daemon/body/encoding.hpp"

namespace sim52xx::daemon {
namespace {

using nlohmann::json;

constexpr int first_plausible_year = 2020;  // this program is younger than that

std::string to_utf8(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string(bytes);
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0U | (byte >> 6U));
      text += static_cast<char>(0x80U | (byte & 0x3fU));
    }
  }
  return text;
}

}  // namespace

std::optional<FtpsDate> today() {
  using namespace std::chrono;
  const year_month_day now(floor<days>(system_clock::now()));
  if (now.year() < year(first_plausible_year)) return std::nullopt;
  return FtpsDate{static_cast<int>(now.year()), static_cast<unsigned>(now.month()),
                  static_cast<unsigned>(now.day())};
}

json ftps_entries(std::string_view listing) {
  json all = json::array();
  for (const FtpsEntry& entry : parse_ftps_list(listing, today())) {
    json one = json::object();
    if (!entry.name.empty()) one["name"] = to_utf8(entry.name);
    one["type"] = name(entry.type);
    if (entry.size) one["size"] = *entry.size;
    if (!entry.modified.empty()) one["modified"] = entry.modified;
    one["raw"] = to_utf8(entry.raw);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace sim52xx::daemon
