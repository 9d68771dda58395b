#include "daemon/modem/reset_command.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/async/event.hpp"

namespace sim52xx::daemon {
namespace {

constexpr auto look_again = std::chrono::milliseconds(250);

// The number of the process; -1 and errno where there is none.
pid_t start(const std::string& command) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  sigset_t reset;
  sigemptyset(&reset);
  sigaddset(&reset, SIGPIPE);  // ours is ignored
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  posix_spawnattr_setsigdefault(&how, &reset);
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
  std::string shell = "sh";
  std::string option = "-c";
  std::string text = command;
  const std::array<char*, 4> arguments{shell.data(), option.data(), text.data(), nullptr};
  pid_t pid = -1;
  const int error = posix_spawn(&pid, "/bin/sh", &files, &how, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&how);
  if (error == 0) return pid;
  errno = error;
  return -1;
}

Result<void> ended(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  const std::string how = WIFEXITED(status) ? "exit status " + std::to_string(WEXITSTATUS(status))
                                            : "signal " + std::to_string(WTERMSIG(status));
  return Error(ErrorKind::modem_error, "reset_command", "modem.reset_command failed: " + how);
}

// Whether the process has ended by then.
asio::awaitable<bool> wait_for_end(Runtime& runtime, asio::posix::stream_descriptor& process,
                                   Time deadline) {
  Timer timer(runtime.timers, [&process] { process.cancel(); });
  timer.arm(deadline);
  const auto result = co_await process.async_wait(asio::posix::stream_descriptor::wait_read,
                                                  asio::as_tuple(asio::use_awaitable));
  co_return !std::get<0>(result);
}

}  // namespace

asio::awaitable<Result<void>> run_reset_command(Runtime& runtime, std::string command,
                                                Duration patience) {
  const pid_t pid = start(command);
  const int fd = pid < 0 ? -1 : static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (fd < 0) {
    const std::string why = std::strerror(errno);
    if (pid > 0) kill(-pid, SIGKILL);
    if (pid > 0) waitpid(pid, nullptr, 0);
    co_return Error(ErrorKind::modem_error, "reset_command",
                    "modem.reset_command could not be run: " + why);
  }
  asio::posix::stream_descriptor process(runtime.io, fd);
  const bool in_time = co_await wait_for_end(runtime, process, runtime.now() + patience);
  if (in_time) co_return ended(pid);
  kill(-pid, SIGKILL);
  const bool gone = co_await wait_for_end(runtime, process, runtime.now() + patience);
  if (gone) waitpid(pid, nullptr, 0);
  co_return Error(ErrorKind::timeout, "reset_command",
                  "modem.reset_command was stopped: it took more than " +
                      std::to_string(patience / std::chrono::seconds(1)) + " s");
}

asio::awaitable<Result<void>> request_reset(Runtime& runtime, std::filesystem::path request,
                                            Duration patience) {
  if (!std::ofstream(request).put('\n').flush())
    co_return Error(ErrorKind::modem_error, "reset_command",
                    request.string() + " cannot be made: " + std::strerror(errno));
  const Time until = runtime.now() + patience;
  Event nothing(runtime);
  std::error_code error;
  while (std::filesystem::exists(request, error)) {
    if (runtime.now() >= until) {
      std::filesystem::remove(request, error);
      co_return Error(ErrorKind::timeout, "reset_command",
                      "nobody has reset the modem (is sim52xx-reset@.path active?)");
    }
    co_await nothing.wait_until(std::min(until, runtime.now() + look_again));
  }
  co_return Result<void>();
}

}  // namespace sim52xx::daemon
