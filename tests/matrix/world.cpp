#include "tests/matrix/world.hpp"

#include <fstream>
#include <utility>

#include <fmt/format.h>

namespace sim52xx::test {
namespace {

using namespace std::chrono_literals;

std::string shown(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) {
    if (byte == '\r')
      out += "\\r";
    else if (byte == '\n')
      out += "\\n";
    else if (byte == '\\')
      out += "\\\\";
    else if (byte < ' ' || byte > '~')
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    else
      out += byte;
  }
  return out;
}

daemon::config::Endpoint endpoint_of(std::string name, bool transparent) {
  daemon::config::Endpoint endpoint;
  endpoint.name = std::move(name);
  endpoint.host = server_name;
  using daemon::config::SessionChoice;
  endpoint.session = transparent ? SessionChoice::zero : SessionChoice::one;
  if (!transparent) endpoint.transparent = daemon::config::Transparent::never;
  return endpoint;
}

}  // namespace

daemon::config::Config World::make_config(const std::filesystem::path& folder) {
  daemon::config::Config config;
  config.modem.device = "emulated";
  config.modem.apn = "internet";
  config.modem.pin.file = (folder / "pin").string();
  config.modem.reset_command = "cuts the power";
  config.endpoints.push_back(endpoint_of("ssl0", true));
  config.endpoints.push_back(endpoint_of("ssl1", false));
  return config;
}

sim::Settings World::make_settings() {
  sim::Settings settings;
  settings.sim = "pin";
  settings.pin = world_pin;
  settings.start_ms = 150;
  settings.stop_ms = 150;
  settings.close_ms = 150;
  settings.line.carrier = 0;
  settings.clock = "12/09/01,00:00:00+00";
  return settings;
}

World::World(std::filesystem::path f, std::optional<std::vector<sim::Step>> trace)
    : folder(std::move(f)),
      config_(make_config(folder)),
      sim(make_settings(), {network, ftp, store_}, clock()),
      sim_timer_(stage.runtime.timers,
                 [this] {
                   if (replay_)
                     replay_->tick(clock());
                   else
                     sim.tick(clock());
                   wind_clock();
                 }),
      modem(stage.runtime, config_.modem, config_.timeouts, sim52xx_profile(),
            daemon::Marker(folder / "online"), tasks),
      ssl(stage.runtime, modem, config_.timeouts.ssl, tasks),
      https_stack(stage.runtime, modem, config_.timeouts.https),
      ftps_stack(stage.runtime, modem, config_.timeouts.ftps, tasks),
      arbiter(stage.runtime, tasks, config_.arbiter, [this] { return ssl.windows(); }),
      jobs(
          stage.runtime, daemon::JobList::Settings{config_.control.job_ttl},
          [this](const daemon::ArbiterUser& user) { return arbiter.waiting_for(user); }, nullptr,
          [this] { failed_ = true; }) {
  began_ = stage.now().time_since_epoch();
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "pin") << world_pin;
  std::filesystem::remove(folder / "online");
  if (trace) replay_.emplace(std::move(*trace), 1.0, clock());
  wire_.start(true);
  modem.channel().set_watcher(&wire_);
  network.attach(sim);
  ftp.attach(sim);
  line_.heard = [this](std::string_view bytes) { heard(bytes); };
  stage.add([this] { return speak(); });
  sim.set_fault_outside({[this](double seconds) { vanish(seconds); },
                         [this] {
                           network.close_peers();
                           ftp.close_peers();
                         }});
  modem.add_user(ssl);
  modem.add_user(arbiter);
  arbiter.add(ssl);
  arbiter.add(https_stack);
  arbiter.add(ftps_stack);
  modem.set_open([this]() -> Result<std::unique_ptr<daemon::Port>> {
    if (!plugged_) return Error(ErrorKind::modem_absent, "port", "unplugged");
    return line_.connect();
  });
  modem.set_power([this] { return cut_power(); });
}

World::~World() = default;

void World::start() {
  const daemon::ProxyContext context{stage.runtime, modem, ssl, arbiter, tasks, nullptr};
  for (const daemon::config::Endpoint& endpoint : config_.endpoints) {
    auto& server = endpoints.emplace_back(context, endpoint, config_.timeouts.ssl);
    if (auto made = server.listen(folder); !made) throw std::runtime_error(made.error().message);
    tasks.spawn(endpoint.name + " accept", server.run());
  }
  tasks.spawn("modem", modem.run());
  stage.settle();
}

