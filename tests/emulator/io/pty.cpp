#include "tests/emulator/io/pty.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace sim52xx::sim {
namespace {

int check(int result, const std::string& what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

std::string link_target(const std::string& link) {
  std::array<char, 256> target{};
  const auto size = ::readlink(link.c_str(), target.data(), target.size());
  return size > 0 ? std::string(target.data(), static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

Pty::Pty(std::string link) : link_(std::move(link)) {
  try {
    open();
    if (!link_.empty()) publish();
  } catch (...) {
    close_all();
    throw;
  }
}

void Pty::open() {
  master_ = check(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK), "pty");
  check(::grantpt(master_), "grantpt");
  check(::unlockpt(master_), "unlockpt");
  std::array<char, 64> name{};
  if (::ptsname_r(master_, name.data(), name.size()) != 0) check(-1, "ptsname");
  name_ = name.data();
  slave_ = check(::open(name_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC), name_);
  termios raw{};
  check(::tcgetattr(slave_, &raw), name_);
  ::cfmakeraw(&raw);
  check(::tcsetattr(slave_, TCSANOW, &raw), name_);
}

// The link appears at once and whole, whatever was there before.
void Pty::publish() const {
  const std::string fresh = link_ + ".new-" + std::to_string(::getpid());
  ::unlink(fresh.c_str());
  check(::symlink(name_.c_str(), fresh.c_str()), link_);
  if (::rename(fresh.c_str(), link_.c_str()) < 0) {
    const int reason = errno;
    ::unlink(fresh.c_str());
    throw std::system_error(reason, std::generic_category(), link_);
  }
}

void Pty::share() const {
  ::ioctl(slave_, TIOCNXCL);
}

void Pty::close_all() {
  if (slave_ >= 0) ::close(slave_);
  if (master_ >= 0) ::close(master_);
}

Pty::~Pty() {
  if (!link_.empty() && link_target(link_) == name_) ::unlink(link_.c_str());
  close_all();
}

}  // namespace sim52xx::sim
