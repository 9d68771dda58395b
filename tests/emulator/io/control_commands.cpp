// What the control socket can be asked for.
#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/emulator/io/control.hpp"
#include "tests/emulator/io/control_status.hpp"
#include "tests/emulator/io/emulator.hpp"

namespace sim52xx::sim {
namespace {

using nlohmann::json;

struct BadRequest : std::runtime_error {
  using std::runtime_error::runtime_error;
};

json value_of(const KnobValue& value) {
  return std::visit([](const auto& plain) { return json(plain); }, value);
}

json status(Emulator& emulator, const json&) {
  json out = modem_status(emulator);
  for (const Knob& knob : knobs())
    out["settings"][std::string(knob.name)] = value_of(get(knob, emulator.modem().settings()));
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

User stack_of(const json& request) {
  const json& which = request.at("stack");
  if (which == "ssl") return User::ssl;
  if (which == "https") return User::https;
  if (which == "ftps") return User::ftps;
  throw BadRequest("stack: \"ssl\", \"https\" or \"ftps\" is wanted");
}

// {"cmd":"start_stack","stack":"https"}
json start_stack(Emulator& emulator, const json& request) {
  if (!emulator.modem().start_elsewhere(stack_of(request)))
    throw BadRequest("the modem says ERROR: a stack is started, or another family runs");
  return json::object();
}

json stop_stack(Emulator& emulator, const json& request) {
  emulator.modem().stop_elsewhere(stack_of(request), now());
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

// {"cmd":"fault","name":"late_final","step":1,"match":"CSSLSEND","seconds":5}: one of the list of
// faults, at a step of the dialogue.
json step_fault(Emulator& emulator, const json& request) {
  const auto name = request.at("name").get<std::string>();
  const FaultRow* const row = find_fault(name);
  if (row == nullptr) throw BadRequest("no such fault: " + name);
  const auto step = request.value("step", 1);
  const auto at = request.value("at", 0);
  const auto seconds = request.value("seconds", row->seconds);
  if (step < 1 || at < 0 || seconds < 0 || seconds > 1e6)
    throw BadRequest("step: 1 or more, at: 0 or more, seconds: 0 to 1000000 is wanted");
  emulator.modem().arm(StepFault{row->kind, static_cast<std::size_t>(step),
                                 request.value("match", std::string()),
                                 static_cast<std::size_t>(at), seconds});
  return json::object();
}

json list_faults(Emulator& emulator, const json&) {
  json out = json::object();
  for (const FaultRow& row : fault_list()) {
    json shown = json::object();
    shown["counts"] = std::string(name(row.step));
    shown["help"] = std::string(row.help);
    if (row.seconds > 0) shown["seconds"] = row.seconds;
    out["faults"][std::string(row.name)] = shown;
  }
  out["armed"] = emulator.modem().steps().armed();
  out["struck"] = emulator.modem().steps().struck();
  return out;
}

json disarm(Emulator& emulator, const json&) {
  emulator.modem().steps().disarm();
  return json::object();
}

// {"cmd":"fault","kind":"drop","direction":"to_host","at":10,"count":2}; kind is drop, garble,
// repeat or insert, direction to_host or from_host; insert takes "bytes".
json fault(Emulator& emulator, const json& request) {
  if (request.contains("name")) return step_fault(emulator, request);
  static const std::map<std::string, Fault::Kind> kinds{{"drop", Fault::Kind::drop},
                                                        {"garble", Fault::Kind::garble},
                                                        {"repeat", Fault::Kind::repeat},
                                                        {"insert", Fault::Kind::insert}};
  const auto kind = kinds.find(request.at("kind").get<std::string>());
  const auto direction = request.value("direction", std::string("to_host"));
  if (kind == kinds.end()) throw BadRequest("kind: drop, garble, repeat or insert is wanted");
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
  std::string_view help;
};

constexpr std::array table{
    Row{"status", status, "mode, stacks, counters, settings"},
    Row{"set", set_knobs, "every other member is a knob"},
    Row{"knobs", list_knobs, "values, choices and meaning of all knobs"},
    Row{"urc", urc, "\"line\": prints it"},
    Row{"drop_peer", drop_peer, "\"session\" (0, 1, https, ftps): its peer closes"},
    Row{"reboot", reboot, "as after a power failure"},
    Row{"wedge", wedge, "\"on\": neither hears nor speaks"},
    Row{"drop_dtr", dtr, "as AT&D wants"},
    Row{"lose_network", lose_network, "every connection ends"},
    Row{"start_stack", start_stack, "\"stack\" (ssl, https, ftps): its START on another port"},
    Row{"stop_stack", stop_stack, "\"stack\": its STOP on another port"},
    Row{"vanish", vanish, "the port, for \"ms\"; with \"reboot\""},
    Row{"fault", fault,
        "\"name\", \"step\", \"match\", \"at\", \"seconds\" (see faults); or \"kind\" (drop, "
        "garble, repeat, insert), \"direction\" (to_host, from_host), \"at\", \"count\", "
        "\"bytes\""},
    Row{"faults", list_faults, "the names of faults, and how many are armed and have struck"},
    Row{"disarm", disarm, "faults of the list that have not struck yet are forgotten"},
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

std::vector<std::pair<std::string_view, std::string_view>> control_commands() {
  std::vector<std::pair<std::string_view, std::string_view>> out;
  for (const Row& row : table)
    out.emplace_back(row.name, row.help);
  return out;
}

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
