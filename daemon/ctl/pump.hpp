// Copies from one descriptor to another, a piece at a time and without ever blocking, where the
// daemon should not have our own descriptor: a terminal it does not take, and a pipe it would keep
// open for as long as the modem needs to get out of a cancelled job, while others wait for its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <poll.h>

#include "daemon/ctl/failure.hpp"
#include "daemon/system/fd.hpp"

namespace sim52xx::ctl {

class Pump {
 public:
  // From the daemon, through a pipe, to `to`; the pipe's other end goes into `remote`.
  static Outcome<Pump> from_pipe(int to, daemon::Fd& remote);
  // From `from` to the daemon, through a socket: one that is closed there sends us no signal.
  static Outcome<Pump> to_socket(int from, daemon::Fd& remote);

  // What to poll for before go(); meaningless when it has ended.
  [[nodiscard]] pollfd next() const;
  // Moves what can be moved now.
  void go();
  // Everything has gone over, or one side is broken.
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }
  [[nodiscard]] bool to_daemon() const { return to_daemon_; }
  [[nodiscard]] std::uint64_t moved() const { return moved_; }

 private:
  Pump() = default;

  void fill();
  void empty();

  daemon::Fd own_;  // our end of the pipe, or of the socket
  int from_ = -1;
  int to_ = -1;
  bool to_daemon_ = false;
  std::string piece_;  // read, and not yet written
  std::uint64_t moved_ = 0;
  bool ended_ = false;
  std::optional<Failure> failure_;
};

// Whether the daemon can have that descriptor itself: a regular file.
bool is_file(int fd);
// Whether the daemon takes one like it at all: that, a pipe, a stream socket.
bool daemon_takes(int fd);

}  // namespace sim52xx::ctl
