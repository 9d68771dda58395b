#include "tests/emulator/core/call.hpp"

#include <algorithm>
#include <cctype>

#include "protocol/bytes.hpp"
#include "protocol/fields.hpp"

namespace sim52xx::sim {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

constexpr std::size_t longest_name = 256;

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const auto value = to_number("0x" + std::string(digits.substr(i, 2)));
    if (!value) return std::nullopt;
    out += static_cast<char>(*value);
  }
  return out;
}

// The first of `stops` outside quotes, or the end.
std::size_t find_unquoted(std::string_view text, std::string_view stops, std::size_t from = 0) {
  bool quoted = false;
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (!quoted && stops.find(text[i]) != std::string_view::npos) return i;
  }
  return text.size();
}

std::size_t digits_end(std::string_view text, std::size_t from) {
  while (from < text.size() && text[from] >= '0' && text[from] <= '9')
    ++from;
  return from;
}

Call extended(std::string_view text) {
  Call call;
  const auto mark = text.find_first_of("=?");
  call.name = upper(trim(text.substr(0, mark)));
  if (mark == std::string_view::npos) return call;
  const auto behind = trim(text.substr(mark + 1));
  if (text[mark] == '?') {
    call.form = Form::read;
  } else if (behind == "?") {
    call.form = Form::test;
  } else {
    call.form = Form::set;
    call.arguments = Arguments(behind);
  }
  return call;
}

// A letter, or '&' or '\\' and a letter, then digits: "E0", "&D1"; and "S3=13", "S3?".
Call basic(std::string& rest) {
  Call call;
  const std::size_t letters =
      std::min<std::size_t>(rest[0] == '&' || rest[0] == '\\' ? 2 : 1, rest.size());
  call.name = upper(std::string_view(rest).substr(0, letters));
  std::size_t end = digits_end(rest, letters);
  if (call.name == "D") end = rest.size();
  std::string digits = rest.substr(letters, end - letters);
  if (call.name == "S" && end < rest.size() && (rest[end] == '=' || rest[end] == '?')) {
    call.name += digits;
    call.form = rest[end] == '=' ? Form::set : Form::read;
    const auto value = end + 1;
    end = digits_end(rest, value);
    digits = rest.substr(value, end - value);
  }
  call.arguments = Arguments(digits);
  rest.erase(0, end);
  return call;
}

}  // namespace

Arguments::Arguments(std::string_view text) {
  if (trim(text).empty()) return;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = find_unquoted(text, ",", begin);
    auto field = trim(text.substr(begin, end - begin));
    const bool quoted = field.size() >= 2 && field.front() == '"' && field.back() == '"';
    if (quoted) field = field.substr(1, field.size() - 2);
    values_.push_back({std::string(field), quoted});
    begin = end + 1;
  }
}

bool Arguments::quoted(std::size_t i) const {
  return i < values_.size() && values_[i].quoted;
}

const std::string& Arguments::text(std::size_t i) const {
  static const std::string none;
  return i < values_.size() ? values_[i].text : none;
}

std::optional<std::string> Arguments::name(std::size_t i) const {
  if (i >= values_.size()) return std::nullopt;
  std::string bytes = values_[i].text;
  if (!values_[i].quoted) {
    static constexpr std::string_view mark = "{non-ascii}\"";
    if (!bytes.starts_with(mark) || bytes.back() != '"') return std::nullopt;
    auto plain =
        from_hex(std::string_view(bytes).substr(mark.size(), bytes.size() - mark.size() - 1));
    if (!plain) return std::nullopt;
    bytes = *std::move(plain);
  }
  const bool control = std::ranges::any_of(bytes, [](unsigned char c) { return c < 0x20; });
  if (bytes.empty() || bytes.size() > longest_name || control) return std::nullopt;
  return bytes;
}

std::optional<std::int64_t> Arguments::number(std::size_t i) const {
  if (i >= values_.size() || values_[i].quoted) return std::nullopt;
  return to_number(values_[i].text);
}

std::optional<int> Arguments::number(std::size_t i, int low, int high) const {
  const auto value = number(i);
  if (!value || *value < low || *value > high) return std::nullopt;
  return static_cast<int>(*value);
}

std::optional<Call> next_call(std::string& rest) {
  rest.erase(0, std::min(rest.find_first_not_of(" \t;"), rest.size()));
  if (rest.empty()) return std::nullopt;
  if (std::string_view("+*^#$").find(rest[0]) == std::string_view::npos) return basic(rest);
  const auto end = find_unquoted(rest, ";");
  Call call = extended(std::string_view(rest).substr(0, end));
  rest.erase(0, end);
  return call;
}

}  // namespace sim52xx::sim
