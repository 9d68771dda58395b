#include "daemon/http/headers.hpp"

#include <algorithm>
#include <array>

#include "protocol/bytes.hpp"

namespace sim52xx::daemon::http {
namespace {

constexpr std::size_t longest_method = 32;
constexpr std::size_t longest_name = 256;
constexpr std::size_t longest_value = 8192;
constexpr std::size_t most_headers = 100;
constexpr std::size_t most_bytes = 32768;

// Decided by what the body is, and by us.
constexpr std::array<std::string_view, 6> ours{
    "Transfer-Encoding", "Expect", "Upgrade", "TE", "Trailer", "HTTP2-Settings"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

Error refusal(std::string words) {
  return {ErrorKind::invalid, "check", std::move(words)};
}

std::string why_not_value(std::string_view value) {
  if (value.size() > longest_value)
    return "is too long (" + std::to_string(value.size()) + " bytes, at most " +
           std::to_string(longest_value) + ")";
  for (const char c : value) {
    if (c == '\r') return "contains a carriage return";
    if (c == '\n') return "contains a line feed";
    if (c == '\0') return "contains a NUL byte";
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f)
      return "contains a control byte";
  }
  return {};
}

// Why this header cannot be the user's; empty where it can.
std::string why_not_allowed(std::string_view name, std::string_view value,
                            std::optional<std::uint64_t> body) {
  if (std::ranges::any_of(ours, [&](std::string_view own) { return same_name(own, name); }))
    return "cannot be set";
  if (same_name(name, "Connection") && !same_name(value, "close") &&
      !same_name(value, "keep-alive"))
    return "can be close or keep-alive only";
  if (same_name(name, "Content-Length") && (!body || value != std::to_string(*body)))
    return "is not the length of the body";
  return {};
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<std::string_view> find(const Headers& headers, std::string_view name) {
  const auto found = std::ranges::find_if(
      headers, [&](const auto& header) { return same_name(header.first, name); });
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

void remove(Headers& headers, std::string_view name) {
  std::erase_if(headers, [&](const auto& header) { return same_name(header.first, name); });
}

Result<void> check_method(std::string_view method) {
  if (method.size() > longest_method) return refusal("method is too long");
  if (!is_token(method)) return refusal("method is not a word such as GET or POST");
  if (same_name(method, "CONNECT")) return refusal("method cannot be CONNECT");
  return {};
}

Result<void> check_headers(const Headers& headers, std::optional<std::uint64_t> body) {
  if (headers.size() > most_headers)
    return refusal("headers are too many (at most " + std::to_string(most_headers) + ")");
  std::size_t bytes = 0;
  int hosts = 0;
  for (const auto& [name, value] : headers) {
    const std::string field = "headers: " + printable(name, 64);
    if (name.size() > longest_name) return refusal(field + " is too long a name");
    if (!is_token(name)) return refusal(field + " is not a name of a header");
    if (const std::string why = why_not_value(value); !why.empty())
      return refusal(field + " " + why);
    if (const std::string why = why_not_allowed(name, trim(value), body); !why.empty())
      return refusal(field + " " + why);
    if (same_name(name, "Host") && ++hosts > 1) return refusal(field + " is there twice");
    bytes += name.size() + value.size() + 4;
  }
  if (bytes > most_bytes)
    return refusal("headers are too long together (" + std::to_string(bytes) + " bytes, at most " +
                   std::to_string(most_bytes) + ")");
  return {};
}

}  // namespace sim52xx::daemon::http
