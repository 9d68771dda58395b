#include "daemon/service/given_sockets.hpp"

#include <cstdlib>
#include <cstring>
#include <utility>

#include <sys/socket.h>

#include <systemd/sd-daemon.h>

namespace sim52xx::daemon {
namespace {

constexpr std::string_view control = "control";

Error refuse(const std::string& name, std::string_view why) {
  return {ErrorKind::invalid, "listen",
          "the socket \"" + name + "\" from systemd is refused: " + std::string(why)};
}

config::Endpoint endpoint_without_host(const std::string& name) {
  config::Endpoint endpoint;
  endpoint.name = name;
  if (name == "ssl0") endpoint.session = config::SessionChoice::zero;
  if (name == "ssl1") {
    endpoint.session = config::SessionChoice::one;
    endpoint.transparent = config::Transparent::never;
  }
  return endpoint;
}

}  // namespace

Result<GivenSockets> GivenSockets::from_environment() {
  char** list = nullptr;
  const int count = ::sd_listen_fds_with_names(1, &list);
  if (count < 0)
    return Error(ErrorKind::invalid, "listen",
                 std::string("the sockets from systemd: ") + std::strerror(-count));
  std::vector<Fd> fds;
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) {
    fds.emplace_back(SD_LISTEN_FDS_START + i);
    names.emplace_back(list[i]);
    std::free(list[i]);
  }
  std::free(list);
  return from(std::move(fds), names);
}

Result<GivenSockets> GivenSockets::from(std::vector<Fd> fds,
                                        const std::vector<std::string>& names) {
  GivenSockets given;
  for (std::size_t i = 0; i < fds.size(); ++i) {
    const std::string& name = names.at(i);
    if (::sd_is_socket_unix(fds[i].get(), SOCK_STREAM, 1, nullptr, 0) <= 0)
      return refuse(name, "it is no listening Unix stream socket");
    if (!given.sockets_.emplace(name, std::move(fds[i])).second)
      return refuse(name, "there are two of that name (FileDescriptorName=)");
  }
  return given;
}

std::optional<Fd> GivenSockets::take(std::string_view name) {
  const auto found = sockets_.find(name);
  if (found == sockets_.end() || !found->second) return std::nullopt;
  return std::move(found->second);
}

void GivenSockets::complete(config::Config& config) const {
  for (const auto& [name, socket] : sockets_)
    if (name != control && config.endpoint(name) == nullptr)
      config.endpoints.push_back(endpoint_without_host(name));
}

}  // namespace sim52xx::daemon
