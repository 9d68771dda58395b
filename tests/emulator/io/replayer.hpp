// --replay FILE: a trace on a pty. What the port does besides bytes, it does as well: it vanishes
// and comes back.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "tests/emulator/core/replay.hpp"
#include "tests/emulator/io/asio.hpp"
#include "tests/emulator/io/pty.hpp"

namespace sim52xx::sim {

class Replayer {
 public:
  // Throws std::runtime_error, which names file and line. `scale`: as Replay's.
  Replayer(asio::io_context& io, std::string path, std::string link, double scale);
  Replayer(const Replayer&) = delete;
  Replayer& operator=(const Replayer&) = delete;
  ~Replayer() = default;

  [[nodiscard]] std::string port_name() const { return pty_ ? pty_->name() : ""; }
  [[nodiscard]] bool played() const { return replay_->done() && replay_->problem().empty(); }

 private:
  void plug();
  void unplug();
  void read();
  void watch_closing();
  void settle();
  void write();

  asio::io_context& io_;
  std::string path_;
  std::string link_;
  std::unique_ptr<Replay> replay_;
  std::unique_ptr<Pty> pty_;
  asio::posix::stream_descriptor port_;
  asio::posix::stream_descriptor closings_;  // inotify: somebody closed the port
  asio::steady_timer timer_;
  std::array<char, 4096> buffer_{};
  std::array<char, 1024> closing_events_{};
  std::string sending_;
  bool told_ = false;
};

}  // namespace sim52xx::sim
