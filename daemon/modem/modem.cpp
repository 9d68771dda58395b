#include "daemon/modem/modem.hpp"

#include <array>
#include <random>
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/modem/bring_up.hpp"
#include "daemon/modem/reset_command.hpp"
#include "daemon/serial/device_watch.hpp"
#include "daemon/system/log_event.hpp"
#include "protocol/network_fact.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto look_again = 500ms;       // for a device that is locked, or cannot be watched for
constexpr auto look_all_the_same = 30s;  // for one whose coming will be noticed
constexpr auto owed_time = 20s;          // for an answer that comes after its command was given up
constexpr auto power_patience = 60s;     // for modem.reset_command

std::uint64_t seed() {
  std::random_device chance;
  return (std::uint64_t{chance()} << 32U) | chance();
}

Trouble trouble_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::modem_absent:
      return Trouble::silent;
    case ErrorKind::timeout:
    case ErrorKind::protocol_error:
      return Trouble::faulty;
    default:
      return Trouble::refused;
  }
}

}  // namespace

std::string_view name(Modem::State state) {
  constexpr std::array<std::string_view, 6> names{"starting", "modem_absent", "bring_up",
                                                  "ready",    "recovering",   "stopping"};
  return names.at(static_cast<std::size_t>(state));
}

std::string_view name(Signals::Dtr dtr) {
  constexpr std::array<std::string_view, 4> names{"none", "untried", "escapes", "ignored"};
  return names.at(static_cast<std::size_t>(dtr));
}

Modem::Modem(Runtime& runtime, const config::Modem& settings, const config::Timeouts& timeouts,
             const Profile& profile, Marker marker, TaskGroup& tasks)
    : runtime_(runtime),
      settings_(settings),
      timeouts_(timeouts),
      profile_(profile),
      marker_(std::move(marker)),
      tasks_(tasks),
      changed_(runtime),
      channel_(runtime, *this),
      watched_(settings.device),
      open_([this] {
        const LineSettings line{static_cast<unsigned>(settings_.baud),
                                settings_.flow_control == config::FlowControl::rtscts};
        return Port::open(runtime_, settings_.device, line);
      }),
      power_(
          [this] { return run_reset_command(runtime_, settings_.reset_command, power_patience); }),
      recovery_(!settings.reset_command.empty(), seed()) {}

asio::awaitable<void> Modem::run() {
  RecoveryStep step;
  while (!stopping_) {
    if (step.pause > Duration::zero()) {
      set_step("waiting before the next try");
      co_await pause(step.pause);
    }
    const bool opened = co_await open_port();
    if (!opened) break;
    if (step.remedy != Remedy::none) co_await apply(step.remedy);
    step = co_await attempt();
    while (reading_)
      co_await changed_.wait();
  }
  channel_.lose("the daemon stops");
  while (reading_)
    co_await changed_.wait();
}

// One life of the modem, from bring-up to its loss; and what is to be done before the next.
asio::awaitable<RecoveryStep> Modem::attempt() {
  if (stopping_ || !channel_.attached()) co_return RecoveryStep();
  set_state(State::bring_up);
  ++counters_.bring_ups;
  BringUpRun bring_up(runtime_, *this);
  auto brought = co_await bring_up.run();
  if (brought) {
    recovery_.on_ready(clock());
    co_await serve();
    channel_.lose("lost");
    co_return recovery_.on_lost(clock());
  }
  if (stopping_) co_return RecoveryStep();
  const Trouble trouble = channel_.attached() ? trouble_of(brought.error()) : Trouble::absent;
  note(brought.error());
  channel_.lose(brought.error().message);
  set_state(State::recovering);
  co_return recovery_.on_failure(trouble, clock());
}

// Ready: until the modem is lost.
asio::awaitable<void> Modem::serve() {
  last_error_.reset();
  set_step("");
  info_.signal_at = info_.technology_at = info_.operator_at = info_.registration_at = info_.at;
  spdlog::info("modem: {} {}, IMEI {}", info_.model, info_.revision, info_.imei);
  set_state(State::ready);
  co_await watch_over();
  if (stopping_) {
    tell_lost("the daemon stops");
    co_return;
  }
  ++counters_.losses;
  note(Error(ErrorKind::modem_absent, "modem", "the modem was lost: " + channel_.lost_reason()));
  set_state(State::recovering);
  tell_lost(channel_.lost_reason());
}

// Until it is lost. One that has let a command time out, and nobody asks for anything any more, is
// asked whether it is still there: the next user should find a modem, not find out.
asio::awaitable<void> Modem::watch_over() {
  while (!stopping_ && channel_.attached()) {
    const auto owed = channel_.owed_since();
    const bool due = owed && runtime_.now() >= *owed + owed_time;
    if (due)
      co_await channel_.make_sure();
    else if (owed)
      co_await changed_.wait_until(*owed + owed_time);
    else
      co_await changed_.wait();
  }
}

void Modem::tell_lost(const std::string& reason) {
  for (ModemUser* const user : users_)
    user->on_modem_lost(reason);
}

asio::awaitable<bool> Modem::open_port() {
  std::string last;
  const Time since = runtime_.now();
  DeviceWatch watch(runtime_, watched_, [this] { changed_.notify(); });
  while (!stopping_) {
    const bool will_notice = !watched_.empty() && watch.arm();
    auto port = open_();
    if (port) {
      spdlog::info("modem: opened {}", settings_.device);
      channel_.attach(std::move(*port));
      reading_ = true;
      tasks_.spawn("modem reader", read());
      co_return true;
    }
    if (state_ != State::modem_absent) set_state(State::modem_absent);
    if (std::exchange(last, port.error().message) != port.error().message) note(port.error());
    set_step("waiting for " + settings_.device);
    const Remedy remedy = recovery_.on_absence(since.time_since_epoch(), clock());
    if (remedy == Remedy::power) co_await cut_power();
    const Time until = runtime_.now() + (will_notice ? look_all_the_same : look_again);
    bool waiting = true;
    while (waiting && !stopping_ && !watch.noticed())
      waiting = co_await changed_.wait_until(until);
  }
  co_return false;
}

