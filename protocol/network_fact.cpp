// Numbers and their meaning: 3GPP TS 27.007 (CSQ, CREG, COPS), SIM5320 AT Command Set V2.02
// (CNSMOD).
#include "protocol/network_fact.hpp"

#include <array>
#include <cstddef>

#include "protocol/fields.hpp"

namespace sim52xx {
namespace {

std::optional<int> dbm(std::int64_t rssi) {
  if (rssi < 0 || rssi > 31) return std::nullopt;  // 99: not known
  return static_cast<int>(-113 + 2 * rssi);
}

std::string technology(std::int64_t mode) {
  constexpr std::array<std::string_view, 9> modes{"none",  "GSM",   "GPRS", "EDGE", "WCDMA",
                                                  "HSDPA", "HSUPA", "HSPA", "LTE"};
  if (mode < 0 || mode >= std::ssize(modes)) return {};
  return std::string(modes.at(static_cast<std::size_t>(mode)));
}

}  // namespace

NetworkFact read_network_fact(std::string_view line) {
  NetworkFact fact;
  const Fields fields(line);
  const std::string_view name = fields.name();
  if (name == "+CSQ") {
    if (const auto rssi = fields.number(0)) fact.signal_dbm = dbm(*rssi);
  } else if (name == "+COPS") {
    fact.operator_name = std::string(fields.text(2));
  } else if (name == "+CNSMOD") {
    // The answer to a question has the setting first, the report has not.
    if (const auto mode = fields.number(fields.number(1) ? 1 : 0))
      fact.technology = technology(*mode);
  } else if (name == "+CREG" || name == "+CGREG") {
    if (const auto stat = fields.number(1)) fact.registration = static_cast<int>(*stat);
  }
  return fact;
}

}  // namespace sim52xx
