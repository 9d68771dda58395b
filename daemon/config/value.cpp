#include "daemon/config/value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "daemon/config/nearest.hpp"
#include "protocol/alert.hpp"
#include "protocol/command.hpp"

namespace sim52xx::daemon::config {
namespace {

using std::string;
using std::string_view;

string digits(double number) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.begin(), text.end(), number, std::chars_format::fixed).ptr;
  return {text.begin(), end};
}

bool is_number(string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

string as_toml(string_view word) {
  return is_number(word) ? string(word) : toml_string(word);
}

// What stands in the file, short enough for a message.
string found(const toml::node& node) {
  constexpr std::size_t longest = 64;
  if (const auto* text = node.as_string()) {
    const string& whole = text->get();
    std::size_t end = std::min(whole.size(), longest);
    while (end < whole.size() && (static_cast<unsigned char>(whole[end]) & 0xC0U) == 0x80)
      --end;
    return toml_string(string_view(whole).substr(0, end)) + (end < whole.size() ? "..." : "");
  }
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* number = node.as_floating_point()) {
    if (!std::isfinite(number->get())) return std::isnan(number->get()) ? "nan" : "inf";
    return std::abs(number->get()) < 1e15 ? digits(number->get()) : "a number far too large";
  }
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (node.is_array()) return "an array";
  if (node.is_table()) return "a table";
  return "a date or time";
}

// The reader of one value: collects at most one complaint per place.
class Reading {
 public:
  Reading(const KeyRow& row, std::vector<Complaint>& complaints)
      : row_(row), complaints_(complaints) {}

  Value read(const toml::node& node) {
    switch (row_.kind) {
      case Kind::integer:
      case Kind::bytes:
        return integer(node);
      case Kind::seconds:
        return seconds(node);
      case Kind::word:
        return word(node);
      case Kind::alerts:
        return alerts(node);
      default:
        return text(node);
    }
  }

 private:
  Value refuse(const toml::node& node, string_view why = {}, string_view meant = {}) {
    string words = "found " + found(node);
    if (!why.empty()) words.append(" (").append(why).append(")");
    words += ", allowed " + allowed(row_);
    if (!meant.empty()) words += " (did you mean " + as_toml(meant) + "?)";
    complaints_.push_back({node.source().begin, std::move(words)});
    return {};
  }

  Value integer(const toml::node& node) {
    const auto* number = node.as_integer();
    if (number == nullptr) return refuse(node);
    const std::int64_t value = number->get();
    if (!row_.words.empty()) {
      const string written = std::to_string(value);
      if (std::find(row_.words.begin(), row_.words.end(), written) == row_.words.end())
        return refuse(node);
    } else if (static_cast<double>(value) < row_.range.lowest ||
               static_cast<double>(value) > row_.range.highest) {
      return refuse(node);
    }
    return {{}, value, false};
  }

  Value seconds(const toml::node& node) {
    const auto value = node.is_number() ? node.value<double>() : std::nullopt;
    // Not the other way round: a NaN is in no range.
    if (!value || !(*value >= row_.range.lowest && *value <= row_.range.highest))
      return refuse(node);
    // Up, so that a very short time does not become zero, which can mean "never".
    return {{}, static_cast<std::int64_t>(std::ceil(*value * 1000 - 1e-6)), false};
  }

  Value word(const toml::node& node) {
    string value;
    if (const auto* written = node.as_string())
      value = written->get();
    else if (const auto* number = node.as_integer())
      value = std::to_string(number->get());
    else
      return refuse(node);
    const auto at = std::find(row_.words.begin(), row_.words.end(), value);
    if (at == row_.words.end() || (node.is_string() && is_number(value)))
      return refuse(node, {}, node.is_string() ? nearest(value, row_.words) : string_view());
    return {value, at - row_.words.begin(), false};
  }

  Value text(const toml::node& node) {
    const auto* written = node.as_string();
    if (written == nullptr) return refuse(node);
    const string& value = written->get();
    const bool may_be_empty = row_.kind != Kind::host && row_.range.lowest <= 0;
    if (value.empty() && may_be_empty) return {{}, 0, true};
    if (const string why = why_not(value); !why.empty()) return refuse(node, why);
    return {value, 0, false};
  }