asio::awaitable<void> World::stopping() {
  modem.channel().set_limit(stage.now() + 8s);
  jobs.stop();
  for (auto& endpoint : endpoints)
    endpoint.stop();
  for (auto& endpoint : endpoints)
    co_await endpoint.drained();
  co_await jobs.join();
  co_await arbiter.stop();
  modem.stop();
  co_await tasks.join();
}

bool World::stop() {
  Task<void> done = stage.start(stopping());
  const bool ended = stage.until([&] { return done.done(); }, 10min);
  return ended && tasks.size() == 0 && !failed_;
}

daemon::EndpointServer& World::endpoint(std::string_view name) {
  for (auto& server : endpoints)
    if (server.endpoint().name == name) return server;
  throw std::logic_error("no such endpoint");
}

bool World::quiet() const {
  return unrest().empty();
}

std::string World::unrest() const {
  if (failed_) return "an internal error of the daemon";
  if (!modem.ready()) return modem.not_ready().message;
  for (const auto& server : endpoints)
    if (!server.connections().empty()) return server.endpoint().name + " has a client";
  if (jobs.waiting() > 0) return "a job is not over";
  const auto view = arbiter.view();
  if (!view.holders.empty()) return view.holders.front().name + " holds a lease";
  if (!view.waiters.empty()) return view.waiters.front().name + " waits for a lease";
  if (!view.stack.empty()) return "stack " + view.stack + " is held";
  if (view.switching) return "a stack is being stopped";
  return {};
}

daemon::JobOrder World::order(std::string kind) {
  daemon::JobOrder order;
  order.kind = std::move(kind);
  order.detached = true;
  return order;
}

daemon::JobPtr World::https(daemon::HttpsRequest request) {
  const daemon::HttpsContext context{stage.runtime, modem, https_stack, ssl, arbiter, config_};
  auto made = jobs.submit(order("https"), [&](const std::string& id) {
    daemon::JobList::Parts parts;
    parts.job = std::make_unique<daemon::HttpsJob>(context, id, std::move(request));
    return Result<daemon::JobList::Parts>(std::move(parts));
  });
  stage.settle();
  return *made;
}

daemon::JobPtr World::ftps(daemon::FtpsRequest request) {
  const daemon::FtpsContext context{stage.runtime, modem, ftps_stack, arbiter, config_};
  auto made = jobs.submit(order("ftps"), [&](const std::string& id) {
    daemon::JobList::Parts parts;
    parts.job = std::make_unique<daemon::FtpsJob>(context, id, std::move(request));
    return Result<daemon::JobList::Parts>(std::move(parts));
  });
  stage.settle();
  return *made;
}

void World::heard(std::string_view bytes) {
  record('>', bytes);
  if (replay_)
    replay_->receive(bytes, clock());
  else
    sim.receive(bytes, clock());
}

// What the modem says, and when it wants to be called again.
bool World::speak() {
  if (replay_) return speak_from_trace();
  const std::string words(sim.front());
  if (!words.empty()) {
    if (line_.connected()) {
      record('<', words);
      line_.print(words);
    }
    sim.written(words.size(), clock());
  }
  wind_clock();
  return !words.empty();
}

bool World::speak_from_trace() {
  const std::string words = std::exchange(replay_->output, {});
  if (!words.empty() && line_.connected()) {
    record('<', words);
    line_.print(words);
  }
  const bool moved = plugged_ != replay_->plugged();
  plugged_ = replay_->plugged();
  if (moved && !plugged_) line_.hang_up();
  wind_clock();
  return moved || !words.empty();
}

void World::wind_clock() {
  const auto next = replay_ ? replay_->deadline() : sim.deadline();
  if (!next)
    sim_timer_.cancel();
  else
    sim_timer_.arm(std::max(stage.now(), Time(*next)));
}

// The descriptor is gone at once; whatever the modem prints then is lost.
void World::vanish(double seconds) {
  plugged_ = false;
  later_.after(0s, [this] {
    note("the port vanishes");
    line_.hang_up();
  });
  const auto absence = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  later_.after(absence, [this] {
    note("the port is back");
    plugged_ = true;
  });
}

asio::awaitable<Result<void>> World::cut_power() {
  note("the power is cut");
  if (!replay_) sim.reboot(clock());
  co_return Result<void>();
}

void World::record(char direction, std::string_view bytes) {
  if (stage.now() != traced_) {
    traced_ = stage.now();
    const auto since = std::chrono::duration<double>(traced_.time_since_epoch() - began_);
    trace_ += fmt::format("# {:.3f} s\n", since.count());
  }
  trace_ += direction;
  trace_ += ' ';
  trace_ += shown(bytes);
  trace_ += '\n';
}

void World::note(std::string_view what) {
  record('#', what);
}

}  // namespace sim52xx::test
