// Results that come behind a command's OK ("+CFTPSLOGIN: 0"). The note's firmware has none: its OK
// means that the command is done. Later firmware says OK at once and the result when it is there,
// or the result first, for some commands or for all. Which it is, is learned from the first answers
// and forgotten with the modem; so no command is sent while another one is still at work, and none
// is waited for that is not to come.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/event.hpp"
#include "protocol/exchange.hpp"
#include "protocol/profile/profile.hpp"

namespace sim52xx::daemon {

class LateResults {
 public:
  // Whether a command has a result of its own besides its OK.
  enum class Style : std::uint8_t { unknown, bare, result };

  LateResults(Runtime& runtime, const Profile& profile, Stack stack)
      : profile_(profile), stack_(stack), runtime_(runtime), changed_(runtime) {}

  // A line that belongs to no command.
  void on_line(std::string_view line);
  // The modem is gone; whoever waits returns.
  void forget();

  // The command is about to be sent: what has come for it before is not its own.
  void begin(CommandId id) { late_.erase(id); }
  // Its answer was OK: waits for a result that may still come, and puts it into `outcome`. For how
  // long: until `deadline` where the command is known to have one, for `unsure` where nothing is
  // known. False: it is known to have a result, and none came.
  asio::awaitable<bool> complete(CommandId id, Outcome& outcome, Time deadline, Duration unsure);
  // Until a result has come for a command that was thought to be done; false: none came.
  asio::awaitable<bool> wait(CommandId id, Time deadline);

  // The number of that result; nullopt: none has come, or it is none.
  [[nodiscard]] std::optional<long> code(CommandId id) const;
  [[nodiscard]] Style style(CommandId id) const;
  void learn(CommandId id, Style style) { styles_[id] = style; }

 private:
  const Profile& profile_;
  Stack stack_;
  Runtime& runtime_;
  Event changed_;
  std::map<CommandId, Style> styles_;
  std::map<CommandId, std::string> late_;
  int losses_ = 0;
};

}  // namespace sim52xx::daemon
