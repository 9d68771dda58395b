// Tells the service manager how the daemon is (sd_notify(3)), and feeds its watchdog out of the
// event loop: a loop that hangs is noticed, a modem that is silent is none of its business. Without
// a service manager nothing is sent, without a watchdog nobody wakes up.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "daemon/async/runtime.hpp"

namespace sim52xx::daemon {

class Notifier {
 public:
  // Sends "NAME=value" lines.
  using Send = std::function<void(const std::string& message)>;

  // `watchdog`: how long the service manager waits for a sign of life; zero: it does not.
  Notifier(Runtime& runtime, Send send, Duration watchdog);

  // From now on the sockets answer, and the watchdog is fed.
  void ready();
  // One sentence for `systemctl status`; the same one again is not sent.
  void status(std::string_view words);
  // The configuration is being read again; ready() follows.
  void reloading();
  void stopping();

 private:
  void feed();

  Runtime& runtime_;
  const Send send_;
  const Duration watchdog_;
  Timer feeding_;
  std::string status_;
};

// To the socket that $NOTIFY_SOCKET names, if any.
void notify_systemd(const std::string& message);

// As $WATCHDOG_USEC and $WATCHDOG_PID have it; zero: none.
Duration systemd_watchdog();

}  // namespace sim52xx::daemon
