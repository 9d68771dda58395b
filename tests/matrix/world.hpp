// A whole daemon, put together as daemon.cpp does it, on an emulated modem with its network, in
// one process and in virtual time. Only the control socket is left out: jobs are submitted where
// its methods submit them.
#pragma once

#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/at/trace.hpp"
#include "daemon/jobs/ftps_job.hpp"
#include "daemon/jobs/https_job.hpp"
#include "daemon/jobs/job_list.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/proxy/endpoint_server.hpp"
#include "daemon/stacks/ftps_stack.hpp"
#include "daemon/stacks/https_stack.hpp"
#include "daemon/stacks/ssl_stack.hpp"
#include "tests/emulator/core/memory_store.hpp"
#include "tests/emulator/core/modem.hpp"
#include "tests/emulator/core/replay.hpp"
#include "tests/matrix/memory_ftp.hpp"
#include "tests/matrix/memory_network.hpp"
#include "tests/scripted/line.hpp"
#include "tests/scripted/stage.hpp"

namespace sim52xx::test {

class World {
 public:
  // `folder` is for its sockets. With a trace its modem plays the modem, and the emulator rests.
  explicit World(std::filesystem::path folder, std::optional<std::vector<sim::Step>> trace = {});
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  // The daemon starts; the modem is there.
  void start();
  // Orderly, as at SIGTERM; false: something went on.
  bool stop();

  // The modem is ready, and nobody uses or holds anything.
  [[nodiscard]] bool quiet() const;
  // Why not, in words.
  [[nodiscard]] std::string unrest() const;
  [[nodiscard]] const std::string& trace() const { return trace_; }
  // What `sim52xxctl trace save` would save, with payloads.
  std::string wire() { return wire_.text().text; }
  // Where the daemon has left the dialogue of the trace; empty: it has not.
  [[nodiscard]] std::string astray() const { return replay_ ? replay_->problem() : ""; }
  void note(std::string_view what);

  [[nodiscard]] daemon::EndpointServer& endpoint(std::string_view name);
  daemon::JobPtr https(daemon::HttpsRequest request);
  daemon::JobPtr ftps(daemon::FtpsRequest request);

  const std::filesystem::path folder;
  Stage stage;
  MemoryNetwork network{stage};
  MemoryFtp ftp{stage};

 private:
  sim::MemoryStore store_;
  daemon::config::Config config_;

 public:
  sim::Modem sim;

 private:
  static daemon::config::Config make_config(const std::filesystem::path& folder);
  static sim::Settings make_settings();
  static daemon::JobOrder order(std::string kind);
  [[nodiscard]] sim::Time clock() const { return stage.now().time_since_epoch(); }
  void heard(std::string_view bytes);
  bool speak();
  bool speak_from_trace();
  void wind_clock();
  void vanish(double seconds);
  void record(char direction, std::string_view bytes);
  asio::awaitable<void> stopping();
  asio::awaitable<Result<void>> cut_power();

  Line line_{stage};
  Later later_{stage};
  daemon::Trace wire_{stage.runtime};
  std::optional<sim::Replay> replay_;
  daemon::Timer sim_timer_;
  bool plugged_ = true;
  bool failed_ = false;  // an internal error of the daemon
  std::string trace_;
  Time traced_{};
  Duration began_{};

 public:
  daemon::TaskGroup tasks{stage.runtime, [this] { failed_ = true; }};
  daemon::Modem modem;
  daemon::SslStack ssl;
  daemon::HttpsStack https_stack;
  daemon::FtpsStack ftps_stack;
  daemon::Arbiter arbiter;
  daemon::JobList jobs;
  std::list<daemon::EndpointServer> endpoints;
};

// Settings of the bring-up, for the judge: a PIN and an APN are set.
inline constexpr std::string_view world_pin = "1234";

}  // namespace sim52xx::test
