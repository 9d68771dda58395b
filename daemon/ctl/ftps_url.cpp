#include "daemon/ctl/ftps_url.hpp"

#include <charconv>

#include "daemon/ctl/fields.hpp"

namespace sim52xx::ctl {
namespace {

constexpr const char* shape = "a URL reads ftps://USER@HOST[:PORT]/PATH";

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

// Control characters are refused as well: no name on a server has them.
std::optional<std::string> decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (!high || !low) return std::nullopt;
      c = static_cast<char>(*high * 16 + *low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    plain += c;
  }
  return plain;
}

Failure wrong(std::string_view what, std::string_view url) {
  return misuse(std::string(what) + " in " + printable(url), {shape});
}

Outcome<void> take_user(FtpsUrl& parts, std::string_view user, std::string_view url) {
  if (user.find(':') != std::string_view::npos)
    return misuse("a password in a URL can be read by every user of this machine",
                  {"leave it out and be asked for it, or: --password-file FILE, "
                   "--password-credential NAME, SIM52XX_PASSWORD"});
  const auto name = decoded(user);
  if (!name || name->empty()) return wrong("no proper user", url);
  parts.user = *name;
  return {};
}

Outcome<void> take_host(FtpsUrl& parts, std::string_view host, std::string_view url) {
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos) {
    const std::string_view digits = host.substr(colon + 1);
    int port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    const bool all = end == digits.data() + digits.size();
    if (error != std::errc() || !all || port < 1 || port > 65535)
      return wrong("no proper port", url);
    parts.port = port;
    host = host.substr(0, colon);
  }
  if (host.empty() || host.find_first_of("[]%\\\" ") != std::string_view::npos)
    return wrong("no proper host", url);
  parts.host = host;
  return {};
}

}  // namespace

Outcome<FtpsUrl> parse_ftps_url(std::string_view url) {
  constexpr std::string_view scheme = "ftps://";
  if (!url.starts_with(scheme)) return wrong("no ftps://", url);
  std::string_view rest = url.substr(scheme.size());
  const auto slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);

  FtpsUrl parts;
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    if (auto taken = take_user(parts, authority.substr(0, at), url); !taken) return taken.error();
    authority = authority.substr(at + 1);
  }
  if (auto taken = take_host(parts, authority, url); !taken) return taken.error();
  const auto path = decoded(rest);
  if (!path) return wrong("no proper path", url);
  parts.path = *path;
  return parts;
}

std::string_view base_name(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/'))
    path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

}  // namespace sim52xx::ctl
