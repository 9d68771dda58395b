// ideal_bridge: what moving bytes between a terminal and a Unix socket costs at least. It waits by
// epoll, reads, writes, and does nothing else: one client, no log, no care for anything.
//
//   ideal_bridge [--drain] TTY SOCKET     --drain: reads all that is there before it writes
#include <array>
#include <cerrno>
#include <cstddef>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

namespace {

class Flow {
 public:
  Flow(int from, int to, bool drain) : from_(from), to_(to), drain_(drain) {}

  [[nodiscard]] bool waits() const { return begin_ < end_; }
  // False: one of the two sides is gone.
  bool read() {
    do {
      const ssize_t count = ::read(from_, buffer_.data() + end_, buffer_.size() - end_);
      if (count < 0 && errno == EAGAIN) break;
      if (count <= 0) return false;
      end_ += static_cast<std::size_t>(count);
    } while (drain_ && end_ < buffer_.size());
    return write();
  }
  bool write() {
    while (waits()) {
      const ssize_t count = ::write(to_, buffer_.data() + begin_, end_ - begin_);
      if (count < 0) return errno == EAGAIN;
      begin_ += static_cast<std::size_t>(count);
    }
    begin_ = end_ = 0;
    return true;
  }

 private:
  int from_;
  int to_;
  bool drain_;
  std::vector<char> buffer_ = std::vector<char>(65536);
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

int open_terminal(const char* path) {
  const int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  termios settings{};
  if (tcgetattr(fd, &settings) != 0) return -1;
  cfmakeraw(&settings);
  return tcsetattr(fd, TCSANOW, &settings) == 0 ? fd : -1;
}

int accept_client(std::string_view path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -1;
  if (listen(listener, 1) != 0) return -1;
  return accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

int relay(int terminal, int client, bool drain) {
  std::array<Flow, 2> flows{Flow(terminal, client, drain), Flow(client, terminal, drain)};
  const std::array<int, 2> fds{terminal, client};
  std::array<unsigned, 2> armed{};
  const int poller = epoll_create1(EPOLL_CLOEXEC);
  for (std::size_t i = 0; i < 2; ++i) {
    epoll_event event{0, {.u64 = i}};
    epoll_ctl(poller, EPOLL_CTL_ADD, fds.at(i), &event);
  }
  for (;;) {
    for (std::size_t i = 0; i < 2; ++i) {
      const unsigned want = (flows.at(i).waits() ? 0U : unsigned{EPOLLIN}) |
                            (flows.at(1 - i).waits() ? unsigned{EPOLLOUT} : 0U);
      if (want == armed.at(i)) continue;
      epoll_event event{want, {.u64 = i}};
      epoll_ctl(poller, EPOLL_CTL_MOD, fds.at(i), &event);
      armed.at(i) = want;
    }
    std::array<epoll_event, 2> events{};
    const int count = epoll_wait(poller, events.data(), 2, -1);
    for (int e = 0; e < count; ++e) {
      const epoll_event& event = events.at(static_cast<std::size_t>(e));
      const auto side = static_cast<std::size_t>(event.data.u64);
      if ((event.events & EPOLLOUT) != 0 && !flows.at(1 - side).write()) return 0;
      if ((event.events & ~unsigned{EPOLLOUT}) != 0 && !flows.at(side).waits() &&
          !flows.at(side).read())
        return 0;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bool drain = argc == 4 && std::string_view(argv[1]) == "--drain";
  if (argc != (drain ? 4 : 3)) return 2;
  const int terminal = open_terminal(argv[argc - 2]);
  const int client = terminal < 0 ? -1 : accept_client(argv[argc - 1]);
  return client < 0 ? 1 : relay(terminal, client, drain);
}
