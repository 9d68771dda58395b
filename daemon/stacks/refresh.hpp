// Keeps what is shown of the network fresh: signal, registration, operator, technology. Asks only
// when somebody looks and what is known is old, one short command at a time behind those that are
// at work, and never opens a window of its own in a transparent session: there it waits for one
// that others open.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/async/task_group.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/stacks/ssl_stack.hpp"

namespace sim52xx::daemon {

class Refresh {
 public:
  static constexpr std::chrono::seconds stale{30};

  Refresh(Runtime& runtime, Modem& modem, SslStack& stack, TaskGroup& tasks)
      : runtime_(runtime), modem_(modem), stack_(stack), tasks_(tasks) {}

  // Somebody has looked. Returns at once; the next one to look sees what has come of it.
  void wanted();

 private:
  asio::awaitable<void> run();
  asio::awaitable<void> ask_all();
  // False: no other question makes sense now.
  asio::awaitable<bool> ask(CommandId id);

  Runtime& runtime_;
  Modem& modem_;
  SslStack& stack_;
  TaskGroup& tasks_;
  Time tried_ = Time::min();
  bool running_ = false;
};

}  // namespace sim52xx::daemon
