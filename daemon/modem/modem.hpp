// The modem as a whole: finds it, brings it up, says when it can be used, and starts over when it
// is lost. Owns the AT channel. Never ends the daemon.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/event.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/at/channel.hpp"
#include "daemon/config/config.hpp"
#include "daemon/modem/marker.hpp"
#include "protocol/outcome.hpp"
#include "protocol/profile/profile.hpp"
#include "protocol/recovery.hpp"

namespace sim52xx::daemon {

// What the modem says of itself.
struct ModemInfo {
  std::string imei;
  std::string manufacturer;
  std::string model;
  std::string revision;
  std::string iccid;
  std::string sim;  // READY, SIM PIN, ...
  std::string operator_name;
  std::string technology;
  std::optional<int> registration;  // 1 home, 5 roaming; 3GPP 27.007
  std::optional<int> signal_dbm;
  std::string other_family;  // "CCH" where the firmware has these commands instead of CSSL
  Time at{};                 // when all of it was asked
  // Since when these are known to be so.
  Time signal_at{};
  Time operator_at{};
  Time technology_at{};
  Time registration_at{};
};

// What the control lines beside the data can be used for. Anew after each bring-up.
struct Signals {
  // none: the port has no DTR, or the modem refused AT&D1. escapes: dropping it has led to command
  // mode and back. ignored: it does not get through (USB), or does harm.
  enum class Dtr : std::uint8_t { none, untried, escapes, ignored };
  Dtr dtr = Dtr::none;
  bool dcd = false;  // there is one, and AT&C1 was accepted
};
std::string_view name(Signals::Dtr dtr);

// One of the layer above: gets what belongs to no command, and is told when the modem is gone.
// There are several; each takes what is its own and leaves the rest.
class ModemUser : public Inbound {
 public:
  void on_urc(const Urc&, std::string_view) override {}
  void on_ssl_data(int, std::string_view) override {}
  void on_ssl_cut(int) override {}
  void on_online(std::string_view) override {}
  // Everything the modem held is void. `reason` is for people.
  virtual void on_modem_lost(const std::string& reason) = 0;
};

class ModemWatcher;

class Modem final : private Inbound {
 public:
  enum class State : std::uint8_t { starting, modem_absent, bring_up, ready, recovering, stopping };

  struct Counters {
    std::uint64_t bring_ups = 0;
    std::uint64_t losses = 0;
    std::uint64_t reboots = 0;
    std::uint64_t resets = 0;          // by AT+CRESET, in recovery
    std::uint64_t reset_commands = 0;  // runs of modem.reset_command
  };

  // What recovery did last.
  struct LastRemedy {
    Remedy remedy = Remedy::none;
    Time at{};
  };

  Modem(Runtime& runtime, const config::Modem& settings, const config::Timeouts& timeouts,
        const Profile& profile, Marker marker, TaskGroup& tasks);

  // `user` must live until the modem has stopped.
  void add_user(ModemUser& user) { users_.push_back(&user); }
  // Told of what becomes of the modem; may be none.
  void set_watcher(ModemWatcher* watcher) { watcher_ = watcher; }
  // Another way to the port than opening the configured device.
  using Open = std::function<Result<std::unique_ptr<Port>>()>;
  void set_open(Open open);
  // The device whose coming is watched for while it is not there.
  void watch_for(std::string device) { watched_ = std::move(device); }
  // Another way to cut the modem's power than modem.reset_command.
  using Power = std::function<asio::awaitable<Result<void>>()>;
  void set_power(Power power) { power_ = std::move(power); }

  // Until stop(): waits for the device, brings the modem up, waits for its loss, starts over.
  asio::awaitable<void> run();
  // Ends run(); the port is closed.
  void stop();

  // Until the modem is ready; the error says what it is waiting for.
  asio::awaitable<Result<void>> wait_ready(Time deadline);
  [[nodiscard]] bool ready() const { return state_ == State::ready; }
  // Why the modem is not ready.
  [[nodiscard]] Error not_ready() const;

