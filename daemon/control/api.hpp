// The methods that need nothing but the daemon's name and state: version, status, rpc.discover.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace sim52xx::daemon::control {

class Client;
class Methods;

// Major changes when something that worked stops working, minor with every addition.
inline constexpr int api_major = 1;
inline constexpr int api_minor = 0;

// The whole state of the daemon, as `status` answers it.
class StatusSource {
 public:
  virtual ~StatusSource() = default;
  // As this client may see it: jobs of others are not its business.
  virtual nlohmann::json status(const Client& client) = 0;
};

struct About {
  std::string version;  // of the daemon
  std::string profile;
  // Asked at each call: the modem's abilities are learned.
  std::function<std::vector<std::string>()> capabilities;
};

// Adds the rows. `status` and `methods` must outlive the server.
void add_basic_methods(Methods& methods, About about, StatusSource& status);

}  // namespace sim52xx::daemon::control
