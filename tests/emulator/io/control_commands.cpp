// What the control socket can be asked for.
#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/emulator/io/control.hpp"
#include "tests/emulator/io/emulator.hpp"

namespace sim52xx::sim {
namespace {

using nlohmann::json;

struct BadRequest : std::runtime_error {
  using std::runtime_error::runtime_error;
};

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

json value_of(const KnobValue& value) {
  return std::visit([](const auto& plain) { return json(plain); }, value);
}

json status(Emulator& emulator, const json&) {
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
  for (const Knob& knob : knobs())
    out["settings"][std::string(knob.name)] = value_of(get(knob, modem.settings()));
  return out;
}

KnobValue knob_value(const std::string& name, const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<int>();
  if (value.is_string()) return value.get<std::string>();
  throw BadRequest(name + ": a boolean, a number or a text is wanted");
}

// {"cmd":"set","echo":false,"block":512}: every other member is a knob.
json set_knobs(Emulator& emulator, const json& request) {
  // All of them or none.
  Settings trial = emulator.modem().settings();
  for (const auto& [name, value] : request.items()) {
    if (name == "cmd" || name == "id") continue;
    const auto problem = set(name, knob_value(name, value), trial);
    if (!problem.empty()) throw BadRequest(problem);
  }
  for (const auto& [name, value] : request.items()) {
    if (name == "cmd" || name == "id") continue;
    emulator.modem().set(name, knob_value(name, value), now());
  }
  return json::object();
}

json list_knobs(Emulator& emulator, const json&) {
  json out = json::object();
  for (const Knob& knob : knobs()) {
    json row = json::object();
    row["value"] = value_of(get(knob, emulator.modem().settings()));
    row["help"] = std::string(knob.help);
    if (!knob.choices.empty()) row["choices"] = std::string(knob.choices);
    out["knobs"][std::string(knob.name)] = row;
  }
  return out;
}

json urc(Emulator& emulator, const json& request) {
  emulator.modem().urc(request.at("line").get<std::string>(), now());
  return json::object();
}

// {"cmd":"drop_peer","session":0}: 0, 1, "https" or "ftps".
json drop_peer(Emulator& emulator, const json& request) {
  const json& which = request.at("session");
  if (which == "ftps") {
    if (!emulator.ftp().drop_peer()) throw BadRequest("no FTPS session is open");
    return json::object();
  }
  int channel = -1;
  if (which == "https") channel = https_channel;
  if (which == 0 || which == 1) channel = which.get<int>();
  if (channel < 0) throw BadRequest("session: 0, 1, \"https\" or \"ftps\" is wanted");
  if (!emulator.network().drop_peer(channel)) throw BadRequest("that session has no peer");
  return json::object();
}

json reboot(Emulator& emulator, const json&) {
  emulator.modem().reboot(now());
  return json::object();
}

json wedge(Emulator& emulator, const json& request) {
  emulator.modem().set("wedge", request.value("on", true), now());
  return json::object();
}

json dtr(Emulator& emulator, const json&) {
  emulator.modem().drop_dtr(now());
  return json::object();
}

json lose_network(Emulator& emulator, const json&) {
  emulator.modem().lose_network(now());
  return json::object();
}

// {"cmd":"vanish","ms":500,"reboot":true}
json vanish(Emulator& emulator, const json& request) {
  const int time = request.value("ms", 1000);
  if (time < 0) throw BadRequest("ms: 0 or more is wanted");
  if (request.value("reboot", false)) emulator.modem().reboot(now());
  emulator.vanish(std::chrono::milliseconds(time));
  return json::object();
}

// {"cmd":"fault","kind":"drop","direction":"to_host","at":10,"count":2}; kind is drop, garble or
// insert, direction to_host or from_host; insert takes "bytes".
json fault(Emulator& emulator, const json& request) {
  static const std::map<std::string, Fault::Kind> kinds{{"drop", Fault::Kind::drop},
                                                        {"garble", Fault::Kind::garble},
                                                        {"insert", Fault::Kind::insert}};
  const auto kind = kinds.find(request.at("kind").get<std::string>());
  const auto direction = request.value("direction", std::string("to_host"));
  if (kind == kinds.end()) throw BadRequest("kind: drop, garble or insert is wanted");
  if (direction != "to_host" && direction != "from_host")
    throw BadRequest("direction: to_host or from_host is wanted");
  const auto at = request.value("at", 0);
  const auto count = request.value("count", 1);
  if (at < 0 || count < 1) throw BadRequest("at: 0 or more, count: 1 or more is wanted");
  Fault armed;
  armed.kind = kind->second;
  armed.at = static_cast<std::size_t>(at);
  armed.count = static_cast<std::size_t>(count);
  armed.bytes = request.value("bytes", std::string());
  emulator.modem().arm(direction == "to_host", std::move(armed));
  return json::object();
}

struct Row {
  std::string_view name;
  json (*run)(Emulator&, const json&);
};

constexpr std::array table{
    Row{"status", status}, Row{"set", set_knobs},       Row{"knobs", list_knobs},
    Row{"urc", urc},       Row{"drop_peer", drop_peer}, Row{"reboot", reboot},
    Row{"wedge", wedge},   Row{"drop_dtr", dtr},        Row{"lose_network", lose_network},
    Row{"vanish", vanish}, Row{"fault", fault},
};

json carry_out(Emulator& emulator, const json& request) {
  if (!request.is_object()) throw BadRequest("an object is wanted");
  const auto name = request.at("cmd").get<std::string>();
  const auto row = std::ranges::find(table, std::string_view(name), &Row::name);
  if (row == table.end()) throw BadRequest("no such command: " + name);
  json out = row->run(emulator, request);
  emulator.settle();
  out["ok"] = true;
  if (request.contains("id")) out["id"] = request["id"];
  return out;
}

}  // namespace

std::string control_answer(Emulator& emulator, const std::string& line) {
  json out = json::object();
  try {
    out = carry_out(emulator, json::parse(line));
  } catch (const std::exception& problem) {
    out["ok"] = false;
    out["error"] = problem.what();
  }
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace sim52xx::sim
