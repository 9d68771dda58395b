#include "daemon/ctl/input_file.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sim52xx::ctl {
namespace {

constexpr std::size_t whole_most = std::size_t{1} << 20U;

Failure cannot_read(const std::string& path, int error) {
  return misuse("cannot read " + (path == "-" ? "standard input" : path) + ": " +
                std::system_category().message(error));
}

}  // namespace

Outcome<std::string> read_whole(const std::string& path) {
  const bool standard = path == "-";
  const daemon::Fd file(standard ? ::dup(STDIN_FILENO)
                                 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const auto failed = [&] {
    return misuse("cannot read " + (standard ? "standard input" : path) + ": " +
                  std::system_category().message(errno));
  };
  if (!file) return failed();
  std::string all;
  std::array<char, 65536> piece;  // NOLINT: filled by the kernel
  while (true) {
    const ssize_t got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(path, errno);
    if (got == 0) return all;
    all.append(piece.data(), static_cast<std::size_t>(got));
    if (all.size() > whole_most) return misuse(path + " is larger than 1 MiB");
  }
}

Outcome<Input> open_input(const std::string& path, bool alone) {
  Input input;
  if (path != "-") {
    input.file.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!input.file) return cannot_read(path, errno);
    struct stat about{};
    if (::fstat(input.file.get(), &about) == 0 && S_ISDIR(about.st_mode))
      return cannot_read(path, EISDIR);
  }
  const int from = input.file ? input.file.get() : STDIN_FILENO;
  if (alone && !daemon_takes(from))
    return misuse("with --detach only a file or a pipe can be sent");
  if (is_file(from) || alone) {
    input.passed.reset(::fcntl(from, F_DUPFD_CLOEXEC, 0));
    if (!input.passed) return cannot_read(path, errno);
    return input;
  }
  auto pump = Pump::to_socket(from, input.passed);
  if (!pump) return pump.error();
  input.pump.emplace(std::move(*pump));
  return input;
}

}  // namespace sim52xx::ctl
