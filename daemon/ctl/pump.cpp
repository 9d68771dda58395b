#include "daemon/ctl/pump.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sim52xx::ctl {
namespace {

// No more than a pipe or a terminal takes at once when it says that it takes something.
constexpr std::size_t piece_most = 4096;

bool again(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

Failure failed(const std::string& what) {
  return {Exit::failed, what + ": " + std::system_category().message(errno)};
}

}  // namespace

Outcome<Pump> Pump::from_pipe(int to, daemon::Fd& remote) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed("cannot make a pipe");
  Pump pump;
  pump.own_.reset(ends[0]);
  remote.reset(ends[1]);
  pump.from_ = ends[0];
  pump.to_ = to;
  return pump;
}

Outcome<Pump> Pump::to_socket(int from, daemon::Fd& remote) {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return failed("cannot make a pair of sockets");
  Pump pump;
  pump.own_.reset(ends[0]);
  remote.reset(ends[1]);
  pump.from_ = from;
  pump.to_ = ends[0];
  pump.to_daemon_ = true;
  return pump;
}

pollfd Pump::next() const {
  if (piece_.empty()) return {from_, POLLIN, 0};
  return {to_, POLLOUT, 0};
}

void Pump::go() {
  if (ended_) return;
  if (piece_.empty())
    fill();
  else
    empty();
  if (ended_) own_.reset();
}

void Pump::fill() {
  piece_.resize(piece_most);
  const ssize_t got = ::read(from_, piece_.data(), piece_.size());
  const int error = errno;
  piece_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (got > 0 || (got < 0 && again(error))) return;
  ended_ = true;
  errno = error;
  if (got < 0) failure_ = failed(to_daemon_ ? "cannot read standard input" : "the answer is lost");
}

void Pump::empty() {
  const ssize_t put = to_daemon_
                          ? ::send(to_, piece_.data(), piece_.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                          : ::write(to_, piece_.data(), piece_.size());
  if (put >= 0) {
    moved_ += static_cast<std::uint64_t>(put);
    piece_.erase(0, static_cast<std::size_t>(put));
    return;
  }
  if (again(errno)) return;
  ended_ = true;
  // A daemon that takes no more has its reasons, which its answer tells.
  if (!to_daemon_) failure_ = failed("cannot write to standard output");
}

bool is_file(int fd) {
  struct stat about{};
  return ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

bool daemon_takes(int fd) {
  struct stat about{};
  if (::fstat(fd, &about) != 0) return false;
  if (S_ISSOCK(about.st_mode)) {
    int type = 0;
    socklen_t size = sizeof type;
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
  }
  return S_ISREG(about.st_mode) || S_ISFIFO(about.st_mode);
}

}  // namespace sim52xx::ctl
