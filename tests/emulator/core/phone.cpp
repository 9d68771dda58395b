#include "tests/emulator/core/phone.hpp"

#include <array>
#include <ctime>

#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {
namespace {

std::string time_of_this_machine() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%y/%m/%d,%H:%M:%S+00", &utc)};
}

}  // namespace

void Phone::install(CommandTable& table) {
  install_identity(table);
  install_card(table);
  install_network(table);
  install_context(table);
  install_power(table);
}

void Phone::query(CommandTable& table, const std::string& name, std::function<std::string()> line,
                  bool needs_card) {
  table.add(name, {.exec =
                       [this, line, needs_card](const Arguments&) {
                         if (needs_card && modem_.settings().sim != "ready") return card_problem();
                         modem_.output().line(line());
                         return ok;
                       },
                   .test = [] { return ok; }});
}

void Phone::install_identity(CommandTable& table) {
  query(table, "+CGMI", [] { return std::string("SIMCOM INCORPORATED"); });
  query(table, "+GMI", [] { return std::string("SIMCOM INCORPORATED"); });
  query(table, "+GMM", [this] { return modem_.settings().model; });
  query(table, "+GMR", [this] { return "+GMR: " + modem_.settings().revision; });
  query(table, "+GSN", [this] { return modem_.settings().imei; });
  query(table, "+CGMM", [this] { return modem_.settings().model; });
  query(table, "+CGMR", [this] { return "+CGMR: " + modem_.settings().revision; });
  query(table, "+CGSN", [this] { return modem_.settings().imei; });
  query(table, "+CIMI", [] { return std::string("001010123456789"); }, true);
  query(table, "+CICCID", [] { return std::string("+ICCID: 89010000000000000000"); }, true);
}

bool Phone::registered() const {
  return registration() == 1 || registration() == 5;
}

int Phone::registration() const {
  const auto& settings = modem_.settings();
  return function_ == 1 && settings.sim == "ready" ? settings.registration : 0;
}

std::string Phone::system_information() const {
  if (!registered()) return "+CPSI: NO SERVICE,Online";
  return "+CPSI: WCDMA,Online,001-01,0x00C8,1000,WCDMA 2100,10713,0,5,80,22,31,500";
}

void Phone::install_network(CommandTable& table) {
  query(table, "+CSQ", [this] {
    return "+CSQ: " + std::to_string(function_ == 1 ? modem_.settings().csq : 99) + ",99";
  });
  registration_query(table, "+CREG");
  registration_query(table, "+CGREG");
  const auto read_only = [this, &table](const std::string& name,
                                        std::function<std::string()> line) {
    table.add(name, {.set = [](const Arguments&) { return ok; },
                     .read =
                         [this, line] {
                           modem_.output().line(line());
                           return ok;
                         }});
  };
  read_only("+COPS", [this] {
    if (!registered()) return std::string("+COPS: 0");
    return "+COPS: 0,0,\"" + modem_.settings().oper + "\",2";
  });
  read_only("+CPSI", [this] { return system_information(); });
  read_only("+CNSMOD",
            [this] { return std::string(registered() ? "+CNSMOD: 0,4" : "+CNSMOD: 0,0"); });
  // The quarters of an hour behind the time are the offset to UTC.
  read_only("+CCLK", [this] {
    const auto& set = modem_.settings().clock;
    return "+CCLK: \"" + (set.empty() ? time_of_this_machine() : set) + "\"";
  });
  table.add("+CCHOPEN", {.test = [this] {
              if (!modem_.settings().cch) return error;
              modem_.output().line("+CCHOPEN: (0-1),\"\",(1-65535),(1-2)");
              return ok;
            }});
  read_only("+CNMP", [] { return std::string("+CNMP: 2"); });
  read_only("+CGATT", [this] { return std::string(registered() ? "+CGATT: 1" : "+CGATT: 0"); });
}

void Phone::registration_query(CommandTable& table, const std::string& name) {
  report_[name] = 0;
  table.add(name, {.set =
                       [this, name](const Arguments& a) {
                         const auto how = a.number(0, 0, 2);
                         if (how) report_[name] = *how;
                         return how ? ok : error;
                       },
                   .read =
                       [this, name] {
                         modem_.output().line(name + ": " + std::to_string(report_[name]) + "," +
                                              std::to_string(registration()));
                         return ok;
                       },
                   .test =
                       [this, name] {
                         modem_.output().line(name + ": (0-2)");
                         return ok;
                       }});
}

void Phone::registration_changed() {
  for (const auto& [name, how] : report_)
    if (how != 0) modem_.urc(name + ": " + std::to_string(registration()));
}

Result Phone::set_context(const Arguments& arguments) {
  const auto cid = arguments.number(0, 1, 16);
  if (!cid || modem_.settings().apn == "refused") return error;
  if (arguments.size() == 1) {
    contexts_.erase(*cid);
    return ok;
  }
  if (!arguments.quoted(1) || (arguments.size() > 2 && !arguments.quoted(2))) return error;
  contexts_[*cid] = "\"" + arguments.text(1) + "\",\"" + arguments.text(2) + "\"";
  return ok;
}

void Phone::install_context(CommandTable& table) {
  const auto show = [this] {
    for (const auto& [cid, text] : contexts_)
      modem_.output().line("+CGSOCKCONT: " + std::to_string(cid) + "," + text + ",\"0.0.0.0\",0,0");
    return ok;
  };
  table.add("+CGSOCKCONT",
            {.set = [this](const Arguments& a) { return set_context(a); }, .read = show});
  table.add("+CGDCONT",
            {.set = [](const Arguments& a) { return a.number(0, 1, 16) ? ok : error; }});
  table.add("+CSOCKSETPN", {.set =
                                [this](const Arguments& a) {
                                  const auto number = a.number(0, 1, 16);
                                  if (number) profile_ = *number;
                                  return number ? ok : error;
                                },
                            .read =
                                [this] {
                                  modem_.output().line("+CSOCKSETPN: " + std::to_string(profile_));
                                  return ok;
                                }});
  // Password before user, as this firmware has it; the type shows, the secrets never.
  table.add("+CSOCKAUTH",
            {.set =
                 [this](const Arguments& a) {
                   const auto cid = a.number(0, 1, 16);
                   const auto type = a.number(1, 0, 3);
                   if (!cid || !type) return error;
                   logins_[*cid] = std::to_string(*type);
                   return ok;
                 },
             .read =
                 [this] {
                   for (const auto& [cid, type] : logins_)
                     modem_.output().line("+CSOCKAUTH: " + std::to_string(cid) + "," + type);
                   return ok;
                 }});
}

}  // namespace sim52xx::sim
