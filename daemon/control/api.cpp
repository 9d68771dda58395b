#include "daemon/control/api.hpp"

#include <utility>

#include "daemon/control/methods.hpp"

namespace sim52xx::daemon::control {
namespace {

namespace asio = boost::asio;

json version_of(const About& about) {
  json api = json::object();
  api["major"] = api_major;
  api["minor"] = api_minor;
  json version = json::object();
  version["daemon"] = about.version;
  version["api"] = std::move(api);
  version["profile"] = about.profile;
  version["capabilities"] = about.capabilities ? about.capabilities() : std::vector<std::string>();
  return version;
}

}  // namespace

void add_basic_methods(Methods& methods, About about, StatusSource& status) {
  methods.add(Method("version", Who::user, "Who answers, and what it can do", {},
                     "{daemon, api: {major, minor}, profile, capabilities}",
                     [about = std::move(about)](Call&) -> asio::awaitable<Result<json>> {
                       co_return version_of(about);
                     }));
  methods.add(Method("status", Who::user, "The state of the daemon, the modem and its users", {},
                     "{state, uptime, modem, arbiter, sessions, endpoints, jobs}",
                     [&status](Call& call) -> asio::awaitable<Result<json>> {
                       co_return status.status(*call.client);
                     }));
  methods.add(Method("rpc.discover", Who::user, "This list of methods, as an OpenRPC document", {},
                     "an OpenRPC document", [&methods](Call&) -> asio::awaitable<Result<json>> {
                       co_return discover(methods);
                     }));
}

}  // namespace sim52xx::daemon::control
