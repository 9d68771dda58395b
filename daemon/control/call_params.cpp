#include "daemon/control/call_params.hpp"

#include <utility>

namespace sim52xx::daemon::control {
namespace {

constexpr double longest = 365.0 * 86400;  // of a timeout

}  // namespace

json* CallParams::find(std::string_view name) const {
  const auto at = object_.find(name);
  return at == object_.end() ? nullptr : &*at;
}

std::string CallParams::take_text(std::string_view name) const {
  json* value = find(name);
  return value == nullptr ? std::string() : std::move(value->get_ref<std::string&>());
}

bool CallParams::flag(std::string_view name) const {
  const json* value = find(name);
  return value != nullptr && value->get<bool>();
}

Result<std::int64_t> CallParams::integer(std::string_view name, std::int64_t lowest,
                                         std::int64_t highest, std::int64_t otherwise) const {
  const json* value = find(name);
  if (value == nullptr) return otherwise;
  const bool too_large = value->is_number_unsigned() &&
                         value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
  const auto number = value->get<std::int64_t>();
  if (too_large || number < lowest || number > highest)
    return wrong(name, std::to_string(lowest) + " to " + std::to_string(highest));
  return number;
}

Result<std::optional<double>> CallParams::seconds(std::string_view name) const {
  const json* value = find(name);
  if (value == nullptr) return std::optional<double>();
  const auto number = value->get<double>();
  if (!(number > 0 && number <= longest))
    return wrong(name, "seconds, more than 0, at most a year");
  return std::optional(number);
}

}  // namespace sim52xx::daemon::control
