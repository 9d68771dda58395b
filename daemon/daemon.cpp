#include "daemon/daemon.hpp"

#include <csignal>
#include <cstdlib>
#include <list>
#include <system_error>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/arbiter/raw_commands.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/at/trace.hpp"
#include "daemon/body/spool.hpp"
#include "daemon/config/reader.hpp"
#include "daemon/control/admin_methods.hpp"
#include "daemon/control/api.hpp"
#include "daemon/control/event_methods.hpp"
#include "daemon/control/job_methods.hpp"
#include "daemon/control/server.hpp"
#include "daemon/control/upkeep_methods.hpp"
#include "daemon/events/hub.hpp"
#include "daemon/job_makers.hpp"
#include "daemon/jobs/job_list.hpp"
#include "daemon/metrics.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/modem/reset_command.hpp"
#include "daemon/proxy/endpoint_server.hpp"
#include "daemon/publisher.hpp"
#include "daemon/reload.hpp"
#include "daemon/service/given_sockets.hpp"
#include "daemon/service/service.hpp"
#include "daemon/stacks/ftps_stack.hpp"
#include "daemon/stacks/https_stack.hpp"
#include "daemon/stacks/refresh.hpp"
#include "daemon/stacks/ssl_stack.hpp"
#include "daemon/status.hpp"
#include "daemon/system/descriptor_limit.hpp"
#include "daemon/system/journal.hpp"
#include "daemon/system/version.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto stop_time = 8s;        // for everything that the modem must be told at the end
constexpr auto reset_patience = 90s;  // for sim52xx-reset@.service
constexpr auto farewell_time = 1s;    // for clients of the control socket to take their answers

class Daemon {
 public:
  Daemon(const Options& options, config::Config config)
      : options_(options),
        config_(std::move(config)),
        tasks_(runtime_, [this] { abort(); }),
        publisher_(runtime_, events_),
        modem_(runtime_, config_.modem, config_.timeouts, *find_profile(config_.modem.profile),
               Marker(options.runtime_dir / "online"), tasks_),
        trace_(runtime_),
        stack_(runtime_, modem_, config_.timeouts.ssl, tasks_),
        https_(runtime_, modem_, config_.timeouts.https),
        ftps_(runtime_, modem_, config_.timeouts.ftps, tasks_),
        arbiter_(runtime_, tasks_, config_.arbiter, [this] { return stack_.windows(); }),
        commands_(runtime_, modem_, stack_, arbiter_),
        spool_(options.runtime_dir, config_.control.spool_limit),
        jobs_(
            runtime_, JobList::Settings{config_.control.job_ttl},
            [this](const ArbiterUser& user) { return arbiter_.waiting_for(user); }, &publisher_,
            [this] { abort(); }),
        signals_(runtime_.io, SIGTERM, SIGINT, SIGHUP),
        status_(runtime_, modem_, stack_, arbiter_, endpoints_),
        control_(runtime_, methods_, find_groups(), [this] { abort(); }) {
    // A service is locked up and can cut no power; another unit does it.
    if (std::getenv("NOTIFY_SOCKET") != nullptr)
      modem_.set_power([this] {
        return request_reset(runtime_, options_.runtime_dir / "reset-request", reset_patience);
      });
    modem_.add_user(stack_);
    modem_.add_user(arbiter_);
    arbiter_.add(stack_);
    arbiter_.add(https_);
    arbiter_.add(ftps_);
    publisher_.set_jobs(jobs_context_);
    status_.set_jobs(jobs_context_);
    modem_.set_watcher(&publisher_);
    stack_.set_watcher(&publisher_);
    arbiter_.set_watcher(&publisher_);
    modem_.channel().set_watcher(&trace_);
    status_.looked = [this] { refresh_.wanted(); };
  }

  int run() {
    if (!listen()) return 1;
    tasks_.spawn("main", main());
    runtime_.io.run();
    return failed_ ? 1 : 0;
  }

