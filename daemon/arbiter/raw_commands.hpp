// Raw AT commands of an admin, one at a time, beside everything else that uses the modem: checked
// (protocol/raw_command.hpp), in a window where session 0 is transparent, refused where they would
// get into the way of a stack that is in use. And the modem's reset.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/async/lock.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/stacks/ssl_stack.hpp"
#include "protocol/raw_command.hpp"

namespace sim52xx::daemon {

class RawCommands {
 public:
  struct Answer {
    std::vector<std::string> lines;
    std::string final;  // "OK", "ERROR", "+CME ERROR: ..."
    Duration took{};
  };

  RawCommands(Runtime& runtime, Modem& modem, SslStack& stack, Arbiter& arbiter);

  // Whatever the modem answers is a value. Errors: invalid, denied, busy (with whom), modem_absent,
  // timeout.
  asio::awaitable<Result<Answer>> run(std::string text, Duration timeout);

  // Restarts the modem; all that it holds ends with `interrupted`.
  asio::awaitable<Result<void>> reset();

 private:
  asio::awaitable<Result<Answer>> say(RawCommand& command, Duration timeout);
  asio::awaitable<Result<Answer>> say_in_family(RawCommand& command, Duration timeout);

  Runtime& runtime_;
  Modem& modem_;
  SslStack& stack_;
  Arbiter& arbiter_;
  Lock turn_;
  // Of the command that runs; read as long as its answer may still come.
  std::string name_;
  CommandRow row_;
};

}  // namespace sim52xx::daemon
