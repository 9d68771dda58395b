#include "tests/emulator/core/commands.hpp"

namespace sim52xx::sim {

std::string_view cme_text(int code) {
  switch (code) {
    case 3:
      return "operation not allowed";
    case 4:
      return "operation not supported";
    case 10:
      return "SIM not inserted";
    case 11:
      return "SIM PIN required";
    case 12:
      return "SIM PUK required";
    case 16:
      return "incorrect password";
    case 30:
      return "no network service";
    case 50:
      return "incorrect parameters";
    default:
      return "unknown";
  }
}

Result CommandTable::run(const Call& call, std::string_view understood) const {
  const auto found = commands_.find(call.name);
  if (found == commands_.end()) return error;
  const Command& command = found->second;
  if (command.spelling == Spelling::note && understood == "real") return error;
  if (command.spelling == Spelling::real && understood == "note") return error;
  switch (call.form) {
    case Form::exec:
      return command.exec ? command.exec(call.arguments) : error;
    case Form::set:
      return command.set ? command.set(call.arguments) : error;
    case Form::read:
      return command.read ? command.read() : error;
    case Form::test:
      return command.test ? command.test() : error;
  }
  return error;
}

}  // namespace sim52xx::sim
