#include "tests/emulator/io/control_status.hpp"

#include <array>
#include <utility>

#include "tests/emulator/io/emulator.hpp"

namespace sim52xx::sim {
namespace {

using nlohmann::json;

json session_status(const SslStack& ssl, int id) {
  const Session& session = ssl.session(id);
  json out = json::object();
  out["state"] = std::string(name(session.state));
  out["transparent"] = session.transparent;
  out["host"] = session.host;
  out["port"] = session.port;
  out["up"] = session.up;
  out["down"] = session.down;
  out["unsent"] = ssl.unsent(id);
  out["waiting"] = session.inbox.size();
  out["peer_closed"] = session.peer_gone;
  out["opens"] = session.opens;
  out["alerts"] = session.alerts;
  return out;
}

json https_status(const HttpsStack& https) {
  static constexpr std::array<std::string_view, 3> states{"closed", "opening", "open"};
  const auto& view = https.view();
  json out = json::object();
  out["started"] = https.started();
  out["state"] = std::string(states.at(static_cast<std::size_t>(view.state)));
  out["host"] = view.host;
  out["port"] = view.port;
  out["up"] = view.up;
  out["down"] = view.down;
  out["unsent"] = https.unsent();
  out["waiting"] = https.cached();
  out["receiving"] = https.receiving();
  out["peer_closed"] = view.peer_gone;
  out["opens"] = view.opens;
  return out;
}

json ftps_status(const FtpsStack& ftps) {
  static constexpr std::array<std::string_view, 3> states{"out", "logging_in", "in"};
  const auto& view = ftps.view();
  json out = json::object();
  out["started"] = ftps.started();
  out["state"] = std::string(states.at(static_cast<std::size_t>(view.state)));
  out["host"] = view.host;
  out["port"] = view.port;
  out["directory"] = view.directory;
  out["operation"] = view.operation;
  out["up"] = view.up;
  out["down"] = view.down;
  out["unsent"] = ftps.unsent();
  out["waiting"] = ftps.cached();
  out["server_gone"] = ftps.server_gone();
  out["logins"] = view.logins;
  return out;
}

json families_status(const Exclusion& exclusion) {
  static constexpr std::array<std::pair<User, std::string_view>, 5> others{{{User::tcpip, "tcpip"},
                                                                            {User::mms, "mms"},
                                                                            {User::gps, "gps"},
                                                                            {User::http, "http"},
                                                                            {User::ftp, "ftp"}}};
  json out = json::array();
  for (const auto& [user, name] : others)
    if (exclusion.holds(user)) out.push_back(std::string(name));
  return out;
}

}  // namespace

json modem_status(Emulator& emulator) {
  const Modem& modem = emulator.modem();
  const SslStack& ssl = modem.ssl();
  json out = json::object();
  out["mode"] = std::string(name(modem.mode()));
  out["carrier"] = modem.carrier();
  out["port"] = emulator.port_name();
  out["started"] = ssl.started();
  out["sessions"] = json::array();
  for (int id = 0; id < SslStack::sessions; ++id)
    out["sessions"].push_back(session_status(ssl, id));
  out["https"] = https_status(modem.https());
  out["ftps"] = ftps_status(modem.ftps());
  out["families"] = families_status(modem.exclusion());
  const Counts& counts = modem.counts();
  out["commands"] = counts.commands;
  out["lines"] = counts.lines;
  out["errors"] = counts.errors;
  out["escapes"] = counts.escapes;
  out["reboots"] = counts.reboots;
  out["urcs"] = counts.urcs;
  return out;
}

}  // namespace sim52xx::sim
