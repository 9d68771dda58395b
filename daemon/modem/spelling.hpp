// Runs commands that this modem may know under another name, or with its arguments in another
// order, than most do. The ways are tried in order on a plain ERROR, and the one that was
// understood stays for as long as the modem is up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "daemon/modem/modem.hpp"
#include "protocol/command.hpp"

namespace sim52xx::daemon {

class Spelling final : private ModemUser {
 public:
  // One command, said in all the ways it may have to be said; never empty.
  using Ways = std::vector<CommandBuilder>;

  // How often all the ways are tried, per command and boot of the modem. A plain ERROR may also be
  // how a server's refusal is told: of such commands none is out of the question before one way was
  // understood.
  enum class Tries : std::uint8_t { once, until_understood };

  // Registers itself with the modem, which tells it of a loss.
  explicit Spelling(Modem& modem, Tries tries = Tries::once) : modem_(modem), tries_(tries) {
    modem.add_user(*this);
  }

  // `build(name)` makes a CommandBuilder: one way for each name that the profile has.
  template <class Build>
  [[nodiscard]] Ways ways(CommandId id, const Build& build) const {
    const CommandRow& row = modem_.profile().row(id);
    Ways all;
    for (std::size_t i = 0; i < row.spellings(); ++i)
      all.push_back(build(row.names.at(i)));
    return all;
  }

  // As Modem::command(). `ways`, `payload`, `blocks` and `patience` must live until it returns.
  // Commands whose first name is the same (to send, to commit, to ask) learn from each other.
  asio::awaitable<Result<Outcome>> run(CommandId id, const Ways& ways, Duration timeout,
                                       std::string_view payload = {}, BlockSink* blocks = nullptr,
                                       const Patience* patience = nullptr);

  // Whether the modem has understood this command in any way since it was started.
  [[nodiscard]] bool proven(CommandId id) const;

 private:
  struct Known {
    std::size_t way = 0;
    bool proven = false;
    bool tried = false;  // all the ways, in vain
  };

  void on_modem_lost(const std::string& reason) override;
  asio::awaitable<Result<Outcome>> say(CommandId id, const CommandBuilder& way, Duration timeout,
                                       std::string_view payload, BlockSink* blocks,
                                       const Patience* patience);

  Modem& modem_;
  Tries tries_;
  std::map<std::string_view, Known> known_;  // by the first name
};

}  // namespace sim52xx::daemon
