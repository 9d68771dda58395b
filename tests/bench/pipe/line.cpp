#include "tests/bench/pipe/line.hpp"

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

namespace sim52xx::bench {
namespace {

constexpr double patience = 20;
constexpr double step = 0.0005;

[[noreturn]] void fail(const std::string& what) {
  throw Failure(what + ": " + std::strerror(errno));
}

void set_non_blocking(int fd) {
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

struct Answer {
  std::string_view command;
  std::string_view text;
};

// What the modem says before the transparent mode; the first that fits. All else is OK.
constexpr std::array answers{
    Answer{"AT+CCHOPEN", "\r\nERROR\r\n"},
    Answer{"AT+CPIN?", "\r\n+CPIN: READY\r\n\r\nOK\r\n"},
    Answer{"AT+CREG?", "\r\n+CREG: 0,1\r\n\r\nOK\r\n"},
    Answer{"AT+CGREG?", "\r\n+CGREG: 0,1\r\n\r\nOK\r\n"},
    Answer{"AT+CSQ", "\r\n+CSQ: 21,0\r\n\r\nOK\r\n"},
    Answer{"AT+COPS?", "\r\n+COPS: 0,0,\"Bench\",2\r\n\r\nOK\r\n"},
    Answer{"AT+CNSMOD?", "\r\n+CNSMOD: 0,4\r\n\r\nOK\r\n"},
    Answer{"AT+CGSN", "\r\n356078000000017\r\n\r\nOK\r\n"},
    Answer{"AT+CICCID", "\r\n+ICCID: 8944100000000000017\r\n\r\nOK\r\n"},
    Answer{"AT+CGMM", "\r\nSIMCOM_SIM5218E\r\n\r\nOK\r\n"},
    Answer{"AT+CGMR", "\r\n+CGMR: BENCH01\r\n\r\nOK\r\n"},
};

int connected(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

}  // namespace

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void sleep_until(double when) {
  const double whole = std::floor(when);
  const timespec time{static_cast<time_t>(whole), static_cast<long>((when - whole) * 1e9)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) == EINTR) {
  }
}

bool wait_for(int fd, short events, double seconds) {
  pollfd look{fd, events, 0};
  return poll(&look, 1, static_cast<int>(seconds * 1000)) > 0;
}

std::size_t write_some(int fd, const char* bytes, std::size_t size) {
  const ssize_t count = ::write(fd, bytes, size);
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EINTR) return 0;
  fail("write");
}

std::size_t read_some(int fd, char* bytes, std::size_t size) {
  const ssize_t count = ::read(fd, bytes, size);
  if (count > 0) return static_cast<std::size_t>(count);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  if (count == 0) errno = EPIPE;
  fail("read");
}

Line::Line(bool direct) : modem_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
  std::array<char, 128> name{};
  if (modem_ < 0 || grantpt(modem_) != 0 || unlockpt(modem_) != 0 ||
      ptsname_r(modem_, name.data(), name.size()) != 0)
    fail("pty");
  device_ = name.data();
  slave_ = open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios settings{};
  tcgetattr(slave_, &settings);
  cfmakeraw(&settings);
  tcsetattr(slave_, TCSANOW, &settings);
  set_non_blocking(modem_);
  if (!direct) return;
  app_ = std::exchange(slave_, -1);
  set_non_blocking(app_);
}

Line::~Line() {
  for (const int fd : {modem_, slave_, app_})
    if (fd >= 0) close(fd);
}

double Line::connect(const std::string& socket, bool commands) {
  const double begin = now();
  online_ = !commands;
  while (app_ < 0 || !online_) {
    if (now() > begin + patience) throw Failure("the bridge does not come up");
    answer_commands();
    if (app_ < 0) app_ = connected(socket);
    sleep_until(now() + step);
  }
  set_non_blocking(app_);
  pass_mark(app_, modem_);
  pass_mark(modem_, app_);
  return now() - begin;
}

void Line::answer_commands() {
  std::array<char, 512> buffer{};
  while (!online_) {
    const std::size_t count = read_some(modem_, buffer.data(), buffer.size());
    if (count == 0) return;
    for (const char c : std::string_view(buffer.data(), count)) {
      if (c != '\r' && c != '\n')
        command_ += c;
      else if (!command_.empty())
        answer(std::exchange(command_, {}));
    }
  }
}

void Line::answer(std::string_view line) {
  std::string_view text = "\r\nOK\r\n";
  for (const Answer& each : answers)
    if (line.starts_with(each.command)) {
      text = each.text;
      break;
    }
  if (line.starts_with("AT+CSSLOPEN=0")) {
    text = "\r\nCONNECT 115200\r\n";
    online_ = true;
  }
  write_some(modem_, text.data(), text.size());
}

// What comes before the mark is dropped: some bridges greet.
void Line::pass_mark(int from, int to) const {
  constexpr std::string_view mark = "<bench-is-ready>";
  write_some(from, mark.data(), mark.size());
  std::string got;
  std::array<char, 512> buffer{};
  const double end = now() + patience;
  while (!got.ends_with(mark)) {
    if (now() > end) throw Failure("nothing comes through the bridge");
    if (wait_for(to, POLLIN, 0.1))
      got.append(buffer.data(), read_some(to, buffer.data(), buffer.size()));
  }
}

}  // namespace sim52xx::bench
