#include "daemon/status.hpp"

#include <algorithm>

#include <unistd.h>

#include "daemon/report/error_json.hpp"
#include "daemon/report/times.hpp"

namespace sim52xx::daemon {
namespace {

using nlohmann::json;

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json client(const std::optional<Peer>& peer) {
  if (!peer) return nullptr;
  return {{"pid", peer->pid}, {"uid", peer->uid}};
}

json text_or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

// What the line itself has lost or misread; null where the driver does not count.
json line_errors(const Port* port) {
  const auto errors = port == nullptr ? std::nullopt : port->errors();
  if (!errors) return nullptr;
  return {{"overruns", errors->overruns},
          {"framing", errors->framing},
          {"parity", errors->parity},
          {"breaks", errors->breaks}};
}

std::string_view word(config::FlowControl flow) {
  return flow == config::FlowControl::rtscts ? "rtscts" : "none";
}

// Only a connection that has or waits for a session is of interest; the one that has it first.
const Connection* current(const EndpointServer& server) {
  const Connection* found = nullptr;
  for (const Connection& connection : server.connections()) {
    if (connection.lease()) return &connection;
    if (found == nullptr) found = &connection;
  }
  return found;
}

}  // namespace

std::string Status::when(Time time) const {
  return rfc3339(wall_time(time, runtime_.now()));
}

json Status::status(const control::Client& client) {
  if (looked) looked();
  return {{"state", name(modem_.state())},
          {"pid", getpid()},
          {"uptime", seconds(runtime_.now() - started_)},
          {"modem", modem()},
          {"arbiter", arbiter()},
          {"sessions", sessions()},
          {"endpoints", endpoints()},
          {"jobs", jobs_ != nullptr ? control::status_jobs(*jobs_, client) : json::array()}};
}

json Status::modem() const {
  const ModemInfo& info = modem_.info();
  const Channel& channel = modem_.channel();
  const auto& counters = modem_.counters();
  const config::Modem& settings = modem_.settings();
  return {{"device", settings.device},
          {"baud", settings.baud},
          {"flow_control", word(settings.flow_control)},
          {"line_errors", line_errors(channel.port())},
          {"profile", modem_.profile().name},
          {"other_family", text_or_null(info.other_family)},
          {"apn", text_or_null(settings.apn)},
          {"step", text_or_null(modem_.step())},
          {"last_error", modem_.last_error() ? error_object(*modem_.last_error()) : json(nullptr)},
          {"manufacturer", text_or_null(info.manufacturer)},
          {"model", text_or_null(info.model)},
          {"revision", text_or_null(info.revision)},
          {"imei", text_or_null(info.imei)},
          {"iccid", text_or_null(info.iccid)},
          {"sim", text_or_null(info.sim)},
          {"operator", text_or_null(info.operator_name)},
          {"technology", text_or_null(info.technology)},
          {"registration", or_null(info.registration)},
          {"signal_dbm", or_null(info.signal_dbm)},
          {"asked", info.at == Time{} ? json(nullptr) : json(when(info.at))},
          {"ages", ages()},
          {"capabilities",
           {{"windows", stack_.windows()},
            {"dtr", name(modem_.signals.dtr)},
            {"dcd", modem_.signals.dcd}}},
          {"recovery", recovery()},
          {"counters",
           {{"bring_ups", counters.bring_ups},
            {"losses", counters.losses},
            {"reboots", counters.reboots},
            {"resets", counters.resets},
            {"reset_commands", counters.reset_commands},
            {"commands", channel.counters().commands},
            {"timeouts", channel.counters().timeouts},
            {"unknown_lines", channel.counters().unknown_lines},
            {"bytes_read", channel.counters().read},
            {"bytes_written", channel.counters().written}}}};
}

// Seconds since each of these was told by the modem.
json Status::ages() const {
  const ModemInfo& info = modem_.info();
  const auto age = [&](Time at) {
    return at == Time{} ? json(nullptr) : json(seconds(runtime_.now() - at));
  };
  return {{"signal_dbm", age(info.signal_at)},
          {"operator", age(info.operator_at)},
          {"technology", age(info.technology_at)},
          {"registration", age(info.registration_at)}};
}

json Status::recovery() const {
  json object{{"failures", modem_.failures()}, {"last_remedy", nullptr}, {"at", nullptr}};
  if (const auto& last = modem_.last_remedy()) {
    object["last_remedy"] = name(last->remedy);
    object["at"] = when(last->at);
  }
  return object;
}

json Status::arbiter() const {
  const ArbiterView view = arbiter_.view();
  json holders = json::array();
  for (const ArbiterView::Holder& holder : view.holders) {
    json entry{{"name", holder.name}, {"stack", holder.stack}, {"since", when(holder.since)}};
    if (holder.session) entry["session"] = *holder.session;
    holders.push_back(std::move(entry));
  }
  json waiters = json::array();
  for (const ArbiterView::Waiter& waiter : view.waiters) {
    json entry{{"name", waiter.name}, {"waiting_for", waiting_for(waiter.waiting_for)}};
    if (is_endpoint(waiter.name)) entry["endpoint"] = waiter.name;
    waiters.push_back(std::move(entry));
  }
  return {{"stack", text_or_null(view.stack)},
          {"switching", view.switching},
          {"holders", std::move(holders)},
          {"waiters", std::move(waiters)}};
}

bool Status::is_endpoint(std::string_view name) const {
  return std::ranges::any_of(
      endpoints_, [&](const EndpointServer& server) { return server.endpoint().name == name; });
}

json Status::waiting(const Connection& connection) const {
  const auto waiting = arbiter_.waiting_for(connection);
  return waiting ? waiting_for(*waiting) : json(nullptr);
}

json Status::waiting_for(const WaitingFor& waiting) const {
  return {{"stack", waiting.stack}, {"holder", waiting.holder}, {"since", when(waiting.since)}};
}

json Status::sessions() const {
  json list = json::array();
  for (const EndpointServer& server : endpoints_)
    list.push_back(session(server));
  return list;
}

json Status::session(const EndpointServer& server) const {
  const config::Endpoint& endpoint = server.endpoint();
  const Connection* const connection = current(server);
  json object{{"name", endpoint.name},
              {"session", nullptr},
              {"state", connection == nullptr ? "idle" : "waiting"},
              {"mode", nullptr},
              {"target", {{"host", endpoint.host}, {"port", endpoint.port}}},
              {"client", nullptr},
              {"up", 0},
              {"down", 0},
              {"since", nullptr},
              {"waiting_for", nullptr},
              {"last_error", nullptr},
              {"last", last_session(server)}};
  if (const auto& last = server.last_error()) {
    object["last_error"] = error_object(last->error);
    object["last_error"]["time"] = rfc3339(last->time);
  }
  if (endpoint.session != config::SessionChoice::any)
    object["session"] = endpoint.session == config::SessionChoice::zero ? 0 : 1;
  if (connection == nullptr) return object;
  object["since"] = when(connection->since());
  object["waiting_for"] = waiting(*connection);
  object["client"] = client(connection->peer());
  if (!connection->lease()) return object;
  const SslSession& held = stack_.session(connection->lease().ssl().session);
  object["session"] = held.id;
  object["state"] = name(held.state);
  object["mode"] = name(held.mode);
  object["up"] = held.sent;
  object["down"] = held.received;
  object["recv_events"] = held.events;
  object["alerts"] = held.alerts;
  return object;
}

json Status::last_session(const EndpointServer& server) const {
  const auto& last = server.last_session();
  if (!last) return nullptr;
  return {{"session", or_null(last->session)},
          {"mode", text_or_null(last->mode)},
          {"up", last->up},
          {"down", last->down},
          {"client", client(last->client)},
          {"since", when(last->since)},
          {"until", when(last->until)},
          {"reason", last->reason}};
}

json Status::endpoints() const {
  json list = json::array();
  for (const EndpointServer& server : endpoints_)
    list.push_back({{"name", server.endpoint().name},
                    {"clients", server.connections().size()},
                    {"accepted", server.accepted()},
                    {"failed", server.failed()},
                    {"up", server.up()},
                    {"down", server.down()}});
  return list;
}

}  // namespace sim52xx::daemon
