// Brings a modem up on the channel: runs the steps that the protocol's BringUp asks for, keeps what
// becomes known in the modem's info, and asks for signal and operator at the end. Each step is
// visible as Modem::step().
#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>

#include "daemon/modem/modem.hpp"
#include "protocol/bring_up.hpp"

namespace sim52xx::daemon {

class BringUpRun {
 public:
  BringUpRun(Runtime& runtime, Modem& modem);

  // Ready: registered, and the APN set. Errors: as BringUp::Over, and interrupted (the port was
  // lost meanwhile).
  asio::awaitable<Result<void>> run();

 private:
  asio::awaitable<bool> reply(const BringUp::Step& step);
  asio::awaitable<Result<Outcome>> outcome(BringUp::Ask ask);
  void keep_facts();
  asio::awaitable<bool> pause(Duration duration);
  asio::awaitable<void> ask_network();
  // The first result line; empty where there is none.
  asio::awaitable<std::string> answer(CommandId id, bool query);

  Runtime& runtime_;
  Modem& modem_;
  BringUp machine_;
  bool marked_ = false;  // the marker still tells of data mode
};

}  // namespace sim52xx::daemon
