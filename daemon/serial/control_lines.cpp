#include "daemon/serial/control_lines.hpp"

#include <sys/ioctl.h>
#include <termios.h>

namespace sim52xx::daemon {
namespace {

class TerminalLines final : public ControlLines {
 public:
  explicit TerminalLines(int fd) : fd_(fd) {}

  [[nodiscard]] std::optional<bool> carrier() const override {
    int lines = 0;
    if (ioctl(fd_, TIOCMGET, &lines) != 0) return std::nullopt;
    return (lines & TIOCM_CAR) != 0;
  }

  bool set_terminal_ready(bool on) override {
    const int line = TIOCM_DTR;
    return ioctl(fd_, on ? TIOCMBIS : TIOCMBIC, &line) == 0;
  }

 private:
  int fd_;
};

}  // namespace

std::unique_ptr<ControlLines> control_lines_of(int fd) {
  return std::make_unique<TerminalLines>(fd);
}

}  // namespace sim52xx::daemon
