// Moves bytes between the pty and the modem: as fast as the modem takes them and the pty has room,
// or as slowly as a UART would.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "tests/emulator/core/modem.hpp"
#include "tests/emulator/io/asio.hpp"
#include "tests/emulator/io/log.hpp"
#include "tests/emulator/io/pacer.hpp"
#include "tests/emulator/io/pty.hpp"

namespace sim52xx::sim {

class Port {
 public:
  // `settle` is called after bytes have gone either way.
  Port(asio::io_context& io, Modem& modem, WireLog& log, std::string link, int baud,
       std::function<void()> settle);

  // Looks what can be done now, and waits for the rest.
  void settle();
  [[nodiscard]] const std::string& name() const { return name_; }

  // Unplugs the modem; replug() brings it back, likely under another number.
  void unplug();
  void replug();
  [[nodiscard]] bool plugged() const { return pty_ != nullptr; }

 private:
  void read();
  void write();
  void wait(asio::posix::stream_descriptor::wait_type what, bool& waiting);
  void sleep(asio::steady_timer& timer, Pacer::Clock::duration time, bool& waiting);

  void watch_closing();

  Modem& modem_;
  WireLog& log_;
  std::string link_;
  std::string name_;
  std::function<void()> settle_;
  std::unique_ptr<Pty> pty_;
  asio::posix::stream_descriptor descriptor_;
  asio::posix::stream_descriptor closings_;  // inotify: somebody closed the port
  asio::steady_timer read_timer_;
  asio::steady_timer write_timer_;
  Pacer in_;
  Pacer out_;
  Pacer dribble_{1};
  std::array<char, 1024> closing_events_{};
  bool waiting_read_ = false;
  bool waiting_write_ = false;
};

Time now();

}  // namespace sim52xx::sim
