#include "daemon/config/secret.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sim52xx::daemon::config {
namespace {

constexpr std::size_t longest = 4096;

Error refuse(const std::string& path, std::string_view why) {
  return {ErrorKind::invalid, "config", "the secret " + path + " " + std::string(why)};
}

class File {
 public:
  // O_NONBLOCK: a FIFO in its place must not stop the daemon.
  explicit File(const std::string& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] bool is_regular() const {
    struct stat status{};
    return ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
  }
  // At most `most` bytes; false where reading fails.
  bool read(std::string& text, std::size_t most) const {
    text.assign(most, '\0');
    std::size_t have = 0;
    while (have < most) {
      const ssize_t n = ::read(fd_, text.data() + have, most - have);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return false;
      if (n == 0) break;
      have += static_cast<std::size_t>(n);
    }
    text.resize(have);
    return true;
  }

 private:
  int fd_;
};

Result<std::string> read_file(const std::string& path) {
  const File file(path);
  if (!file.is_open()) return refuse(path, std::string("cannot be read: ") + std::strerror(errno));
  if (!file.is_regular()) return refuse(path, "is not a regular file");
  std::string text;
  if (!file.read(text, longest + 1))
    return refuse(path, std::string("cannot be read: ") + std::strerror(errno));
  if (text.size() > longest) return refuse(path, "is longer than 4096 bytes");
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return refuse(path, "is empty");
  if (text.find('\0') != std::string::npos) return refuse(path, "contains a zero byte");
  return text;
}

}  // namespace

Result<std::string> read_secret(const SecretName& name) {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  return read_secret(name, directory == nullptr ? "" : directory);
}

Result<std::string> read_secret(const SecretName& name, const std::string& credentials_directory) {
  if (!name.file.empty()) return read_file(name.file);
  if (name.credential.empty()) return Error(ErrorKind::invalid, "config", "no secret is named");
  if (credentials_directory.empty())
    return refuse(
        name.credential,
        "is a systemd credential, but CREDENTIALS_DIRECTORY is not set (LoadCredential=)");
  return read_file(credentials_directory + "/" + name.credential);
}

}  // namespace sim52xx::daemon::config
