// Puts the parts together: the modem, its port, its network, its clock and its control socket.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "tests/emulator/core/modem.hpp"
#include "tests/emulator/io/asio.hpp"
#include "tests/emulator/io/curl_ftp.hpp"
#include "tests/emulator/io/folder_store.hpp"
#include "tests/emulator/io/log.hpp"
#include "tests/emulator/io/outside.hpp"
#include "tests/emulator/io/port.hpp"
#include "tests/emulator/io/tls_network.hpp"

namespace sim52xx::sim {

class ControlServer;

struct Options {
  std::string link;
  std::string profile = "sim52xx";
  OutsideOptions outside;
  std::string efs;
  int baud = 0;
  std::string control;
  std::string script;
  std::string replay;
  bool no_pauses = false;
  std::string log;
  Settings settings;
};

class Emulator {
 public:
  Emulator(asio::io_context& io, const Options& options);
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;
  ~Emulator();

  [[nodiscard]] const std::string& port_name() const { return port_.name(); }
  [[nodiscard]] Modem& modem() { return modem_; }
  [[nodiscard]] TlsNetwork& network() { return network_; }
  [[nodiscard]] CurlFtp& ftp() { return ftp_; }
  // After anything has changed: moves bytes, sets the clock.
  void settle();
  // Pulls the plug for that long.
  void vanish(std::chrono::milliseconds time);

 private:
  void set_clock();
  void close_peers();

  WireLog log_;
  TlsNetwork network_;
  std::unique_ptr<FileStore> files_;
  CurlFtp ftp_;
  Modem modem_;
  Port port_;
  asio::steady_timer clock_;
  std::optional<Time> deadline_;
  asio::steady_timer absence_;
  bool settling_ = false;
  std::unique_ptr<ControlServer> control_;
};

}  // namespace sim52xx::sim
