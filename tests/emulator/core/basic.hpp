// The commands of the line itself: AT, ATE, ATV, ATQ, ATX, AT&C, AT&D, AT&F, AT&W, ATZ, ATI, ATO,
// S registers, and what only has to be remembered (IFC, IPR, CMEE, CATR).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "tests/emulator/core/commands.hpp"

namespace sim52xx::sim {

class Modem;

class Basic {
 public:
  explicit Basic(Modem& modem) : modem_(modem) {}
  void install(CommandTable& table);

  // AT+CMEE
  [[nodiscard]] int error_detail() const { return error_detail_; }
  void reset();

 private:
  void install_profile(CommandTable& table);
  void install_registers(CommandTable& table);
  // A command whose value is stored and shown, no more.
  void remember(CommandTable& table, const std::string& name, int low, int high, int value);
  Result identify(const Arguments& arguments);
  Result flow_control(const Arguments& arguments);

  Modem& modem_;
  int error_detail_ = 0;
  std::map<std::string, std::string, std::less<>> remembered_;
};

}  // namespace sim52xx::sim
