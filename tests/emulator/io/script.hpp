// --script FILE: what happens to the modem, and when. Each line is a command of the control socket
// with the time from the start on, in seconds:
//
//   {"at":5,"cmd":"urc","line":"RING"}
// Empty lines and lines that begin with # are left out. A command that fails is told on stderr.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/emulator/io/asio.hpp"

namespace sim52xx::sim {

class Emulator;

class Script {
 public:
  // `scale` multiplies the times. Throws std::runtime_error, which names file and line.
  Script(asio::io_context& io, Emulator& emulator, std::string path, double scale);
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;
  ~Script() = default;

 private:
  struct Act {
    std::chrono::duration<double> at;
    std::size_t line;
    std::string command;
  };

  [[nodiscard]] Act read_act(const std::string& text, std::size_t line) const;
  void wait();
  void carry_out(const Act& act);

  Emulator& emulator_;
  std::string path_;
  asio::steady_timer timer_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<Act> acts_;  // in the order of time
  std::size_t next_ = 0;
};

}  // namespace sim52xx::sim
