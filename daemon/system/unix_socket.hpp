// Unix stream sockets as the daemon offers them: a listening socket of group sim52xx, and who is
// at the other end of a connection.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "daemon/system/fd.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

// A non-blocking listening socket at `path`, mode 0660, of `group` where there is one. A socket
// file that nobody listens on is replaced; one that answers, or a file of another kind, is an
// error and stays.
Result<Fd> listen_unix(const std::string& path, std::optional<gid_t> group);

// The group of that name; nullopt where there is none.
std::optional<gid_t> find_group(const std::string& name);

struct Peer {
  pid_t pid = 0;
  uid_t uid = 0;
  std::vector<gid_t> groups;  // the primary one first
};

// Who opened the connection (SO_PEERCRED, SO_PEERGROUPS); nullopt where the kernel does not say.
std::optional<Peer> peer_of(int fd);

// Whether the other end is closed both ways. Asio's wait_error may return without: an event of a
// descriptor that was closed in the same round of the loop wakes whoever was given its place.
bool hung_up(int fd);

// Who may do what. Where the groups do not exist only root and the daemon's own user may.
struct Groups {
  uid_t own = 0;                // the daemon's user
  std::optional<gid_t> users;   // sim52xx
  std::optional<gid_t> admins;  // sim52xx-admin
};

// As the system has them now.
Groups find_groups();

bool is_admin(const Peer& peer, const Groups& groups);
bool is_user(const Peer& peer, const Groups& groups);

}  // namespace sim52xx::daemon
