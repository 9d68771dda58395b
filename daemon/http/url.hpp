// An https:// URL, taken apart and checked: what goes into the modem's connect command, and what
// into the request line. Nothing that could end either passes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "protocol/outcome.hpp"

namespace sim52xx::daemon::http {

struct Url {
  static constexpr std::size_t longest_host = 256;     // what the modem takes
  static constexpr std::size_t longest_target = 2048;  // path and query

  std::string host;  // lower case
  int port = 443;
  std::string target = "/";  // path and query

  // "host", or "host:port" where the port is not 443.
  [[nodiscard]] std::string authority() const;
  [[nodiscard]] bool same_server(const Url& other) const {
    return host == other.host && port == other.port;
  }
};

// The error is of kind invalid (unsupported for IPv6 addresses), its message begins with "url" and
// never repeats the URL, which may hold secrets.
Result<Url> parse_url(std::string_view text);

// Where a redirect leads: `location` is absolute or relative to `base` (RFC 3986, 5.2). Bytes that
// a URL cannot have, which servers write all the same, are percent-encoded. A way out of TLS is
// refused as unsupported.
Result<Url> resolve(const Url& base, std::string_view location);

}  // namespace sim52xx::daemon::http
