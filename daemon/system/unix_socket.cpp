#include "daemon/system/unix_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <grp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <spdlog/spdlog.h>

namespace sim52xx::daemon {
namespace {

constexpr int backlog = SOMAXCONN;  // many may come at once, and a full one refuses who cannot wait

Error refuse(const std::string& path, std::string_view why) {
  return {ErrorKind::invalid, "listen", "the socket " + path + " " + std::string(why)};
}

Error refuse_errno(const std::string& path) {
  return refuse(path, std::string("cannot be made: ") + std::strerror(errno));
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

Fd make_socket() {
  return Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// Removes what is left of a daemon that was killed.
Result<void> remove_stale(const sockaddr_un& address, const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0)
    return errno == ENOENT ? Result<void>() : refuse_errno(path);
  if (!S_ISSOCK(status.st_mode)) return refuse(path, "is in the way: not a socket");
  const Fd probe = make_socket();
  if (::connect(probe.get(), generic(address), sizeof address) == 0 || errno == EAGAIN)
    return refuse(path, "is in use: another process listens on it");
  if (errno != ECONNREFUSED && errno != ENOENT) return refuse_errno(path);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return refuse_errno(path);
  return {};
}

// Under systemd it does from the start, and the sandbox forbids chown().
bool belongs_to(const std::string& path, gid_t group) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0 && status.st_gid == group;
}

bool is_member(const Peer& peer, std::optional<gid_t> group) {
  return group && std::find(peer.groups.begin(), peer.groups.end(), *group) != peer.groups.end();
}

}  // namespace

Result<Fd> listen_unix(const std::string& path, std::optional<gid_t> group) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return refuse(path, "has too long a name");
  std::memcpy(address.sun_path, path.data(), path.size());
  if (Result<void> free = remove_stale(address, path); !free) return free.error();

  Fd socket = make_socket();
  if (!socket) return refuse_errno(path);
  const mode_t before = ::umask(0117);  // 0660 from the first moment
  const int bound = ::bind(socket.get(), generic(address), sizeof address);
  ::umask(before);
  if (bound != 0) return refuse_errno(path);
  if (group && !belongs_to(path, *group) && ::lchown(path.c_str(), static_cast<uid_t>(-1), *group) != 0)
    spdlog::warn("the group of {} cannot be set: {}", path, std::strerror(errno));
  // Only now can anybody connect.
  if (::listen(socket.get(), backlog) != 0) return refuse_errno(path);
  return socket;
}

std::optional<gid_t> find_group(const std::string& name) {
  std::vector<char> buffer(std::size_t{1} << 16U);
  group entry{};
  group* found = nullptr;
  if (::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0)
    return std::nullopt;
  return found == nullptr ? std::nullopt : std::optional(found->gr_gid);
}

bool hung_up(int fd) {
  pollfd look{fd, 0, 0};
  return ::poll(&look, 1, 0) == 1 && (look.revents & (POLLHUP | POLLERR)) != 0;
}

std::optional<Peer> peer_of(int fd) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
  Peer peer{credentials.pid, credentials.uid, {}};
  std::vector<gid_t> groups(64);
  size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  int got = ::getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
  if (got != 0 && errno == ERANGE) {  // size is now what it takes
    groups.resize(size / sizeof(gid_t));
    got = ::getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
  }
  groups.resize(got == 0 ? size / sizeof(gid_t) : 0);
  groups.insert(groups.begin(), credentials.gid);
  peer.groups = std::move(groups);
  return peer;
}

Groups find_groups() {
  return {::geteuid(), find_group("sim52xx"), find_group("sim52xx-admin")};
}

bool is_admin(const Peer& peer, const Groups& groups) {
  if (peer.uid == 0 || is_member(peer, groups.admins)) return true;
  return !groups.admins && peer.uid == groups.own;
}

bool is_user(const Peer& peer, const Groups& groups) {
  return peer.uid == groups.own || is_member(peer, groups.users) || is_admin(peer, groups);
}

}  // namespace sim52xx::daemon
