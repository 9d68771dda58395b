#include "daemon/serial/port.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <linux/serial.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace sim52xx::daemon {
namespace {

// Writes in a row that the driver has taken whole, before it is no longer watched for room.
constexpr unsigned enough = 8;

Error open_error(const std::string& device, int number) {
  const std::string why = device + ": " + std::strerror(number);
  switch (number) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case EIO:
      return {ErrorKind::modem_absent, "port", why};
    case EACCES:
      return {ErrorKind::denied, "port", why + " (is the daemon's user in the device's group?)"};
    case EPERM:  // never by the mode of the device: by the cgroup
      return {ErrorKind::denied, "port", why + " (does the unit's DeviceAllow= have its class?)"};
    case EBUSY:
    case EWOULDBLOCK:
      return {ErrorKind::busy, "port", device + ": locked by another program"};
    default:
      return {ErrorKind::invalid, "port", why};
  }
}

// A close that waits for bytes nobody will ever take could hang for half a minute.
void never_wait_on_close(int fd) {
  serial_struct serial{};
  if (ioctl(fd, TIOCGSERIAL, &serial) != 0) return;
  serial.closing_wait = ASYNC_CLOSING_WAIT_NONE;
  ioctl(fd, TIOCSSERIAL, &serial);
}

// True for what is no real UART, whatever its symbolic link is called: a USB serial port and a pty
// (and a socket, in tests) stop the sender when nobody reads.
bool paced_by_itself(int fd) {
  std::array<char, 64> name{};
  if (ttyname_r(fd, name.data(), name.size()) != 0) return true;
  const std::string_view path(name.data());
  return path.starts_with("/dev/pts/") || path.starts_with("/dev/ttyUSB") ||
         path.starts_with("/dev/ttyACM");
}

std::optional<Error> prepare(int fd, const std::string& device, const LineSettings& settings) {
  if (isatty(fd) == 0) return Error(ErrorKind::invalid, "port", device + ": not a serial port");
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) return open_error(device, errno);
  if (ioctl(fd, TIOCEXCL) != 0) return open_error(device, errno);
  if (const std::string why = apply(fd, settings); !why.empty())
    return Error(ErrorKind::invalid, "port", device + ": " + why);
  never_wait_on_close(fd);
  tcflush(fd, TCIOFLUSH);
  return std::nullopt;
}

}  // namespace

Port::Port(Runtime& runtime, int fd, std::string device, unsigned baud, bool rtscts,
           std::unique_ptr<ControlLines> lines)
    : runtime_(runtime),
      fd_(fd),
      in_(runtime, fd),
      copy_(fcntl(fd, F_DUPFD_CLOEXEC, 0)),
      out_(runtime, copy_),
      write_timer_(runtime.timers, [this] { look_at_deadline(); }),
      lines_(lines ? std::move(lines) : control_lines_of(fd)),
      device_(std::move(device)),
      baud_(baud),
      flow_controlled_(rtscts || paced_by_itself(fd)) {}

Result<std::unique_ptr<Port>> Port::open(Runtime& runtime, const std::string& device,
                                         const LineSettings& settings) {
  const int fd = ::open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return open_error(device, errno);
  if (auto error = prepare(fd, device, settings)) {
    ::close(fd);
    return std::move(*error);
  }
  auto port = std::make_unique<Port>(runtime, fd, device, settings.baud, settings.rtscts);
  port->set_terminal_ready(true);  // whoever had it before may have left it off
  return port;
}

ReadWait::Wait Port::readable() {
  const bool yield = more_;
  more_ = true;
  return yield ? in_.turn() : in_.wait();
}

// A driver hands out no more than it has in one piece. Behind a large piece is often another,
// behind a small one hardly ever, and it costs a system call to find out.
//
// Less than was asked for is all there was. (The line discipline of a tty hands out what it has,
// and wakes for what comes later.)
std::size_t Port::read_now(char* buffer, std::size_t size) {
  if (!is_open() || !more_ || in_.turns_spent()) return 0;
  constexpr std::int64_t large = 2048;
  std::size_t got = 0;
  ssize_t count = 0;
  do {
    do {
      count = ::read(fd_, buffer + got, size - got);
    } while (count < 0 && errno == EINTR);
    if (count > 0) got += static_cast<std::size_t>(count);
  } while (count >= large && static_cast<std::int64_t>(size - got) >= large);
  const bool failed = count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
  more_ = failed || count >= large || got == size || (count > 0 && in_.hung_up());
  if (failed && got == 0) lost(count == 0 ? "end of file" : std::strerror(errno));
  return got;
}

