// From an open port to a modem that can be used, whatever state it was left in: in data mode, in
// the middle of a command or of its payload, with echo on, with stacks held. Each step is visible
// as Modem::step().
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/modem/modem.hpp"

namespace sim52xx::daemon {

class BringUp {
 public:
  BringUp(Runtime& runtime, Modem& modem)
      : runtime_(runtime), modem_(modem), settings_(modem.settings()) {}

  // Ready: registered, and the APN set. Errors: modem_absent (it does not answer), denied (PIN),
  // not_found (no SIM), modem_error (the APN was refused), invalid (a value that cannot be sent).
  asio::awaitable<Result<void>> run();

 private:
  asio::awaitable<bool> find();
  asio::awaitable<bool> attention();
  asio::awaitable<bool> escape();
  asio::awaitable<bool> fill();
  asio::awaitable<void> set_up_line();
  asio::awaitable<void> set_up_signals();
  asio::awaitable<void> release_stacks();
  asio::awaitable<void> identify();
  asio::awaitable<Result<void>> unlock_sim();
  asio::awaitable<Result<void>> enter_pin();
  asio::awaitable<Result<void>> set_context();
  asio::awaitable<Result<void>> set_context_auth();
  asio::awaitable<Result<void>> wait_registered();
  asio::awaitable<void> ask_network();

  asio::awaitable<Result<Outcome>> ask(CommandId id, Result<CommandLine> line);
  // The same, where the modem need not know the command; whether it does.
  asio::awaitable<bool> tell(CommandId id, Result<CommandLine> line);
  asio::awaitable<Result<Outcome>> query(CommandId id);
  // The first result line of a query; empty where there is none.
  asio::awaitable<std::string> answer(CommandId id);
  asio::awaitable<bool> pause(Duration duration);

  Runtime& runtime_;
  Modem& modem_;
  const config::Modem& settings_;
};

}  // namespace sim52xx::daemon
