#include "daemon/publisher.hpp"

#include <array>

#include "daemon/report/error_json.hpp"
#include "daemon/report/times.hpp"

namespace sim52xx::daemon {
namespace {

using nlohmann::json;

// By Modem::State.
constexpr std::array<std::string_view, 6> modem_types{"modem.starting", "modem.absent",
                                                      "modem.present",  "modem.ready",
                                                      "modem.recovery", "modem.stopping"};

bool is_registered(std::optional<int> stat) {
  return stat == 1 || stat == 5;  // home, roaming: 3GPP 27.007
}

json modem_fields(const Modem& modem) {
  const ModemInfo& info = modem.info();
  json fields = json::object();
  fields["state"] = name(modem.state());
  fields["device"] = modem.settings().device;
  if (modem.state() != Modem::State::ready) return fields;
  fields["model"] = info.model;
  fields["operator"] = info.operator_name;
  fields["technology"] = info.technology;
  return fields;
}

// The session, by the name of its data socket.
json session_fields(const Connection& connection) {
  json fields = json::object();
  fields["session"] = connection.name;
  fields["id"] = connection.lease() ? json(connection.lease().ssl().session) : json(nullptr);
  json client = nullptr;
  if (const auto& peer = connection.peer()) {
    client = json::object();
    client["pid"] = peer->pid;
    client["uid"] = peer->uid;
  }
  fields["client"] = std::move(client);
  return fields;
}

json target_json(const Target& target) {
  json object = json::object();
  object["host"] = target.host;
  object["port"] = target.port;
  return object;
}

json grant_fields(const ArbiterUser& user, const Grant& grant) {
  json fields = json::object();
  fields["user"] = user.name;
  fields["stack"] = name(grant.stack);
  if (grant.stack == Stack::ssl) fields["id"] = grant.ssl.session;
  return fields;
}

std::string_view words(AlertAnswer verdict) {
  switch (verdict) {
    case AlertAnswer::note:
      return "noted";
    case AlertAnswer::ended:
      return "ended";
    case AlertAnswer::go_on:
      return "accepted";
    case AlertAnswer::give_up:
      break;
  }
  return "refused";
}

}  // namespace

void Publisher::on_modem_state(const Modem& modem) {
  hub_.publish(modem_types.at(static_cast<std::size_t>(modem.state())), modem_fields(modem));
  if (modem.ready()) on_modem_registration(modem);
}

void Publisher::on_modem_restarted(const Modem& modem) {
  hub_.publish("modem.rebooted", modem_fields(modem));
}

void Publisher::on_modem_registration(const Modem& modem) {
  const auto stat = modem.info().registration;
  if (stat == registration_) return;
  registration_ = stat;
  json fields = modem_fields(modem);
  fields["registration"] = stat ? json(*stat) : json(nullptr);
  hub_.publish(is_registered(stat) ? "modem.registered" : "modem.unregistered", std::move(fields));
}

void Publisher::on_modem_error(const Modem& modem) {
  json fields = modem_fields(modem);
  fields["error"] = error_object(*modem.last_error());
  hub_.publish("modem.error", std::move(fields));
}

void Publisher::on_unknown_line(std::string_view line) {
  json fields = json::object();
  fields["line"] = line;
  hub_.publish("urc.unknown", std::move(fields));
}

void Publisher::on_alert(const Target& target, const Alert& alert, AlertAnswer verdict) {
  ++alerts_;
  json fields = json::object();
  fields["session"] = target.name;
  fields["target"] = target_json(target);
  fields["level"] = name(alert.level);
  fields["err"] = alert.bits;
  fields["bits"] = alert_names(alert.bits);
  fields["verdict"] = words(verdict);
  // In words, with the line of the configuration that would accept it.
  if (verdict == AlertAnswer::give_up || verdict == AlertAnswer::ended)
    fields["error"] = error_object(alert_error(alert, target));
  hub_.publish("session.alert", std::move(fields));
}

void Publisher::on_opening(const Connection& connection) {
  json fields = session_fields(connection);
  fields["target"] = target_json(connection.target());
  hub_.publish("session.opening", std::move(fields));
}

void Publisher::on_open(const Connection& connection) {
  json fields = session_fields(connection);
  fields["target"] = target_json(connection.target());
  if (const SslSession* const session = connection.open_session())
    fields["mode"] = name(session->mode);
  hub_.publish("session.open", std::move(fields));
}

void Publisher::on_closed(const Connection& connection) {
  json fields = session_fields(connection);
  fields["reason"] = connection.reason();
  fields["up"] = connection.up();
  fields["down"] = connection.down();
  if (connection.error()) fields["error"] = error_object(*connection.error());
  hub_.publish("session.closed", std::move(fields));
}

void Publisher::on_granted(const ArbiterUser& user, const Grant& grant) {
  hub_.publish("arbiter.granted", grant_fields(user, grant));
}

void Publisher::on_released(const ArbiterUser& user, const Grant& grant, bool clean) {
  json fields = grant_fields(user, grant);
  fields["clean"] = clean;
  hub_.publish("arbiter.released", std::move(fields));
}

void Publisher::on_waiting(const ArbiterUser& user, const WaitingFor& waiting) {
  json fields = json::object();
  fields["user"] = user.name;
  json& waiting_for = fields["waiting_for"];
  waiting_for["stack"] = waiting.stack;
  waiting_for["holder"] = waiting.holder;
  waiting_for["since"] = rfc3339(wall_time(waiting.since, runtime_.now()));
  hub_.publish("arbiter.waiting", std::move(fields));
}

void Publisher::on_preempted(const ArbiterUser& victim, const std::string& why) {
  json fields = json::object();
  fields["user"] = victim.name;
  fields["reason"] = why;
  hub_.publish("arbiter.preempted", std::move(fields));
}

void Publisher::on_job_state(const JobRecord& job) {
  publish_job("job.state", job);
}

void Publisher::on_job_progress(const JobRecord& job) {
  publish_job("job.progress", job);
}

void Publisher::publish_job(std::string_view type, const JobRecord& job) {
  hub_.publish(type, control::short_job(*jobs_, job), job.order.owner.uid);
}

void Publisher::on_reloaded(const json& result) {
  hub_.publish("config.reloaded", result);
}

void Publisher::on_stopping() {
  hub_.publish("daemon.stopping", json::object());
}

}  // namespace sim52xx::daemon
