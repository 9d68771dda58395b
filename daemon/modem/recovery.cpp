// What the modem's recovery does to it: AT+CRESET, and the user's reset command.
#include <spdlog/spdlog.h>

#include "daemon/modem/modem.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto reset_answer = 5s;  // OK to AT+CRESET
constexpr auto boot_time = 20s;    // until it says so itself, or its port goes away

}  // namespace

asio::awaitable<void> Modem::apply(Remedy remedy) {
  set_state(State::recovering);
  if (remedy == Remedy::reset) co_await restart();
  if (remedy == Remedy::power) co_await cut_power();
  if (channel_.attached()) co_await wait_boot();
}

// Blindly: a modem that cannot be heard may still hear.
asio::awaitable<void> Modem::restart() {
  set_step("restarting it (AT+CRESET)");
  ++counters_.resets;
  remember(Remedy::reset);
  booted_ = false;
  co_await channel_.poke("\rAT+CRESET\r", reset_answer);
}

asio::awaitable<void> Modem::cut_power() {
  set_step("running modem.reset_command");
  ++counters_.reset_commands;
  remember(Remedy::power);
  booted_ = false;
  auto done = co_await power_();
  if (!done) note(done.error());
}

asio::awaitable<void> Modem::wait_boot() {
  set_step("waiting for it to start");
  const Time until = runtime_.now() + boot_time;
  bool waiting = true;
  while (waiting && !booted_ && !stopping_ && channel_.attached())
    waiting = co_await changed_.wait_until(until);
}

void Modem::remember(Remedy remedy) {
  last_remedy_ = LastRemedy{remedy, runtime_.now()};
  spdlog::warn("modem: {}", step_);
  if (watcher_ != nullptr) watcher_->on_modem_remedy(*this);
}

}  // namespace sim52xx::daemon
