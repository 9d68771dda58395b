// The other families of the note's chapter 7, as far as they get in the way of the TLS stacks:
// TCP/IP, MMS, GPS, plain HTTP and plain FTP. They occupy the network and do nothing with it.
#pragma once

#include <string>

#include "tests/emulator/core/commands.hpp"
#include "tests/emulator/core/exclusion.hpp"

namespace sim52xx::sim {

class Modem;

class Families {
 public:
  explicit Families(Modem& modem) : modem_(modem) {}
  void install(CommandTable& table);

 private:
  void install_tcpip(CommandTable& table);
  // A family that one command switches on and off: "=1" and "=0".
  void add_switch(CommandTable& table, const std::string& name, User user);
  // A command that occupies its family until its result comes.
  void add_request(CommandTable& table, const std::string& name, User user);
  Result request(const std::string& name, User user);

  Modem& modem_;
};

}  // namespace sim52xx::sim
