#include "tests/emulator/core/families.hpp"

#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {

void Families::install(CommandTable& table) {
  install_tcpip(table);
  add_switch(table, "+CGPS", User::gps);
  add_switch(table, "+CMMSEDIT", User::mms);
  add_request(table, "+CHTTPACT", User::http);
  for (const char* name : {"+CFTPLIST", "+CFTPPUTFILE", "+CFTPPUT", "+CFTPDELE", "+CFTPMKD"})
    add_request(table, name, User::ftp);
  // The note prints these two for its FTPS commands; real firmware has them for plain FTP.
  table.add("+CFTPGET", {.set = [this](const Arguments& a) {
              return modem_.settings().spelling == "note" ? modem_.ftps().get(a)
                                                          : request("+CFTPGET", User::ftp);
            }});
  table.add("+CFTPGETFILE", {.set = [this](const Arguments& a) {
              return modem_.settings().spelling == "note" ? modem_.ftps().get_file(a)
                                                          : request("+CFTPGETFILE", User::ftp);
            }});
}

void Families::install_tcpip(CommandTable& table) {
  table.add("+NETOPEN", {.exec =
                             [this](const Arguments&) {
                               auto& exclusion = modem_.exclusion();
                               if (!modem_.registered() || exclusion.holds(User::tcpip) ||
                                   !exclusion.take(User::tcpip))
                                 return error;
                               modem_.urc("+NETOPEN: 0");
                               return ok;
                             },
                         .read =
                             [this] {
                               const bool open = modem_.exclusion().holds(User::tcpip);
                               modem_.output().line(open ? "+NETOPEN: 1,0" : "+NETOPEN: 0,0");
                               return ok;
                             }});
  table.add("+NETCLOSE", {.exec = [this](const Arguments&) {
              if (!modem_.exclusion().holds(User::tcpip)) return error;
              modem_.exclusion().release(User::tcpip);
              modem_.urc("+NETCLOSE: 0");
              return ok;
            }});
  table.add("+IPADDR", {.exec = [this](const Arguments&) {
              const bool open = modem_.exclusion().holds(User::tcpip);
              modem_.output().line(open ? "+IPADDR: 10.0.0.2" : "+IP ERROR: Network not opened");
              return open ? ok : error;
            }});
}

void Families::add_switch(CommandTable& table, const std::string& name, User user) {
  table.add(name, {.set =
                       [this, user](const Arguments& a) {
                         const auto on = a.number(0, 0, 1);
                         if (!on) return error;
                         if (*on == 1) return modem_.exclusion().take(user) ? ok : error;
                         if (!modem_.exclusion().holds(user)) return error;
                         modem_.exclusion().release(user);
                         return ok;
                       },
                   .read =
                       [this, name, user] {
                         const bool on = modem_.exclusion().holds(user);
                         modem_.output().line(name + (on ? ": 1" : ": 0"));
                         return ok;
                       }});
}

void Families::add_request(CommandTable& table, const std::string& name, User user) {
  table.add(name, {.exec = [this, name, user](const Arguments&) { return request(name, user); },
                   .set = [this, name, user](const Arguments&) { return request(name, user); }});
}

Result Families::request(const std::string& name, User user) {
  if (!modem_.registered() || !modem_.exclusion().take(user)) return error;
  modem_.after(milliseconds(modem_.settings().family_ms), [this, name, user] {
    modem_.exclusion().release(user);
    modem_.urc(name + ": 0");
  });
  return ok;
}

}  // namespace sim52xx::sim
