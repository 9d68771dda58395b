// The daemon as a service of systemd: when it is ready, what it does now, how a reload went.
#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>

#include "daemon/modem/modem.hpp"
#include "daemon/service/notifier.hpp"

namespace sim52xx::daemon {

// One line for `systemctl status`: the modem's state, and what it waits for. `refused` is what was
// wrong with a configuration that could not be applied; may be empty.
std::string service_status(const Modem& modem, std::string_view refused);

class Service {
 public:
  Service(Runtime& runtime, Modem& modem, Notifier::Send send, Duration watchdog)
      : modem_(modem), notifier_(runtime, std::move(send), watchdog) {}

  // The sockets answer from now on.
  void ready();
  void stopping() { notifier_.stopping(); }
  // Around a reload; `problems` is empty where the configuration was good.
  void reloading() { notifier_.reloading(); }
  void reloaded(const std::string& problems);
  // Tells what becomes of the modem, until it is told to stop.
  asio::awaitable<void> follow();

 private:
  void tell() { notifier_.status(service_status(modem_, refused_)); }

  Modem& modem_;
  Notifier notifier_;
  std::string refused_;
};

}  // namespace sim52xx::daemon
