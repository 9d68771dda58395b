#include "protocol/command.hpp"

#include <algorithm>

namespace sim52xx {
namespace {

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_ascii(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string why_not_quoted(std::string_view value) {
  for (const char c : value) {
    if (c == '"') return "contains a quote";
    if (c == '\r') return "contains a carriage return";
    if (c == '\n') return "contains a line feed";
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "contains a control byte";
  }
  return {};
}

std::string hex(std::string_view value) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : value) {
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 0xfU];
  }
  return out;
}

std::string too_long(std::size_t size, std::size_t most) {
  return "is too long (" + std::to_string(size) + " bytes, at most " + std::to_string(most) + ")";
}

}  // namespace

std::string why_not_text(std::string_view value, std::size_t most) {
  if (value.size() > most) return too_long(value.size(), most);
  if (std::string why = why_not_quoted(value); !why.empty()) return why;
  return is_ascii(value) ? std::string() : "contains a byte that is not ASCII";
}

std::string why_not_path(std::string_view value, std::size_t most) {
  if (is_ascii(value)) return why_not_text(value, most);
  if (std::string why = why_not_quoted(value); !why.empty()) return why;
  if (value.size() <= most / 2) return {};
  return too_long(value.size(), most / 2) + ": not being ASCII it takes twice its length";
}

std::string why_not_host(std::string_view value, std::size_t most) {
  if (value.empty()) return "is empty";
  if (std::string why = why_not_text(value, most); !why.empty()) return why;
  const bool fine = std::all_of(value.begin(), value.end(), [](char c) {
    return is_alnum(c) || c == '.' || c == '-' || c == '_' || c == ':';
  });
  return fine ? std::string() : "is not a host name or address";
}

std::string mask_echo(std::string_view line) {
  const std::size_t quote = line.find('"');
  if (quote == std::string_view::npos || line.substr(0, quote).find('=') == std::string_view::npos)
    return std::string(line);
  std::string masked;
  bool inside = false;
  for (const char c : line) {
    if (!inside || c == '"') masked += c;
    if (c != '"') continue;
    inside = !inside;
    if (inside) masked += "***";
  }
  return masked;
}

CommandBuilder::CommandBuilder(std::string_view name) : wire_("AT") {
  wire_ += name;
  shown_ = wire_;
}

CommandBuilder& CommandBuilder::query() {
  wire_ += '?';
  shown_ += '?';
  return *this;
}

CommandBuilder& CommandBuilder::test() {
  wire_ += "=?";
  shown_ += "=?";
  return *this;
}

CommandBuilder& CommandBuilder::number(std::string_view field, std::int64_t value,
                                       std::int64_t lowest, std::int64_t highest) {
  separate();
  const std::string digits = std::to_string(value);
  if (value < lowest || value > highest)
    refuse(field, "is " + digits + ", allowed is " + std::to_string(lowest) + " to " +
                      std::to_string(highest));
  wire_ += digits;
  shown_ += digits;
  return *this;
}

CommandBuilder& CommandBuilder::text(std::string_view field, std::string_view value,
                                     std::size_t most) {
  quote(field, value, most, false);
  return *this;
}

CommandBuilder& CommandBuilder::secret(std::string_view field, std::string_view value,
                                       std::size_t most) {
  quote(field, value, most, true);
  return *this;
}

CommandBuilder& CommandBuilder::path(std::string_view field, std::string_view value,
                                     std::size_t most) {
  if (is_ascii(value)) return text(field, value, most);
  separate();
  if (const std::string why = why_not_path(value, most); !why.empty()) refuse(field, why);
  const std::string quoted = "{non-ascii}\"" + hex(value) + '"';
  wire_ += quoted;
  shown_ += quoted;
  return *this;
}

CommandBuilder& CommandBuilder::host(std::string_view field, std::string_view value,
                                     std::size_t most) {
  if (const std::string why = why_not_host(value, most); !why.empty()) refuse(field, why);
  quote(field, value, most, false);
  return *this;
}

CommandBuilder& CommandBuilder::word(std::string_view field, std::string_view value) {
  separate();
  if (value.empty() || !std::all_of(value.begin(), value.end(), is_alnum))
    refuse(field, "is not a plain word");
  wire_ += value;
  shown_ += value;
  return *this;
}

Result<CommandLine> CommandBuilder::line() const {
  if (refusal_) return *refusal_;
  return CommandLine{wire_ + '\r', shown_, secrets_};
}

void CommandBuilder::separate() {
  const char separator = first_ ? '=' : ',';
  first_ = false;
  wire_ += separator;
  shown_ += separator;
}

void CommandBuilder::quote(std::string_view field, std::string_view value, std::size_t most,
                           bool secret) {
  separate();
  if (const std::string why = why_not_text(value, most); !why.empty()) refuse(field, why);
  if (secret) secrets_.push_back({wire_.size() + 1, value.size()});
  wire_.append(1, '"').append(value).append(1, '"');
  shown_.append(1, '"').append(secret ? std::string_view("***") : value).append(1, '"');
}

void CommandBuilder::refuse(std::string_view field, std::string_view why) {
  if (refusal_) return;
  refusal_.emplace(ErrorKind::invalid, "command", std::string(field) + " " + std::string(why));
}

}  // namespace sim52xx
