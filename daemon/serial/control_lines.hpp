// The control lines beside the data of a serial line: DTR towards the modem, DCD from it. A pty and
// a socket have none; tests play them.
#pragma once

#include <memory>
#include <optional>

namespace sim52xx::daemon {

class ControlLines {
 public:
  virtual ~ControlLines() = default;
  // Data carrier detect; nullopt: there are no control lines.
  [[nodiscard]] virtual std::optional<bool> carrier() const = 0;
  // Data terminal ready; false: it could not be set.
  virtual bool set_terminal_ready(bool on) = 0;
};

// Of the terminal `fd`, which the caller owns.
std::unique_ptr<ControlLines> control_lines_of(int fd);

}  // namespace sim52xx::daemon
