// What only the modem knows, and whether TLS works: by the daemon's own means.
#include <chrono>
#include <cstring>
#include <filesystem>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/ctl/doctor/gather.hpp"

namespace sim52xx::ctl::doctor {
namespace {

using Clock = std::chrono::steady_clock;

// The result lines of a command; null where there are none to be had.
json lines_of(Client& client, const std::string& command) {
  const auto result =
      client.call("modem.command", {{"command", command}, {"timeout", 10}}, Client::Seconds(30));
  if (!result || text(*result, "final") != "OK") return nullptr;
  return member(*result, "lines");
}

const json& session_of(const json& status, const std::string& name) {
  static const json none;
  const json& sessions = member(status, "sessions");
  if (sessions.is_array())
    for (const json& session : sessions)
      if (text(session, "name") == name) return session;
  return none;
}

// Somebody has it: an own look would take the modem's time away from him.
bool any_session_open(const json& status) {
  const json& sessions = member(status, "sessions");
  if (!sessions.is_array()) return false;
  for (const json& session : sessions)
    if (text(session, "state") != "idle") return true;
  return false;
}

daemon::Fd connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {};
  std::memcpy(address.sun_path, path.data(), path.size());
  daemon::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto* const where = reinterpret_cast<const sockaddr*>(&address);  // NOLINT: the interface
  if (!socket || ::connect(socket.get(), where, sizeof address) != 0) return {};
  return socket;
}

// The daemon has closed it: the session did not come about.
bool ended(int socket, int milliseconds) {
  pollfd look{socket, POLLIN, 0};
  if (::poll(&look, 1, milliseconds) <= 0) return false;
  char byte = 0;
  return ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

json try_one(Client& client, const std::string& path, const json& before, double wait) {
  const std::string name = text(before, "name");
  constexpr int look_again = 100;  // milliseconds
  json tried = {{"name", name}};
  const auto begin = Clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  const daemon::Fd socket = connect_to(path);
  if (!socket) {
    tried["outcome"] = "denied";
    tried["message"] = path + ": " + std::strerror(errno);
    return tried;
  }
  while (seconds() < wait) {
    const bool over = ended(socket.get(), look_again);
    const auto status = client.call("status");
    if (!status) break;
    const json& session = session_of(*status, name);
    const bool ours = number(member(session, "client"), "pid") == ::getpid();
    const bool open = ours && text(session, "state") == "open";
    tried["seconds"] = seconds();
    if (over) {
      // Without an error of its own it was open, and the peer has closed it at once.
      const json& error = member(session, "last_error");
      tried["outcome"] = error == member(before, "last_error") ? "open" : "failed";
      if (tried["outcome"] == "failed") tried["error"] = error;
      return tried;
    }
    if (open) {
      tried["outcome"] = "open";
      tried["mode"] = member(session, "mode");
      return tried;
    }
  }
  tried["outcome"] = "late";
  return tried;
}

}  // namespace

json ask_modem(Client& client, const json& status) {
  if (text(status, "state") != "ready" || any_session_open(status)) return nullptr;
  const json clock = lines_of(client, "AT+CCLK?");
  const json contexts = lines_of(client, "AT+CGSOCKCONT?");
  json answers = json::object();
  if (clock.is_array() && !clock.empty()) answers["clock"] = plain(clock.front());
  if (contexts.is_array()) answers["contexts"] = contexts;
  return answers;
}

json try_endpoints(Client& client, const std::string& control_socket, const json& status,
                   const Tries& how) {
  json tries = json::array();
  const json& sessions = member(status, "sessions");
  if (!how.wanted || text(status, "state") != "ready" || !sessions.is_array()) return tries;
  const auto folder = std::filesystem::path(control_socket).parent_path();
  for (const json& session : sessions) {
    const std::string name = text(session, "name");
    if (text(session, "state") != "idle") continue;
    tries.push_back(try_one(client, folder / (name + ".sock"), session, how.wait));
  }
  return tries;
}

}  // namespace sim52xx::ctl::doctor