 private:
  bool listen();
  Result<void> listen_control();
  Result<void> listen_data();
  void add_methods();
  [[nodiscard]] control::UpkeepSupport upkeep_support();
  [[nodiscard]] std::vector<std::string> capabilities() const;
  asio::awaitable<void> main();
  asio::awaitable<void> stop();
  Result<nlohmann::json> reload();
  Result<nlohmann::json> read_again();
  void abort();

  const Options& options_;
  config::Config config_;  // changed by reload() only
  Runtime runtime_;
  TaskGroup tasks_;
  EventHub events_;
  Publisher publisher_;
  Modem modem_;
  Trace trace_;
  SslStack stack_;
  HttpsStack https_;
  FtpsStack ftps_;
  Refresh refresh_{runtime_, modem_, stack_, tasks_};
  Arbiter arbiter_;
  RawCommands commands_;
  SpoolSpace spool_;
  JobList jobs_;
  const control::JobsContext jobs_context_{runtime_, jobs_, spool_};
  GivenSockets given_;
  std::list<EndpointServer> endpoints_;
  Service service_{runtime_, modem_, notify_systemd, systemd_watchdog()};
  asio::signal_set signals_;
  Status status_;
  control::Methods methods_;
  control::Server control_;
  const MetricsSources metrics_{runtime_, modem_,  arbiter_,   endpoints_, jobs_,
                                spool_,   events_, publisher_, control_,   runtime_.now()};
  bool failed_ = false;
};

bool Daemon::listen() {
  std::error_code error;
  std::filesystem::create_directories(options_.runtime_dir, error);
  if (error) {
    spdlog::critical("{}: {}", options_.runtime_dir.string(), error.message());
    return false;
  }
  add_methods();
  auto given = GivenSockets::from_environment();
  if (given) given_ = std::move(*given);
  auto listening = given ? listen_control() : given.error();
  if (listening) listening = listen_data();
  if (!listening) spdlog::critical("{}", listening.error().message);
  return static_cast<bool>(listening);
}

Result<void> Daemon::listen_control() {
  if (auto socket = given_.take("control")) return control_.adopt(std::move(*socket));
  return control_.listen((options_.runtime_dir / "control.sock").string());
}

Result<void> Daemon::listen_data() {
  given_.complete(config_);
  const ProxyContext context{runtime_, modem_, stack_, arbiter_, tasks_, &publisher_};
  SessionNames names;
  for (const config::Endpoint& endpoint : config_.endpoints) {
    names.insert(endpoint.name);
    set_logged_sessions(names);
    EndpointServer& server = endpoints_.emplace_back(context, endpoint, config_.timeouts.ssl);
    if (auto socket = given_.take(endpoint.name))
      server.adopt(std::move(*socket));
    else if (auto made = server.listen(options_.runtime_dir); !made)
      return made;
  }
  return {};
}

void Daemon::add_methods() {
  const control::About about{std::string(version), std::string(modem_.profile().name),
                             [this] { return capabilities(); }};
  control::add_basic_methods(methods_, about, status_);
  control::add_job_methods(methods_, jobs_context_);
  const HttpsContext https{runtime_, modem_, https_, stack_, arbiter_, config_};
  control::add_https_methods(methods_, jobs_context_, https_maker(https));
  const FtpsContext ftps{runtime_, modem_, ftps_, arbiter_, config_};
  control::add_ftps_methods(methods_, jobs_context_, ftps_support(ftps, config_));
  control::add_event_methods(
      methods_, events_, [this](const control::Client& client) { return status_.status(client); });
  control::add_admin_methods(methods_, commands_, arbiter_);
  control::add_upkeep_methods(methods_, upkeep_support());
}

control::UpkeepSupport Daemon::upkeep_support() {
  control::UpkeepSupport support;
  support.metrics = [this] { return metrics(metrics_); };
  support.reload = [this] { return reload(); };
  support.trace = &trace_;
  return support;
}

