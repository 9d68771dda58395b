#include "daemon/ctl/input_file.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "daemon/system/fd.hpp"

namespace sim52xx::ctl {
namespace {

constexpr std::size_t whole_most = std::size_t{1} << 20U;

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
    if (got < 0) return failed();
    if (got == 0) return all;
    all.append(piece.data(), static_cast<std::size_t>(got));
    if (all.size() > whole_most) return misuse(path + " is larger than 1 MiB");
  }
}

}  // namespace sim52xx::ctl
