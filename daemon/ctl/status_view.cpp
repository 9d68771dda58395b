#include "daemon/ctl/status_view.hpp"

#include "daemon/ctl/error_text.hpp"
#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/job_view.hpp"
#include "daemon/ctl/labels.hpp"
#include "daemon/ctl/table.hpp"

namespace sim52xx::ctl {
namespace {

std::string seconds_text(const json& object, std::string_view name) {
  const auto seconds = number(object, name);
  return seconds ? duration_text(*seconds) : "";
}

std::string when_ago(const json& object, std::string_view name, WallTime now) {
  const auto time = parse_time(text(object, name));
  return time ? ago_text(age(*time, now)) : "";
}

// <stat> of AT+CREG.
std::string registration_text(const json& modem, const Style& style) {
  const auto stat = number(modem, "registration");
  if (!stat) return text(modem, "registration");
  switch (static_cast<int>(*stat)) {
    case 0:
      return style.paint("not registered", Ink::bad);
    case 1:
      return "registered at home";
    case 2:
      return style.paint("searching", Ink::fair);
    case 3:
      return style.paint("registration denied", Ink::bad);
    case 5:
      return "registered, roaming";
    default:
      return "registration unknown";
  }
}

std::string signal_text(const json& modem, const Style& style) {
  const auto dbm = number(modem, "signal_dbm");
  if (!dbm) return {};
  const std::string value = text(modem, "signal_dbm") + " dBm ";
  if (*dbm >= -70) return value + style.paint("(excellent)", Ink::good);
  if (*dbm >= -85) return value + style.paint("(good)", Ink::good);
  if (*dbm >= -100) return value + style.paint("(fair)", Ink::fair);
  return value + style.paint("(weak)", Ink::bad);
}

std::string trouble_text(const json& counters) {
  Phrase trouble;
  const auto add = [&](std::string_view name, std::string_view one, std::string_view many) {
    const std::uint64_t times = count(counters, name);
    if (times > 0) trouble.add(std::to_string(times) + " " + std::string(times == 1 ? one : many));
  };
  add("losses", "time lost", "times lost");
  add("reboots", "reboot", "reboots");
  add("timeouts", "command without answer", "commands without answer");
  return trouble.text();
}

std::string modem_text(const json& modem) {
  std::string name = text(modem, "model");
  if (name.empty()) name = text(modem, "manufacturer");
  if (const std::string revision = text(modem, "revision"); !revision.empty() && !name.empty())
    name += " (" + revision + ")";
  const std::string device = text(modem, "device");
  if (device.empty()) return name;
  return name.empty() ? device : name + " on " + device;
}

void add_modem(Labels& page, const json& modem, const Style& style, WallTime now) {
  page.add("Modem", modem_text(modem));
  page.add("", Phrase()
                   .add("IMEI ", text(modem, "imei"))
                   .add("SIM ", text(modem, "sim"))
                   .add("card ", text(modem, "iccid"))
                   .text());
  Phrase network;
  network.add(style.paint(text(modem, "operator"), Ink::bold))
      .add(text(modem, "technology"))
      .add(registration_text(modem, style))
      .add(signal_text(modem, style));
  if (!network.text().empty()) network.add("seen ", when_ago(modem, "asked", now));
  page.add("Network", network.text());
  page.add("Trouble", trouble_text(member(modem, "counters")));
  const json& error = member(modem, "last_error");
  if (!error.is_null()) page.add("", "last: " + error_line(error));
}

std::string names_text(const json& list) {
  Phrase names;
  if (list.is_array())
    for (const json& entry : list)
      names.add(entry.is_object() ? text(entry, "name") : plain(entry));
  return names.text();
}

void add_arbiter(Labels& page, const json& arbiter, const Style& style, WallTime now) {
  const std::string stack = text(arbiter, "stack");
  const std::string holders = names_text(member(arbiter, "holders"));
  if (!stack.empty()) page.add("Stack", Phrase().add(stack).add("held by ", holders).text());
  const json& waiters = member(arbiter, "waiters");
  if (!waiters.is_array()) return;
  bool first = true;
  for (const json& waiter : waiters) {
    std::string name = text(waiter, "name");
    for (const std::string_view other : {"endpoint", "job_id", "user"})
      if (name.empty()) name = text(waiter, other);
    page.add(first ? "Waiting" : "",
             style.paint(name, Ink::fair) + " " + waiting_text(member(waiter, "waiting_for"), now));
    first = false;
  }
}

std::string target_text(const json& target) {
  const std::string host = text(target, "host");
  const std::string port = text(target, "port");
  return host.empty() || port.empty() ? host : host + ":" + port;
}

std::string client_text(const json& client) {
  return Phrase().add("pid ", text(client, "pid")).add("uid ", text(client, "uid")).text();
}

std::string since_text(const json& session, WallTime now) {
  const auto since = parse_time(text(session, "since"));
  return since ? duration_text(age(*since, now)) : "";
}

std::string bytes_text(const json& session, std::string_view name) {
  const std::uint64_t bytes = count(session, name);
  return bytes == 0 ? "" : size_text(bytes);
}

Table session_table(const json& sessions, WallTime now) {
  Table table(
      {"SOCKET", "SESSION", "STATE", "FOR", "MODE", "TARGET", "CLIENT", ">SENT", ">RECEIVED"});
  for (const json& session : sessions) {
    const std::string state = text(session, "state");
    table.add({Cell(text(session, "name"), Ink::bold), text(session, "session"),
               Cell(state, ink_of_state(state)), since_text(session, now), text(session, "mode"),
               target_text(member(session, "target")), client_text(member(session, "client")),
               bytes_text(session, "up"), bytes_text(session, "down")});
  }
  return table;
}

std::string waits_text(const json& sessions, const Style& style, WallTime now) {
  std::string lines;
  for (const json& session : sessions)
    if (const std::string waits = waiting_text(member(session, "waiting_for"), now); !waits.empty())
      lines += style.paint(text(session, "name"), Ink::fair) + " waits " + waits + "\n";
  return lines;
}

std::string errors_text(const json& sessions, const Style& style, WallTime now) {
  std::string lines;
  for (const json& session : sessions) {
    const json& error = member(session, "last_error");
    if (error.is_null()) continue;
    lines += style.paint(text(session, "name"), Ink::bad) + " last failed";
    if (const std::string when = when_ago(error, "time", now); !when.empty()) lines += " " + when;
    lines += ": " + error_line(error) + "\n";
  }
  return lines;
}

// With what the table has no room for. Who waits is told by the arbiter, too.
std::string sessions_text(const json& sessions, bool with_waits, const Style& style, WallTime now) {
  if (!sessions.is_array() || sessions.empty()) return {};
  std::string notes = with_waits ? waits_text(sessions, style, now) : "";
  notes += errors_text(sessions, style, now);
  std::string all = session_table(sessions, now).text(style);
  if (!notes.empty()) all += "\n" + notes;
  return all;
}

// Either the job objects, or how many there are in each state.
std::string jobs_text(const json& jobs, const Style& style, WallTime now) {
  if (jobs.is_array()) return jobs.empty() ? "" : "\n" + jobs_view(jobs, style, now);
  Phrase counts;
  if (jobs.is_object())
    for (const auto& [state, number_of] : jobs.items())
      if (number_of.is_number() && number_of != 0) counts.add(plain(number_of) + " " + state);
  return counts.text().empty() ? "" : "\nJobs: " + counts.text() + "\n";
}

}  // namespace

std::string status_view(const json& status, const Style& style, WallTime now) {
  const std::string state = text(status, "state");
  const json& modem = member(status, "modem");
  Labels page(style);
  Phrase line;
  line.add(style.paint(state.empty() ? "unknown" : state, ink_of_state(state)));
  line.add(text(modem, "step")).add("up ", seconds_text(status, "uptime"));
  page.add("State", line.text());
  add_modem(page, modem, style, now);
  add_arbiter(page, member(status, "arbiter"), style, now);
  const bool told = member(member(status, "arbiter"), "waiters").is_array();
  const std::string sessions = sessions_text(member(status, "sessions"), !told, style, now);
  std::string all = page.text();
  if (!sessions.empty()) all += "\n" + sessions;
  return all + jobs_text(member(status, "jobs"), style, now);
}

std::string sessions_view(const json& sessions, const Style& style, WallTime now) {
  return sessions_text(sessions, true, style, now);
}

}  // namespace sim52xx::ctl
