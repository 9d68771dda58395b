// Listening sockets that systemd has made for the daemon (sd_listen_fds(3)), by the names that
// their units give them (FileDescriptorName=): "control", "ssl0", "ssl1" or another endpoint's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/system/fd.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

class GivenSockets {
 public:
  // Those of the environment, which forgets them. Refuses what is no listening Unix stream socket,
  // and two of one name.
  static Result<GivenSockets> from_environment();
  // The same from descriptors at hand; names[i] belongs to fds[i].
  static Result<GivenSockets> from(std::vector<Fd> fds, const std::vector<std::string>& names);

  // The socket of that name, for whoever listens on it from now on.
  std::optional<Fd> take(std::string_view name);

  // Adds an endpoint without a host for each data socket that the configuration has none for:
  // systemd accepts for it, so its clients must be told that it leads nowhere.
  void complete(config::Config& config) const;

 private:
  std::map<std::string, Fd, std::less<>> sockets_;
};

}  // namespace sim52xx::daemon
