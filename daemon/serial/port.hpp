// The modem's serial port: the only owner of its descriptor. Opened exclusively, closed as soon as
// it is lost. Reads and writes never block; nobody cancels a read for a write's sake (each has a
// descriptor of its own).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/descriptor_wait.hpp"
#include "daemon/async/runtime.hpp"
#include "daemon/serial/control_lines.hpp"
#include "daemon/serial/line_settings.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

// What the driver has counted since the device is there.
struct LineErrors {
  unsigned overruns = 0;  // bytes lost, in the UART or behind it
  unsigned framing = 0;
  unsigned parity = 0;
  unsigned breaks = 0;
};

class Port {
 public:
  // Takes over an open descriptor. `baud` tells how long bytes are on the wire. `lines`: others
  // than the descriptor's own.
  Port(Runtime& runtime, int fd, std::string device, unsigned baud, bool rtscts = false,
       std::unique_ptr<ControlLines> lines = nullptr);
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port() { close(); }

  // Opens, locks (flock and TIOCEXCL) and sets the device. Errors: modem_absent (no such device),
  // denied, busy (locked by another program), invalid (no terminal, settings refused).
  static Result<std::unique_ptr<Port>> open(Runtime& runtime, const std::string& device,
                                            const LineSettings& settings);

  // Takes what there is, at once. 0: nothing, until readable(); or the port is lost, see reason().
  std::size_t read_now(char* buffer, std::size_t size);
  // Until there may be bytes, or the port is lost or closed. To be awaited.
  ReadWait::Wait readable();

  // Writes what the driver takes at once; 0 when it takes nothing now.
  std::size_t write_some(std::string_view bytes);
  // Until the driver may take more, or the deadline; false: deadline passed or port lost.
  asio::awaitable<bool> writable(Time deadline);
  // Whoever waits there goes on, as if it may.
  void end_wait() { out_.close(); }
  // Writes all; false: deadline passed or port lost. Where the modem takes no byte for so long that
  // it never will, the port is lost, too.
  asio::awaitable<bool> write_all(std::string_view bytes, Time deadline);
  static constexpr std::chrono::seconds longest_stall{20};
  // The modem takes no bytes: gives up the port.
  void stalled();

  // When the last byte written so far will have left the wire.
  [[nodiscard]] Time off_wire() const;
  // The driver has handed on all that was written. Flow control may delay that for any time.
  [[nodiscard]] bool drained() const { return unsent() == 0; }
  // Bytes that the driver still has.
  [[nodiscard]] int unsent() const;
  // The device has gone; for somebody who does not read and so is not told.
  bool hung_up();
  // Data carrier detect; nullopt on a line without control lines (a pty).
  [[nodiscard]] std::optional<bool> carrier() const;
  // Data terminal ready; false: it cannot be set. It is on when the port is opened and closed.
  bool set_terminal_ready(bool on);

  // Not reading slows the other end down and loses nothing: RTS/CTS, USB, a pty.
  [[nodiscard]] bool flow_controlled() const { return flow_controlled_; }
  // Where it is known better.
  void set_flow_controlled(bool on) { flow_controlled_ = on; }

  // nullopt where the driver does not count (a pty).
  [[nodiscard]] std::optional<LineErrors> errors() const;

  // Ends every wait. The descriptor is gone at once.
  void close();
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] const std::string& device() const { return device_; }
  // Why it was lost.
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  void lost(std::string reason);
  void look_at_deadline();

  Runtime& runtime_;
  int fd_;
  ReadWait in_;
  bool more_ = true;  // there may be something to read
  int copy_;          // out_'s
  WriteWait out_;
  std::optional<Time> write_deadline_;  // of who waits in writable()
  bool write_expired_ = false;
  Timer write_timer_;
  unsigned unhindered_ = 0;  // so many writes in a row were taken whole
  std::unique_ptr<ControlLines> lines_;
  std::string device_;
  unsigned baud_;
  bool flow_controlled_;
  bool terminal_ready_ = true;
  std::string reason_;
};

}  // namespace sim52xx::daemon
