#include "daemon/ctl/output.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sim52xx::ctl {
namespace {

Failure cannot(const std::string& what, const std::string& path) {
  return {Exit::failed,
          "cannot " + what + " " + path + ": " + std::system_category().message(errno)};
}

Outcome<daemon::Fd> unlinked_file() {
  const char* given = std::getenv("TMPDIR");
  const std::string folder = given == nullptr || *given == '\0' ? "/tmp" : given;
  daemon::Fd file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file) return file;
  std::string name = folder + "/sim52xxctl.XXXXXX";
  file.reset(::mkostemp(name.data(), O_CLOEXEC));
  if (!file) return cannot("make a temporary file in", folder);
  ::unlink(name.c_str());
  return file;
}

bool copy_all(int from, int to) {
  std::array<char, 65536> piece;  // NOLINT: filled by the kernel
  off_t offset = 0;
  while (true) {
    const ssize_t got = ::pread(from, piece.data(), piece.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got == 0;
    if (!write_all(to, std::string_view(piece.data(), static_cast<std::size_t>(got)))) return false;
    offset += got;
  }
}

// A link is followed, so that what it points to gets the new content and the link stays.
std::string behind_links(const std::string& path) {
  char* real = ::realpath(path.c_str(), nullptr);
  if (real == nullptr) return path;
  std::string resolved = real;
  std::free(real);  // NOLINT: realpath's
  return resolved;
}

// The file's permissions, or those that a new one would get.
mode_t mode_for(const struct stat* existing) {
  if (existing != nullptr) return existing->st_mode & 07777U;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666U & ~mask;
}

}  // namespace

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

Outcome<Output> Output::open(const std::string& path, When when) {
  Output output(path);
  auto opened = output.standard_ ? output.open_standard() : output.open_file(when);
  if (opened && when == When::held) opened = output.hold();
  if (!opened) return opened.error();
  return output;
}

Output::Output(Output&& other) noexcept
    : standard_(other.standard_),
      path_(std::move(other.path_)),
      part_(std::exchange(other.part_, {})),
      target_(std::move(other.target_)),
      held_(std::move(other.held_)),
      passed_(std::move(other.passed_)),
      pump_(std::exchange(other.pump_, std::nullopt)) {}

Output::~Output() {
  if (!part_.empty()) ::unlink(part_.c_str());
}

bool Output::on_terminal() const {
  return standard_ && ::isatty(STDOUT_FILENO) == 1;
}

int Output::file() const {
  return standard_ ? STDOUT_FILENO : target_.get();
}

Outcome<void> Output::open_standard() {
  if (is_file(STDOUT_FILENO)) {
    passed_.reset(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
    return {};
  }
  auto pump = Pump::from_pipe(STDOUT_FILENO, passed_);
  if (!pump) return pump.error();
  pump_.emplace(std::move(*pump));
  return {};
}

// A new name beside the file, renamed when all is there. Not for what is no regular file, nor where
// the folder takes no new names, nor where nobody will be there to rename it.
Outcome<void> Output::open_file(When when) {
  struct stat about{};
  const bool exists = ::stat(path_.c_str(), &about) == 0;
  const bool regular = !exists || S_ISREG(about.st_mode);
  path_ = behind_links(path_);
  if (regular && when != When::alone) {
    std::string name = path_ + ".XXXXXX";
    target_.reset(::mkostemp(name.data(), O_CLOEXEC));
    if (target_) {
      part_ = name;
      ::fchmod(target_.get(), mode_for(exists ? &about : nullptr));
    }
  }
  if (!target_)
    target_.reset(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!target_) return cannot("write", path_);
  if (is_file(target_.get()) || (when == When::alone && daemon_takes(target_.get()))) {
    passed_.reset(::fcntl(target_.get(), F_DUPFD_CLOEXEC, 0));
    return {};
  }
  auto pump = Pump::from_pipe(target_.get(), passed_);
  if (!pump) return pump.error();
  pump_.emplace(std::move(*pump));
  return {};
}

Outcome<void> Output::hold() {
  auto file = unlinked_file();
  if (!file) return file.error();
  held_ = std::move(*file);
  pump_.reset();
  passed_.reset(::fcntl(held_.get(), F_DUPFD_CLOEXEC, 0));
  return {};
}

Outcome<void> Output::keep(std::string_view before) {
  if (held_)
    if (auto released = release(before); !released) return released;
  if (part_.empty()) return {};
  if (::fsync(target_.get()) != 0 && errno != EINVAL) return cannot("write", path_);
  if (::rename(part_.c_str(), path_.c_str()) != 0) return cannot("write", path_);
  part_.clear();
  return {};
}

Outcome<void> Output::release(std::string_view before) {
  if (write_all(file(), before) && copy_all(held_.get(), file())) return {};
  return cannot("write", standard_ ? "to standard output" : path_);
}

}  // namespace sim52xx::ctl
