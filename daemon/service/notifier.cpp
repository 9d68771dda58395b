#include "daemon/service/notifier.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include <systemd/sd-daemon.h>

namespace sim52xx::daemon {
namespace {

// CLOCK_MONOTONIC, by which systemd tells this reload from an earlier one.
std::string monotonic_usec(Time now) {
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
  return std::to_string(since.count());
}

}  // namespace

Notifier::Notifier(Runtime& runtime, Send send, Duration watchdog)
    : runtime_(runtime),
      send_(std::move(send)),
      watchdog_(watchdog),
      feeding_(runtime.timers, [this] { feed(); }) {}

void Notifier::ready() {
  send_("READY=1");
  if (watchdog_ > Duration::zero() && !feeding_.armed()) feed();
}

void Notifier::status(std::string_view words) {
  std::string line(words);
  std::ranges::replace(line, '\n', ' ');  // the end of a field
  if (line == status_) return;
  status_ = std::move(line);
  send_("STATUS=" + status_);
}

void Notifier::reloading() {
  send_("RELOADING=1\nMONOTONIC_USEC=" + monotonic_usec(runtime_.now()));
}

void Notifier::stopping() {
  send_("STOPPING=1");
}

void Notifier::feed() {
  send_("WATCHDOG=1");
  feeding_.arm(runtime_.now() + watchdog_ / 2);
}

void notify_systemd(const std::string& message) {
  ::sd_notify(0, message.c_str());
}

Duration systemd_watchdog() {
  std::uint64_t usec = 0;
  if (::sd_watchdog_enabled(0, &usec) <= 0) return Duration::zero();
  return std::chrono::microseconds(usec);
}

}  // namespace sim52xx::daemon