std::vector<std::string> Daemon::capabilities() const {
  std::vector<std::string> words{"transparent", "counted", "https",
                                 "ftps",        "events",  "descriptors"};
  if (stack_.windows()) words.emplace_back("windows");
  return words;
}

asio::awaitable<void> Daemon::main() {
  log_event({message_id::started, ""}, spdlog::level::info, "sim52xxd {} serves {} in {}", version,
            config_.modem.device, options_.runtime_dir.string());
  for (EndpointServer& endpoint : endpoints_)
    tasks_.spawn(endpoint.endpoint().name + " accept", endpoint.run());
  tasks_.spawn("modem", modem_.run());
  service_.ready();
  tasks_.spawn("service status", service_.follow());
  int signal = SIGHUP;
  while (signal == SIGHUP && !failed_) {
    const auto result = co_await signals_.async_wait(asio::as_tuple(asio::use_awaitable));
    signal = std::get<1>(result);
    if (signal != SIGHUP || failed_) continue;
    static_cast<void>(reload());  // which says itself what is wrong
  }
  log_event({message_id::stopping, ""}, spdlog::level::info, "stopping ({})",
            failed_ ? "internal error" : "signal " + std::to_string(signal));
  service_.stopping();
  co_await stop();
}

// Clients and jobs first, then the stacks, then the modem; all within stop_time. A command that is
// under way by then, in a modem that hangs or takes no bytes, is given up with the port.
asio::awaitable<void> Daemon::stop() {
  publisher_.on_stopping();
  const Time limit = runtime_.now() + stop_time;
  modem_.channel().set_limit(limit);
  Timer given_up(runtime_.timers, [this] { modem_.stop(); });
  given_up.arm(limit);
  jobs_.stop();
  for (EndpointServer& endpoint : endpoints_)
    endpoint.stop();
  for (EndpointServer& endpoint : endpoints_)
    co_await endpoint.drained();
  co_await jobs_.join();
  co_await arbiter_.stop();
  modem_.stop();
  co_await control_.finish(runtime_.now() + farewell_time);
  control_.stop();
  co_await control_.join();
  runtime_.timers.shutdown();
  spdlog::info("stopped");
}

Result<nlohmann::json> Daemon::reload() {
  service_.reloading();
  auto result = read_again();
  if (!result)
    log_event({message_id::reload_refused, ""}, spdlog::level::err,
              "the configuration stays as it was: {}", result.error().message);
  service_.reloaded(result ? "" : result.error().message);
  return result;
}

Result<nlohmann::json> Daemon::read_again() {
  config::Loaded loaded = config::load(options_.config);
  std::string problems;
  for (const std::string& problem : loaded.problems)
    problems += (problems.empty() ? "" : "\n") + problem;
  if (!loaded.ok()) return Error(ErrorKind::invalid, "config", problems);
  for (const std::string& warning : loaded.warnings)
    spdlog::warn("{}", warning);
  given_.complete(loaded.config);
  const Reloaded reloaded = apply(config_, loaded.config);
  for (EndpointServer& server : endpoints_)
    server.set_endpoint(*config_.endpoint(server.endpoint().name));
  jobs_.set_settings(JobList::Settings{config_.control.job_ttl});
  spool_.set_limit(config_.control.spool_limit);
  arbiter_.settings_changed();
  nlohmann::json result = nlohmann::json::object();
  result["applied"] = reloaded.applied;
  result["needs_restart"] = reloaded.needs_restart;
  log_event({message_id::reloaded, ""}, spdlog::level::info,
            "configuration read again: {} keys applied, {} need a restart", reloaded.applied.size(),
            reloaded.needs_restart.size());
  publisher_.on_reloaded(result);
  return result;
}

// An internal error: end in order, and let systemd start over.
void Daemon::abort() {
  failed_ = true;
  signals_.cancel();
}

}  // namespace

int run(const Options& options, config::Config config) {
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  Daemon daemon(options, std::move(config));
  return daemon.run();
}

}  // namespace sim52xx::daemon
