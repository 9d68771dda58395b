#include "protocol/fields.hpp"

#include <charconv>

#include "protocol/bytes.hpp"

namespace sim52xx {
namespace {

// Where the field ends that begins at `begin`.
std::size_t field_end(std::string_view fields, std::size_t begin) {
  bool quoted = false;
  std::size_t end = begin;
  for (; end < fields.size() && (quoted || fields[end] != ','); ++end)
    if (fields[end] == '"') quoted = !quoted;
  return end;
}

}  // namespace

Fields::Fields(std::string_view line) {
  const auto colon = line.find(':');
  name_ = trim(line.substr(0, colon));
  if (colon == std::string_view::npos) return;
  rest_ = trim(line.substr(colon + 1));
}

std::size_t Fields::size() const {
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < rest_.size() && count < capacity; ++count)
    begin = field_end(rest_, begin) + 1;
  return count;
}

std::string_view Fields::text(std::size_t i) const {
  if (i >= capacity) return {};
  std::size_t begin = 0;
  for (; i > 0 && begin < rest_.size(); --i)
    begin = field_end(rest_, begin) + 1;
  if (begin >= rest_.size()) return {};
  std::string_view field = trim(rest_.substr(begin, field_end(rest_, begin) - begin));
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
    field = field.substr(1, field.size() - 2);
  return field;
}

std::optional<std::int64_t> Fields::number(std::size_t i) const {
  return to_number(text(i));
}

std::optional<std::size_t> Fields::length(std::size_t i) const {
  const auto value = number(i);
  if (!value || *value < 0 || static_cast<std::uint64_t>(*value) > max_block) return std::nullopt;
  return static_cast<std::size_t>(*value);
}

std::optional<std::int64_t> to_number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    if (text.starts_with('-')) return std::nullopt;
    base = 16;
  }
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace sim52xx