  [[nodiscard]] string why_not(const string& value) const {
    constexpr std::size_t longest = 4096;
    const auto most = static_cast<std::size_t>(row_.range.highest);
    if (row_.kind == Kind::host) return why_not_host(value, most);
    if (row_.kind == Kind::text) return why_not_text(value, most);
    if (value.empty()) return "is empty";
    if (value.size() > longest) return "is too long";
    const bool control = std::any_of(value.begin(), value.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
    if (control) return "contains a control byte";
    if (row_.kind == Kind::path && value.front() != '/') return "is not absolute";
    if (row_.kind == Kind::credential &&
        (value.find('/') != string::npos || value == "." || value == ".."))
      return "is not a plain name";
    return {};
  }

  Value alerts(const toml::node& node) {
    const auto* names = node.as_array();
    if (names == nullptr) return refuse(node);
    std::uint32_t mask = 0;
    for (const toml::node& name : *names) {
      const auto* written = name.as_string();
      const auto bit = written == nullptr ? std::nullopt : alert_mask(written->get());
      if (bit)
        mask |= *bit;
      else
        refuse_alert(name);
    }
    return {{}, mask, false};
  }

  void refuse_alert(const toml::node& name) {
    std::vector<string_view> known;
    for (const AlertBit& bit : alert_bits())
      known.push_back(bit.name);
    const auto* written = name.as_string();
    const string_view meant = written == nullptr ? string_view() : nearest(written->get(), known);
    string words = "found " + found(name) + ", allowed ";
    if (meant.empty())
      words += listed({known.begin(), known.end()});
    else
      words += "are names of alerts (did you mean " + toml_string(meant) + "?)";
    complaints_.push_back({name.source().begin, std::move(words)});
  }

  const KeyRow& row_;
  std::vector<Complaint>& complaints_;
};

}  // namespace

Value read_value(const toml::node& node, const KeyRow& row, std::vector<Complaint>& complaints) {
  return Reading(row, complaints).read(node);
}

string listed(const std::vector<string>& words) {
  string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) list += i + 1 == words.size() ? " or " : ", ";
    list += words[i];
  }
  return list;
}

string allowed(const KeyRow& row) {
  const auto length = [&row] { return digits(row.range.highest) + " bytes"; };
  switch (row.kind) {
    case Kind::text:
      return "printable ASCII without quotes, at most " + length();
    case Kind::host:
      return "a host name or address of at most " + length();
    case Kind::path:
      return "an absolute path";
    case Kind::credential:
      return "the name of a credential";
    case Kind::shell:
      return "one line of text";
    case Kind::alerts:
      return "an array of alert names";
    default:
      break;
  }
  if (!row.words.empty()) {
    std::vector<string> words;
    for (const string_view word : row.words)
      words.push_back(as_toml(word));
    return listed(words);
  }
  const string unit = row.kind == Kind::seconds ? " seconds"
                      : row.kind == Kind::bytes ? " bytes"
                                                : "";
  const string lead = row.kind == Kind::integer ? "an integer, " : "";
  return lead + digits(row.range.lowest) + " to " + digits(row.range.highest) + unit;
}

string to_toml(const Value& value, const KeyRow& row) {
  if (value.unset) return {};
  switch (row.kind) {
    case Kind::integer:
    case Kind::bytes:
      return std::to_string(value.number);
    case Kind::seconds:
      if (value.number % 1000 == 0) return std::to_string(value.number / 1000);
      return digits(static_cast<double>(value.number) / 1000);
    case Kind::word:
      return as_toml(value.text.empty() ? row.words[static_cast<std::size_t>(value.number)]
                                        : string_view(value.text));
    case Kind::alerts: {
      string list;
      for (const string& name : alert_names(static_cast<std::uint64_t>(value.number)))
        list += (list.empty() ? "" : ", ") + toml_string(name);
      return "[" + list + "]";
    }
    default:
      return toml_string(value.text);
  }
}

string toml_string(string_view text) {
  constexpr string_view hex = "0123456789ABCDEF";
  string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out.append(1, '\\').append(1, c);
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else if (byte < 0x20 || byte == 0x7f)
      out.append("\\u00").append(1, hex[byte >> 4U]).append(1, hex[byte & 15U]);
    else
      out += c;
  }
  return out + '"';
}

}  // namespace sim52xx::daemon::config
