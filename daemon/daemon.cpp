#include "daemon/daemon.hpp"

#include <csignal>
#include <list>
#include <system_error>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/arbiter/raw_commands.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/control/admin_methods.hpp"
#include "daemon/control/api.hpp"
#include "daemon/control/server.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/proxy/endpoint_server.hpp"
#include "daemon/stacks/ssl_stack.hpp"
#include "daemon/status.hpp"
#include "daemon/system/version.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto stop_time = 8s;  // for everything that the modem must be told at the end

class Daemon {
 public:
  Daemon(const Options& options, config::Config config)
      : options_(options), config_(std::move(config)), tasks_(runtime_, [this] { abort(); }),
        modem_(runtime_, config_.modem, *find_profile(config_.modem.profile),
               Marker(options.runtime_dir / "online"), tasks_),
        stack_(runtime_, modem_, config_.timeouts.ssl, tasks_),
        arbiter_(runtime_, tasks_, config_.arbiter, [this] { return stack_.windows(); }),
        commands_(runtime_, modem_, stack_, arbiter_), signals_(runtime_.io, SIGTERM, SIGINT),
        status_(runtime_, modem_, stack_, arbiter_, endpoints_),
        control_(runtime_, methods_, find_groups(), [this] { abort(); }) {
    modem_.add_user(stack_);
    modem_.add_user(arbiter_);
    arbiter_.add(stack_);
  }

  int run() {
    if (!listen()) return 1;
    tasks_.spawn("main", main());
    runtime_.io.run();
    return failed_ ? 1 : 0;
  }

 private:
  bool listen();
  [[nodiscard]] std::vector<std::string> capabilities() const;
  asio::awaitable<void> main();
  asio::awaitable<void> stop();
  void abort();

  const Options& options_;
  const config::Config config_;
  Runtime runtime_;
  TaskGroup tasks_;
  Modem modem_;
  SslStack stack_;
  Arbiter arbiter_;
  RawCommands commands_;
  std::list<EndpointServer> endpoints_;
  asio::signal_set signals_;
  Status status_;
  control::Methods methods_;
  control::Server control_;
  bool failed_ = false;
};

bool Daemon::listen() {
  std::error_code error;
  std::filesystem::create_directories(options_.runtime_dir, error);
  if (error) {
    spdlog::critical("{}: {}", options_.runtime_dir.string(), error.message());
    return false;
  }
  const control::About about{std::string(version), std::string(modem_.profile().name),
                             [this] { return capabilities(); }};
  control::add_basic_methods(methods_, about, status_);
  control::add_admin_methods(methods_, commands_, arbiter_);
  auto listening = control_.listen((options_.runtime_dir / "control.sock").string());
  const ProxyContext context{runtime_, modem_, stack_, arbiter_, tasks_};
  for (const config::Endpoint& endpoint : config_.endpoints) {
    endpoints_.emplace_back(context, endpoint, config_.timeouts.ssl);
    if (listening) listening = endpoints_.back().listen(options_.runtime_dir);
  }
  if (!listening) spdlog::critical("{}", listening.error().message);
  return static_cast<bool>(listening);
}

std::vector<std::string> Daemon::capabilities() const {
  std::vector<std::string> words{"transparent", "counted"};
  if (stack_.windows()) words.emplace_back("windows");
  return words;
}

asio::awaitable<void> Daemon::main() {
  spdlog::info("sim52xxd {} serves {} in {}", version, config_.modem.device,
               options_.runtime_dir.string());
  for (EndpointServer& endpoint : endpoints_)
    tasks_.spawn(endpoint.endpoint().name + " accept", endpoint.run());
  tasks_.spawn("modem", modem_.run());
  const auto result = co_await signals_.async_wait(asio::as_tuple(asio::use_awaitable));
  spdlog::info("stopping ({})", failed_ ? "internal error" : "signal " + std::to_string(std::get<1>(result)));
  co_await stop();
}

// Clients first, then the stacks, then the modem; all within stop_time.
asio::awaitable<void> Daemon::stop() {
  modem_.channel().set_limit(runtime_.now() + stop_time);
  for (EndpointServer& endpoint : endpoints_) endpoint.stop();
  for (EndpointServer& endpoint : endpoints_) co_await endpoint.drained();
  co_await arbiter_.stop();
  modem_.stop();
  control_.stop();
  co_await control_.join();
  runtime_.timers.shutdown();
  spdlog::info("stopped");
}

// An internal error: end in order, and let systemd start over.
void Daemon::abort() {
  failed_ = true;
  signals_.cancel();
}

}  // namespace

int run(const Options& options, config::Config config) {
  std::signal(SIGPIPE, SIG_IGN);
  Daemon daemon(options, std::move(config));
  return daemon.run();
}

}  // namespace sim52xx::daemon
