#include "daemon/http/url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "protocol/command.hpp"

namespace sim52xx::daemon::http {
namespace {

constexpr std::string_view scheme = "https://";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool starts_with_no_case(std::string_view text, std::string_view beginning) {
  return text.size() >= beginning.size() &&
         std::equal(beginning.begin(), beginning.end(), text.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

Error refusal(std::string_view why, ErrorKind kind = ErrorKind::invalid) {
  return {kind, "check", "url " + std::string(why)};
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
bool is_not_ascii(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

// Why these bytes cannot be in a URL; empty where they can.
std::string_view why_not_bytes(std::string_view text) {
  for (const char c : text) {
    if (c == '\r') return "contains a carriage return";
    if (c == '\n') return "contains a line feed";
    if (c == '\0') return "contains a NUL byte";
    if (is_control(c)) return "contains a control byte";
    if (c == ' ') return "contains a space";
    if (c == '"') return "contains a quote";
    if (is_not_ascii(c)) return "contains a byte that is not ASCII";
  }
  return {};
}

Result<int> parse_port(std::string_view text) {
  if (text.empty()) return 443;
  int port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || stop != end || port < 1 || port > 65535)
    return refusal("has a port that is not a number from 1 to 65535");
  return port;
}

Result<void> parse_authority(std::string_view text, Url& url) {
  if (text.find('@') != std::string_view::npos)
    return refusal("contains credentials; put them into an Authorization header");
  if (text.starts_with('['))
    return refusal("has an IPv6 address; the modem connects to names and IPv4 addresses only",
                   ErrorKind::unsupported);
  const auto colon = text.find(':');
  const std::string_view host = text.substr(0, colon);
  if (const std::string why = why_not_host(host, Url::longest_host); !why.empty())
    return refusal("has a host that " + why);
  url.host.resize(host.size());
  std::ranges::transform(host, url.host.begin(), lower);
  const std::string_view digits =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  auto port = parse_port(digits);
  if (!port) return port.error();
  url.port = *port;
  return {};
}

Result<void> set_target(std::string_view text, Url& url) {
  url.target = text.substr(0, text.find('#'));
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  if (url.target.size() > Url::longest_target)
    return refusal("has a path and query that are too long (" + std::to_string(url.target.size()) +
                   " bytes, at most " + std::to_string(Url::longest_target) + ")");
  return {};
}

// As servers write it into Location, made fit for a request line.
std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (why_not_bytes(std::string_view(&c, 1)).empty()) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      (result += '%').append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
    }
  }
  return result;
}

// RFC 3986, 5.2.4, for a path that begins with '/'.
std::string without_dots(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    if (segment == "/.." || segment == "/.") {
      if (segment == "/..") result.erase(std::min(result.rfind('/'), result.size()));
      if (path.empty()) result += '/';
    } else {
      result += segment;
    }
  }
  return result;
}

// A reference without scheme and authority, relative to the target of `base`.
std::string merged(std::string_view base, std::string_view reference) {
  const std::string_view base_path = base.substr(0, base.find('?'));
  if (reference.empty()) return std::string(base);
  if (reference.starts_with('?')) return std::string(base_path).append(reference);
  const auto query = std::min(reference.find('?'), reference.size());
  std::string path(reference.substr(0, query));
  if (!path.starts_with('/')) path.insert(0, base_path.substr(0, base_path.rfind('/') + 1));
  return without_dots(path).append(reference.substr(query));
}

// Whether it begins with a scheme: letters, digits, '+', '-', '.' and then ':'.
bool has_scheme(std::string_view reference) {
  const auto colon = reference.find(':');
  return colon != std::string_view::npos && colon < reference.find_first_of("/?#");
}

}  // namespace

std::string Url::authority() const {
  return port == 443 ? host : host + ":" + std::to_string(port);
}

Result<Url> parse_url(std::string_view text) {
  if (text.empty()) return refusal("is empty");
  if (const std::string_view why = why_not_bytes(text); !why.empty()) return refusal(why);
  if (starts_with_no_case(text, "http://"))
    return refusal("begins with http://; only https:// is served");
  if (!starts_with_no_case(text, scheme)) return refusal("does not begin with https://");
  text.remove_prefix(scheme.size());
  Url url;
  const auto end = std::min(text.find_first_of("/?#"), text.size());
  if (auto fine = parse_authority(text.substr(0, end), url); !fine) return fine.error();
  if (auto fine = set_target(text.substr(end), url); !fine) return fine.error();
  return url;
}

Result<Url> resolve(const Url& base, std::string_view location) {
  const std::string reference = encoded(location.substr(0, location.find('#')));
  if (reference.starts_with("//")) return parse_url("https:" + reference);
  if (starts_with_no_case(reference, "http:"))
    return Error(ErrorKind::unsupported, "redirect",
                 "the server redirects to http://, which would leave TLS");
  if (starts_with_no_case(reference, scheme)) return parse_url(reference);
  if (has_scheme(reference))
    return Error(ErrorKind::unsupported, "redirect",
                 "the server redirects to something else than https://");
  Url url = base;
  if (auto fine = set_target(merged(base.target, reference), url); !fine) return fine.error();
  return url;
}

}  // namespace sim52xx::daemon::http
