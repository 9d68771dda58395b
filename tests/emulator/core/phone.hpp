// The phone: identity, card, network and power. The status queries of the bring-up.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "tests/emulator/core/commands.hpp"

namespace sim52xx::sim {

class Modem;

class Phone {
 public:
  explicit Phone(Modem& modem) : modem_(modem) {}
  void install(CommandTable& table);

  [[nodiscard]] bool registered() const;
  void report_sim();
  void sim_changed();
  void registration_changed();
  void reset();

 private:
  void install_identity(CommandTable& table);
  void install_card(CommandTable& table);
  void install_network(CommandTable& table);
  void install_context(CommandTable& table);
  void install_power(CommandTable& table);
  void registration_query(CommandTable& table, const std::string& name);
  // A command that prints one line, then OK.
  void query(CommandTable& table, const std::string& name, std::function<std::string()> line,
             bool needs_card = false);

  [[nodiscard]] Result card_problem() const;
  Result enter_pin(const Arguments& arguments);
  Result enter_puk(const Arguments& arguments);
  Result wrong_code();
  Result power(const Arguments& arguments);
  Result set_context(const Arguments& arguments);
  [[nodiscard]] std::string card_state() const;
  [[nodiscard]] int registration() const;
  [[nodiscard]] std::string system_information() const;

  Modem& modem_;
  int function_ = 1;  // AT+CFUN
  int tries_ = 3;
  std::map<std::string, int, std::less<>> report_;  // CREG and CGREG: <n>
  std::map<int, std::string> contexts_;             // CGSOCKCONT
  std::map<int, std::string> logins_;               // CSOCKAUTH
  int profile_ = 1;                                 // CSOCKSETPN
};

}  // namespace sim52xx::sim
