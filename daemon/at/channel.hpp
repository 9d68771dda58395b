// The conversation with the modem: the one owner of the line. A perpetual reader cuts frames and
// gives each to its owner (the command in flight, then the unsolicited codes); exec() runs one
// command at a time, in the order of asking. Nothing else writes to the port.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/event.hpp"
#include "daemon/at/wire_watcher.hpp"
#include "daemon/serial/port.hpp"
#include "protocol/command.hpp"
#include "protocol/exchange.hpp"
#include "protocol/framer.hpp"
#include "protocol/outcome.hpp"
#include "protocol/profile/profile.hpp"
#include "protocol/urc.hpp"

namespace sim52xx::daemon {

// Takes the counted blocks of a command's answer ("+CHTTPSRECV: DATA,<n>"), piece by piece as they
// come. Called by the reader; must not wait.
class BlockSink {
 public:
  virtual ~BlockSink() = default;
  virtual void on_block(std::string_view bytes) = 0;
  // A block stopped short; the rest of it will not come.
  virtual void on_block_cut() = 0;
};

// How long the answer to a command is waited for that may go on for as long as a file is long. The
// caller may change it while it waits, and says so by look_again().
struct Patience {
  Duration silence;           // so long without a byte of the answer; not while the line is held
  Time latest = Time::max();  // not beyond this moment, whatever comes
};

// One AT command to run.
struct Request {
  Request(const CommandRow& r, CommandLine l) : row(&r), line(std::move(l)) {}

  const CommandRow* row;
  CommandLine line;
  std::string_view payload;            // what goes after the prompt; must live until exec() returns
  BlockSink* blocks = nullptr;         // may be none; must live until exec() returns
  const Patience* patience = nullptr;  // instead of the timeout; must live until exec() returns
  bool patient_turn = false;  // its turn is awaited for as long as it takes; then the timeout begins
};

// Who gets what belongs to no command. Called by the reader; must not wait.
class Inbound {
 public:
  virtual ~Inbound() = default;
  virtual void on_urc(const Urc& urc, std::string_view line) = 0;
  virtual void on_ssl_data(int session, std::string_view bytes) = 0;
  // A counted block of this session stopped short; the rest of it will not come.
  virtual void on_ssl_cut(int session) = 0;
  // Bytes of the transparent mode, or of the escape's answer.
  virtual void on_online(std::string_view bytes) = 0;
  // A command was given up: see Channel::owed_since().
  virtual void on_owed() {}
};

class Channel {
 public:
  struct Counters {
    std::uint64_t read = 0;     // bytes from the modem
    std::uint64_t written = 0;  // bytes to the modem
    std::uint64_t commands = 0;
    std::uint64_t timeouts = 0;
    std::uint64_t unknown_lines = 0;
  };

  Channel(Runtime& runtime, Inbound& inbound);

  void attach(std::unique_ptr<Port> port);
  // Closes the port; every wait ends with modem_absent and `reason`.
  void lose(std::string reason);
  [[nodiscard]] bool attached() const { return port_ != nullptr && port_->is_open(); }
  [[nodiscard]] const std::string& lost_reason() const { return lost_reason_; }

  // Reads until the port is lost.
  asio::awaitable<void> read_loop();

  // Runs one command. The answer of the modem, whatever it is, is a value; errors are modem_absent,
  // timeout (the slot stays taken until the answer comes or a resync proves silence), interrupted
  // (a block of the answer stopped short, and the modem is there) and busy (the line is in
  // transparent mode).
  asio::awaitable<Result<Outcome>> exec(Request request, Duration timeout);
  // When the last command was given up, if its answer has not come since.
  [[nodiscard]] std::optional<Time> owed_since() const;
  // A modem that owes an answer is asked whether it is still there; if not, it is lost.
  asio::awaitable<void> make_sure();
  // Somebody's Patience has changed.
  void look_again() { changed_.notify(); }

  // For bring-up, which does not know what state the modem is in: writes `text` and waits for an
  // OK or ERROR, whosever it is. False: none came in time.
  asio::awaitable<bool> poke(std::string_view text, Duration wait);
  // Proves that the modem is in command mode and owes no answer: AT+CGSN has an answer that nothing
  // else has. False: it came in none of `attempts`, `wait` each. Then nothing is known.
  asio::awaitable<bool> resync(int attempts, Duration wait);
  // The number that the last resync() got.
  [[nodiscard]] const std::string& serial_number() const { return serial_number_; }

