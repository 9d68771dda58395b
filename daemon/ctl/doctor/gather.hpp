// The facts of check.hpp, from where they are to be found: the daemon, its configuration, and the
// files in which this machine tells of itself. Reads, and opens TLS sessions where it is asked to;
// changes nothing.
#pragma once

#include <filesystem>
#include <string>

#include "daemon/ctl/client.hpp"
#include "daemon/ctl/fields.hpp"

namespace sim52xx::ctl::doctor {

// A machine, as its files tell: "/" or a folder that plays one.
class Machine {
 public:
  explicit Machine(std::filesystem::path root = "/") : root_(std::move(root)) {}

  // facts.device; `daemon` is the process that may have it open.
  [[nodiscard]] json device(const std::string& path, int daemon) const;
  // facts.ports
  [[nodiscard]] json ports() const;
  // A modem on the USB bus without any serial port.
  [[nodiscard]] bool usb_without_port() const;
  // facts.service: the process of that number; where it is 0, the sim52xxd whose sockets are beside
  // that one.
  [[nodiscard]] json service(int pid, const std::string& socket) const;
  // facts.modem_manager
  [[nodiscard]] json modem_manager() const;

 private:
  [[nodiscard]] std::filesystem::path at(std::string_view path) const;
  [[nodiscard]] json holders(const std::string& target, int daemon, bool& unseen) const;
  [[nodiscard]] std::string usb_of(const std::string& tty) const;

  std::filesystem::path root_;
};

// facts.configuration: what sim52xxd says of that file.
json configuration(const std::string& file);

struct Tries {
  bool wanted = true;
  double wait = 60;  // seconds for each
};

// facts.modem; null where the modem is not to be disturbed, or not for this user.
json ask_modem(Client& client, const json& status);

// facts.tries: opens a session at each endpoint that nobody uses.
json try_endpoints(Client& client, const std::string& control_socket, const json& status,
                   const Tries& how);

// All of them.
json gather(const std::string& socket, const std::string& config_file, const Tries& how);

}  // namespace sim52xx::ctl::doctor
