// The control socket: one JSON object per line asks, one JSON object per line answers.
//
//   {"cmd":"status"} -> {"ok":true, ...}; anything wrong -> {"ok":false,"error":"..."}
// The commands are a table in control_commands.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/emulator/io/asio.hpp"

namespace sim52xx::sim {

class Emulator;

// Every command, with its members in words.
std::vector<std::pair<std::string_view, std::string_view>> control_commands();

// Carries out one line; the answer is one line.
std::string control_answer(Emulator& emulator, const std::string& line);

class ControlServer {
 public:
  ControlServer(asio::io_context& io, Emulator& emulator, std::string path);
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  ~ControlServer();

 private:
  void accept();

  Emulator& emulator_;
  std::string path_;
  asio::local::stream_protocol::acceptor acceptor_;
};

}  // namespace sim52xx::sim