  // The line is in transparent mode: exec() is refused, bytes go both ways as they are.
  [[nodiscard]] bool online() const { return online_; }
  std::size_t write_online(std::string_view bytes);
  // Only where attached().
  asio::awaitable<bool> online_writable(Time deadline);
  // Ends online_writable().
  void end_online_wait() {
    if (port_) port_->end_wait();
  }
  // The same for bytes of our own: the escape, and questions to find out where the modem is.
  asio::awaitable<bool> write_all_online(std::string_view bytes, Time deadline);
  // The modem was seen to be in command mode. `rest` came after that and is read as lines.
  void leave_online(std::string_view rest);

  [[nodiscard]] Time off_wire() const { return port_ ? port_->off_wire() : runtime_.now(); }
  [[nodiscard]] bool drained() const { return !port_ || port_->drained(); }
  // False: it cannot be set.
  bool set_terminal_ready(bool on) { return attached() && port_->set_terminal_ready(on); }
  [[nodiscard]] const Port* port() const { return port_.get(); }

  // Stops and resumes reading from the modem: flow control towards it. Counts.
  void hold() {
    ++holds_;
    changed_.notify();
  }
  void release();

  // Told of every byte from now on; may be none.
  void set_watcher(WireWatcher* watcher) { watcher_ = watcher; }

  // No command lasts beyond this moment (orderly stop).
  void set_limit(Time limit) { limit_ = limit; }
  [[nodiscard]] Time limit() const { return limit_; }
  [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
  class Turn;

  asio::awaitable<Result<Outcome>> converse(Request& request, Time deadline);
  asio::awaitable<bool> still_there(std::string_view else_lost);
  [[nodiscard]] Time give_up_at(const Request& request, Time deadline) const;
  asio::awaitable<bool> write(std::string_view bytes, Time deadline);
  void watch_stall();
  Error timed_out(const Request& request);
  Error lost_error() const;

  void show_sent(std::string_view bytes, std::span<const SecretSpan> secrets = {}) const;
  void show_received(const std::optional<Frame>& frame, std::string_view bytes) const;
  void feed(std::string_view input);
  void feed_again(std::string_view input);
  void dispatch(const Frame& frame);
  void on_line(std::string_view line);
  bool on_sync_line(std::string_view line);
  void on_unowned(std::string_view line);
  void on_raw(const Frame& frame);
  void finish_command();
  void order_framer();
  void watch_block();
  void block_stopped();
  void block_damaged(int session);
  void header_damaged(std::string_view line);

  Runtime& runtime_;
  Inbound& inbound_;
  WireWatcher* watcher_ = nullptr;
  std::unique_ptr<Port> port_;
  std::string lost_reason_;
  Framer framer_;
  Exchange exchange_;
  std::string sent_;  // the command in flight, for its echo
  Event changed_;     // a command made progress, a turn ended, the line was lost
  Event released_;
  std::deque<std::uint64_t> turns_;
  std::uint64_t next_turn_ = 0;
  Outcome outcome_;
  bool done_ = false;
  bool prompted_ = false;
  bool online_ = false;
  BlockSink* blocks_ = nullptr;  // of the command in flight, until it is abandoned
  static constexpr int of_command = -1;
  static constexpr int of_nobody = -2;
  int block_session_ = of_command;  // whose counted block is being read
  int ended_session_ = of_command;  // the one before
  Time last_byte_{};                // of a block, or of the answer of the command in flight
  std::string block_tail_;          // the end of what has come of it
  Time given_up_{};                 // the command whose answer is owed
  std::optional<Time> cut_at_;      // a block of the command in flight stopped short
  Timer block_timer_;
  std::optional<Time> stalled_at_;  // when it is looked whether the modem has taken the command
  int unsent_ = 0;
  int holds_ = 0;
  enum class Sync : std::uint8_t { none, any_final, number, final, done } sync_ = Sync::none;
  std::string serial_number_;
  Time limit_ = Time::max();
  Counters counters_;
  std::array<char, 32768> buffer_{};
};

// 14 to 17 digits and nothing else: the answer to AT+CGSN.
bool is_serial_number(std::string_view line);

}  // namespace sim52xx::daemon
