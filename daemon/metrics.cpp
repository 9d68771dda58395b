#include "daemon/metrics.hpp"

#include <array>

#include "daemon/report/exposition.hpp"
#include "daemon/system/version.hpp"

namespace sim52xx::daemon {
namespace {

constexpr std::string_view counter = "counter";
constexpr std::string_view gauge = "gauge";

double number(std::uint64_t value) {
  return static_cast<double>(value);
}

void add_daemon(Exposition& out, const MetricsSources& of) {
  out.metric("sim52xx_info", gauge, "Which daemon this is").sample(1, {{"version", version}});
  const auto uptime = std::chrono::duration<double>(of.runtime.now() - of.started);
  out.metric("sim52xx_uptime_seconds", gauge, "Since the daemon was started")
      .sample(uptime.count());
  out.metric("sim52xx_control_clients", gauge, "Clients of the control socket")
      .sample(number(of.control.clients()));
  out.metric("sim52xx_event_subscribers", gauge, "Clients that have subscribed to events")
      .sample(number(of.events.subscribers()));
  out.metric("sim52xx_events_total", counter, "Events").sample(number(of.events.seq()));
  out.metric("sim52xx_events_lost_total", counter, "Events that a slow subscriber did not get")
      .sample(number(of.events.lost()));
}

void add_modem(Exposition& out, const MetricsSources& of) {
  const Modem::Counters& modem = of.modem.counters();
  const Channel::Counters& line = of.modem.channel().counters();
  const ModemInfo& info = of.modem.info();
  out.metric("sim52xx_modem_ready", gauge, "1 while the modem can be used")
      .sample(of.modem.ready() ? 1 : 0);
  if (info.signal_dbm)
    out.metric("sim52xx_modem_signal_dbm", gauge, "Received signal strength")
        .sample(*info.signal_dbm);
  if (info.registration)
    out.metric("sim52xx_modem_registration", gauge, "As in AT+CREG: 1 home, 5 roaming")
        .sample(*info.registration);
  out.metric("sim52xx_modem_bring_ups_total", counter, "Times the modem was brought up")
      .sample(number(modem.bring_ups));
  out.metric("sim52xx_modem_losses_total", counter, "Times it was lost")
      .sample(number(modem.losses));
  out.metric("sim52xx_modem_reboots_total", counter, "Times it restarted by itself")
      .sample(number(modem.reboots));
  out.metric("sim52xx_modem_commands_total", counter, "AT commands").sample(number(line.commands));
  out.metric("sim52xx_modem_timeouts_total", counter, "AT commands without an answer in time")
      .sample(number(line.timeouts));
  out.metric("sim52xx_modem_unknown_lines_total", counter, "Lines of the modem nobody knows")
      .sample(number(line.unknown_lines));
  out.metric("sim52xx_serial_bytes_total", counter, "Bytes on the serial line")
      .sample(number(line.read), {{"direction", "from_modem"}})
      .sample(number(line.written), {{"direction", "to_modem"}});
  out.metric("sim52xx_alerts_total", counter, "Certificate and handshake alerts")
      .sample(number(of.publisher.alerts()));
}

void add_endpoints(Exposition& out, const MetricsSources& of) {
  out.metric("sim52xx_endpoint_clients", gauge, "Clients of a data socket");
  for (const EndpointServer& each : of.endpoints)
    out.sample(number(each.connections().size()), {{"endpoint", each.endpoint().name}});
  out.metric("sim52xx_endpoint_accepted_total", counter, "Clients so far");
  for (const EndpointServer& each : of.endpoints)
    out.sample(number(each.accepted()), {{"endpoint", each.endpoint().name}});
  out.metric("sim52xx_endpoint_failed_total", counter, "Clients that did not end in order");
  for (const EndpointServer& each : of.endpoints)
    out.sample(number(each.failed()), {{"endpoint", each.endpoint().name}});
  out.metric("sim52xx_endpoint_bytes_total", counter, "Bytes of the clients that have left");
  for (const EndpointServer& each : of.endpoints)
    out.sample(number(each.up()), {{"endpoint", each.endpoint().name}, {"direction", "up"}})
        .sample(number(each.down()), {{"endpoint", each.endpoint().name}, {"direction", "down"}});
}

void add_arbiter(Exposition& out, const MetricsSources& of) {
  const ArbiterView view = of.arbiter.view();
  out.metric("sim52xx_stack_held", gauge, "1 for the stack that is held or started");
  for (const std::string_view stack : {"https", "ftps", "ssl"})
    out.sample(view.stack == stack ? 1 : 0, {{"stack", stack}});
  out.metric("sim52xx_arbiter_waiting", gauge, "Who waits for a stack")
      .sample(number(view.waiters.size()));
}

void add_jobs(Exposition& out, const MetricsSources& of) {
  const JobList::Counters& jobs = of.jobs.counters();
  out.metric("sim52xx_jobs_waiting", gauge, "Jobs that are not over")
      .sample(number(of.jobs.waiting()));
  out.metric("sim52xx_jobs_kept", gauge, "Jobs that are over and can be asked for")
      .sample(number(of.jobs.kept()));
  out.metric("sim52xx_jobs_accepted_total", counter, "Jobs so far").sample(number(jobs.accepted));
  out.metric("sim52xx_jobs_total", counter, "Jobs that are over")
      .sample(number(jobs.done), {{"state", "done"}})
      .sample(number(jobs.failed), {{"state", "failed"}})
      .sample(number(jobs.cancelled), {{"state", "cancelled"}});
  out.metric("sim52xx_jobs_forgotten_total", counter, "Jobs forgotten before job_ttl")
      .sample(number(jobs.forgotten));
  out.metric("sim52xx_spool_bytes", gauge, "Bodies that are spooled")
      .sample(number(of.spool.used()));
  out.metric("sim52xx_spool_limit_bytes", gauge, "As configured: spool_limit")
      .sample(number(of.spool.limit()));
}

}  // namespace

std::string metrics(const MetricsSources& sources) {
  Exposition out;
  add_daemon(out, sources);
  add_modem(out, sources);
  add_endpoints(out, sources);
  add_arbiter(out, sources);
  add_jobs(out, sources);
  return out.text();
}

}  // namespace sim52xx::daemon