asio::awaitable<void> Modem::read() {
  co_await channel_.read_loop();
  reading_ = false;
  changed_.notify();
}

asio::awaitable<void> Modem::pause(Duration duration) {
  const Time until = runtime_.now() + duration;
  bool waiting = true;
  while (waiting && !stopping_)
    waiting = co_await changed_.wait_until(until);
}

asio::awaitable<Result<void>> Modem::wait_ready(Time deadline) {
  bool in_time = true;
  while (in_time && !ready() && !stopping_)
    in_time = co_await changed_.wait_until(deadline);
  if (ready()) co_return Result<void>();
  co_return not_ready();
}

Error Modem::not_ready() const {
  if (stopping_) return {ErrorKind::interrupted, "modem", "the daemon stops"};
  const bool searching = info_.registration && state_ == State::bring_up;
  const ErrorKind kind = searching ? ErrorKind::not_registered : ErrorKind::modem_absent;
  std::string words = "the modem is not ready: " + std::string(name(state_));
  if (!step_.empty()) words += ", " + step_;
  if (last_error_) words += "; last error: " + last_error_->message;
  return {kind, "modem", std::move(words)};
}

void Modem::fail(const std::string& why) {
  spdlog::warn("modem: {}; starting over", why);
  channel_.lose(why);
  changed_.notify();
}

void Modem::stop() {
  stopping_ = true;
  set_state(State::stopping);
  channel_.lose("the daemon stops");
}

asio::awaitable<Result<Outcome>> Modem::command(CommandId id, CommandLine line, Duration timeout) {
  Request request(profile_.row(id), std::move(line));
  auto result = co_await channel_.exec(std::move(request), timeout);
  co_return result;
}

void Modem::set_state(State state) {
  if (state_ == state) return;
  state_ = state;
  log_event({message_id::modem_state, ""}, spdlog::level::info, "modem: {}", name(state));
  if (watcher_ != nullptr) watcher_->on_modem_state(*this);
  changed_.notify();
}

void Modem::set_step(std::string step) {
  step_ = std::move(step);
  changed_.notify();
}

void Modem::note(Error error) {
  log_event({message_id::modem_error, error.at}, spdlog::level::warn, "modem: {}", error.message);
  last_error_ = std::move(error);
  if (watcher_ != nullptr) watcher_->on_modem_error(*this);
}

void Modem::set_open(Open open) {
  open_ = std::move(open);
  watched_.clear();
}

void Modem::on_urc(const Urc& urc, std::string_view line) {
  const bool in_use = state_ == State::ready || state_ == State::bring_up;
  if (std::holds_alternative<urc::Boot>(urc) && state_ == State::recovering) {
    booted_ = true;
    changed_.notify();
  }
  if (std::holds_alternative<urc::Boot>(urc) && in_use) {  // it has forgotten what it was told
    if (state_ == State::ready) ++counters_.reboots;
    if (watcher_ != nullptr) watcher_->on_modem_restarted(*this);
    fail("it restarted by itself");
    return;
  }
  if (const auto* stat = std::get_if<urc::Registration>(&urc)) {
    info_.registration = static_cast<int>(stat->stat);
    info_.registration_at = runtime_.now();
    if (watcher_ != nullptr) watcher_->on_modem_registration(*this);
  }
  if (std::holds_alternative<urc::Notice>(urc)) hear(line);
  if (watcher_ != nullptr && std::holds_alternative<urc::Unknown>(urc))
    watcher_->on_unknown_line(mask_echo(line));
  // How a stop ended, behind its OK: that tells what firmware it is.
  const bool telling = state_ == State::bring_up && line.starts_with("+CFTPSSTOP:");
  if (state_ != State::ready && !telling) return;
  for (ModemUser* const user : users_)
    user->on_urc(urc, line);
}

// What the modem tells of the network without being asked, and what it is asked.
void Modem::hear(std::string_view line) {
  const NetworkFact fact = read_network_fact(line);
  if (fact.signal_dbm) {
    info_.signal_dbm = *fact.signal_dbm;
    info_.signal_at = runtime_.now();
  }
  if (fact.technology) {
    info_.technology = *fact.technology;
    info_.technology_at = runtime_.now();
  }
  if (fact.operator_name) {
    info_.operator_name = *fact.operator_name;
    info_.operator_at = runtime_.now();
  }
  if (!fact.registration) return;
  const bool changed = info_.registration != fact.registration;
  info_.registration = fact.registration;
  info_.registration_at = runtime_.now();
  if (changed && watcher_ != nullptr) watcher_->on_modem_registration(*this);
}

void Modem::on_ssl_data(int session, std::string_view bytes) {
  if (state_ != State::ready) return;
  for (ModemUser* const user : users_)
    user->on_ssl_data(session, bytes);
}

void Modem::on_ssl_cut(int session) {
  if (state_ != State::ready) return;
  for (ModemUser* const user : users_)
    user->on_ssl_cut(session);
}

void Modem::on_online(std::string_view bytes) {
  for (ModemUser* const user : users_)
    user->on_online(bytes);
}

}  // namespace sim52xx::daemon