std::size_t Port::write_some(std::string_view bytes) {
  while (is_open() && !bytes.empty()) {
    const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
    const bool whole = count == static_cast<ssize_t>(bytes.size());
    unhindered_ = whole ? unhindered_ + 1 : 0;
    if (unhindered_ >= enough) out_.close();
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) lost(std::strerror(errno));
    return 0;
  }
  return 0;
}

asio::awaitable<bool> Port::writable(Time deadline) {
  if (!is_open()) co_return false;
  write_deadline_ = deadline;
  write_expired_ = false;
  if (!write_timer_.armed_by(deadline)) write_timer_.arm(deadline);
  co_await out_.wait();
  write_deadline_.reset();
  co_return !write_expired_ && is_open();
}

// The timer is not armed anew for each wait: it may have been armed for an earlier one.
void Port::look_at_deadline() {
  if (!write_deadline_) return;
  if (runtime_.now() < *write_deadline_) {
    write_timer_.arm(*write_deadline_);
    return;
  }
  write_expired_ = true;
  out_.close();
}

asio::awaitable<bool> Port::write_all(std::string_view bytes, Time deadline) {
  Time moved = runtime_.now();
  for (;;) {
    const std::size_t count = write_some(bytes);
    bytes.remove_prefix(count);
    if (bytes.empty()) co_return is_open();
    if (count > 0) moved = runtime_.now();
    const Time patience = moved + longest_stall;
    const bool ready = co_await writable(std::min<Time>(deadline, patience));
    if (ready) continue;
    if (is_open() && runtime_.now() >= patience) stalled();
    co_return false;
  }
}

void Port::stalled() {
  lost("the modem takes no bytes any more (flow control: is its CTS stuck?)");
}

bool Port::hung_up() {
  if (!is_open()) return true;
  pollfd look{fd_, 0, 0};
  if (::poll(&look, 1, 0) <= 0 || (look.revents & (POLLHUP | POLLERR | POLLNVAL)) == 0)
    return false;
  lost("hung up");
  return true;
}

int Port::unsent() const {
  int queued = 0;
  return is_open() && ioctl(fd_, TIOCOUTQ, &queued) == 0 ? queued : 0;
}

Time Port::off_wire() const {
  // 10 bits a byte, and one byte that may be in the shift register.
  const auto bits = 10LL * (unsent() + 1);
  return runtime_.now() + std::chrono::duration_cast<Duration>(
                              std::chrono::nanoseconds(bits * 1'000'000'000LL / baud_));
}

std::optional<LineErrors> Port::errors() const {
  serial_icounter_struct count{};
  if (!is_open() || ioctl(fd_, TIOCGICOUNT, &count) != 0) return std::nullopt;
  const auto number = [](int value) { return static_cast<unsigned>(value); };
  LineErrors errors;
  errors.overruns = number(count.overrun) + number(count.buf_overrun);
  errors.framing = number(count.frame);
  errors.parity = number(count.parity);
  errors.breaks = number(count.brk);
  return errors;
}

std::optional<bool> Port::carrier() const {
  return is_open() ? lines_->carrier() : std::nullopt;
}

bool Port::set_terminal_ready(bool on) {
  if (!is_open()) return false;
  terminal_ready_ = on;
  return lines_->set_terminal_ready(on);
}

void Port::close() {
  if (!is_open()) return;
  if (!terminal_ready_) set_terminal_ready(true);
  tcflush(fd_, TCOFLUSH);
  ioctl(fd_, TIOCNXCL);  // or a pty whose other end stays open remains locked
  in_.close();
  out_.close();
  write_timer_.cancel();
  ::close(copy_);
  ::close(std::exchange(fd_, -1));
}

void Port::lost(std::string reason) {
  if (reason_.empty()) reason_ = device_ + ": " + std::move(reason);
  close();
}

}  // namespace sim52xx::daemon
