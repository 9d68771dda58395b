#include "tests/emulator/core/basic.hpp"

#include <array>
#include <utility>

#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {
namespace {

// The digit of a basic command; none means 0.
std::optional<int> digit(const Arguments& arguments, int high) {
  if (arguments.size() == 0) return 0;
  return arguments.number(0, 0, high);
}

}  // namespace

void Basic::install(CommandTable& table) {
  install_profile(table);
  install_registers(table);
  table.add("I", {.exec = [this](const Arguments& a) { return identify(a); }});
  table.add("O", {.exec = [this](const Arguments&) { return modem_.ssl().go_online(); }});
  table.add("H", {.exec = [this](const Arguments&) { return modem_.ssl().hang_up(); }});
  table.add("+CMEE", {.set =
                          [this](const Arguments& a) {
                            const auto detail = a.number(0, 0, 2);
                            if (detail) error_detail_ = *detail;
                            return detail ? ok : error;
                          },
                      .read =
                          [this] {
                            modem_.output().line("+CMEE: " + std::to_string(error_detail_));
                            return ok;
                          }});
  table.add("+IFC", {.set = [this](const Arguments& a) { return flow_control(a); },
                     .read =
                         [this] {
                           const auto& line = modem_.settings().line;
                           modem_.output().line("+IFC: " + std::to_string(line.flow_to_host) + "," +
                                                std::to_string(line.flow_to_modem));
                           return ok;
                         }});
  remember(table, "+IPR", 0, 4000000, 115200);
  remember(table, "+IPREX", 0, 4000000, 115200);
  remember(table, "+STK", 0, 1, 1);
  remember(table, "+CATR", 0, 7, 0);
  remember(table, "+CSUART", 0, 1, 0);
  remember(table, "+CDCDMD", 0, 1, 1);
  remember(table, "+CFBDURC", 0, 1, 0);
}

void Basic::install_profile(CommandTable& table) {
  const auto flag = [this, &table](const char* name, bool LineProfile::* member, bool inverted) {
    table.add(name, {.exec = [this, member, inverted](const Arguments& a) {
                const auto value = digit(a, 1);
                if (value) modem_.settings().line.*member = (*value == 1) != inverted;
                return value ? ok : error;
              }});
  };
  const auto number = [this, &table](const char* name, int LineProfile::* member, int high) {
    table.add(name, {.exec = [this, member, high](const Arguments& a) {
                const auto value = digit(a, high);
                if (value) modem_.settings().line.*member = *value;
                return value ? ok : error;
              }});
  };
  flag("E", &LineProfile::echo, false);
  flag("V", &LineProfile::verbose, false);
  flag("Q", &LineProfile::quiet, false);
  number("X", &LineProfile::connect_detail, 4);
  number("&C", &LineProfile::carrier, 2);
  number("&D", &LineProfile::terminal_ready, 2);
  number("&S", &LineProfile::data_set_ready, 1);
  table.add("&F", {.exec = [this](const Arguments&) {
              modem_.settings().line = LineProfile{};
              return ok;
            }});
  table.add("&W", {.exec = [this](const Arguments&) {
              modem_.settings().stored = modem_.settings().line;
              return ok;
            }});
  table.add("Z", {.exec = [this](const Arguments&) {
              modem_.settings().line = modem_.settings().stored;
              return ok;
            }});
}

// Those of the manual that exist. They are fixed but for S0: guard times have none.
void Basic::install_registers(CommandTable& table) {
  static constexpr std::array<std::pair<int, int>, 9> registers{
      {{0, 0}, {3, 13}, {4, 10}, {5, 8}, {6, 2}, {7, 50}, {8, 2}, {10, 14}, {11, 95}}};
  for (const auto& [number, value] : registers) {
    const std::string three = std::to_string(1000 + value).substr(1);
    table.add("S" + std::to_string(number),
              {.set =
                   [wanted = value, free = number == 0](const Arguments& a) {
                     const auto given = a.number(0, 0, 255);
                     return given && (free || *given == wanted) ? ok : error;
                   },
               .read =
                   [this, three] {
                     modem_.output().line(three);
                     return ok;
                   }});
  }
}

void Basic::remember(CommandTable& table, const std::string& name, int low, int high, int value) {
  remembered_[name] = std::to_string(value);
  table.add(name, {.set =
                       [this, name, low, high](const Arguments& a) {
                         const auto number = a.number(0, low, high);
                         if (number) remembered_[name] = std::to_string(*number);
                         return number ? ok : error;
                       },
                   .read =
                       [this, name] {
                         modem_.output().line(name + ": " + remembered_[name]);
                         return ok;
                       },
                   .test =
                       [this, name, low, high] {
                         modem_.output().line(name + ": (" + std::to_string(low) + "-" +
                                              std::to_string(high) + ")");
                         return ok;
                       }});
}

Result Basic::identify(const Arguments& arguments) {
  if (!digit(arguments, 9)) return error;
  const auto& settings = modem_.settings();
  modem_.output().line("Manufacturer: SIMCOM INCORPORATED\r\nModel: " + settings.model +
                       "\r\nRevision: " + settings.revision + "\r\nIMEI: " + settings.imei +
                       "\r\n+GCAP: +CGSM,+FCLASS,+DS");
  return ok;
}

Result Basic::flow_control(const Arguments& arguments) {
  const auto to_host = arguments.number(0, 0, 3);
  const auto to_modem = arguments.size() > 1 ? arguments.number(1, 0, 2) : to_host;
  if (!to_host || !to_modem) return error;
  modem_.settings().line.flow_to_host = *to_host;
  modem_.settings().line.flow_to_modem = *to_modem;
  return ok;
}

void Basic::reset() {
  error_detail_ = 0;
}

}  // namespace sim52xx::sim