  // The modem misbehaves: drop it and start over.
  void fail(const std::string& why);

  // Runs one command of the profile. As Channel::exec().
  asio::awaitable<Result<Outcome>> command(CommandId id, CommandLine line, Duration timeout);

  Channel& channel() { return channel_; }
  [[nodiscard]] const Channel& channel() const { return channel_; }
  [[nodiscard]] const Profile& profile() const { return profile_; }
  [[nodiscard]] const config::Modem& settings() const { return settings_; }
  [[nodiscard]] const config::Timeouts& timeouts() const { return timeouts_; }
  [[nodiscard]] const Marker& marker() const { return marker_; }
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::string& step() const { return step_; }
  [[nodiscard]] const ModemInfo& info() const { return info_; }
  [[nodiscard]] const std::optional<Error>& last_error() const { return last_error_; }
  [[nodiscard]] const Counters& counters() const { return counters_; }
  // Failures since the modem last was stable; 0 in good times.
  [[nodiscard]] unsigned failures() const { return recovery_.failures(); }
  [[nodiscard]] const std::optional<LastRemedy>& last_remedy() const { return last_remedy_; }
  // State, step or info changed.
  Event& changed() { return changed_; }

  // A PIN that the SIM refused is never tried again by this process.
  bool pin_refused = false;

  Signals signals;

  // A line that tells of the network, asked for or not.
  void hear(std::string_view line);

  // For bring-up.
  void set_step(std::string step);
  ModemInfo& info() { return info_; }

 private:
  void on_urc(const Urc& urc, std::string_view line) override;
  void on_ssl_data(int session, std::string_view bytes) override;
  void on_ssl_cut(int session) override;
  void on_online(std::string_view bytes) override;
  void on_owed() override { changed_.notify(); }

  asio::awaitable<bool> open_port();
  asio::awaitable<void> serve();
  asio::awaitable<void> watch_over();
  asio::awaitable<RecoveryStep> attempt();
  asio::awaitable<void> apply(Remedy remedy);
  asio::awaitable<void> restart();
  asio::awaitable<void> cut_power();
  asio::awaitable<void> wait_boot();
  void remember(Remedy remedy);
  asio::awaitable<void> pause(Duration duration);
  [[nodiscard]] Recovery::Time clock() const { return runtime_.now().time_since_epoch(); }
  asio::awaitable<void> read();
  void set_state(State state);
  void note(Error error);
  void tell_lost(const std::string& reason);

  Runtime& runtime_;
  const config::Modem& settings_;
  const config::Timeouts& timeouts_;
  const Profile& profile_;
  Marker marker_;
  TaskGroup& tasks_;
  Event changed_;
  Channel channel_;
  std::vector<ModemUser*> users_;
  ModemWatcher* watcher_ = nullptr;
  std::string watched_;
  Open open_;
  Power power_;
  Recovery recovery_;
  std::optional<LastRemedy> last_remedy_;
  State state_ = State::starting;
  std::string step_;
  ModemInfo info_;
  std::optional<Error> last_error_;
  Counters counters_;
  bool reading_ = false;
  bool booted_ = false;  // it said so while it was being recovered
  bool stopping_ = false;
};

// As in status.state.
std::string_view name(Modem::State state);

// Whoever tells the world what becomes of the modem. Must not wait.
class ModemWatcher {
 public:
  virtual ~ModemWatcher() = default;
  virtual void on_modem_state(const Modem& modem) = 0;
  virtual void on_modem_restarted(const Modem& modem) = 0;
  // Recovery does something about it: modem.last_remedy().
  virtual void on_modem_remedy(const Modem& modem) = 0;
  virtual void on_modem_registration(const Modem& modem) = 0;
  // Something went wrong: modem.last_error().
  virtual void on_modem_error(const Modem& modem) = 0;
  // A line that belongs to nothing.
  virtual void on_unknown_line(std::string_view line) = 0;
};

}  // namespace sim52xx::daemon
