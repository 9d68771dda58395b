// Session 0 in transparent mode: the fast path, and the ways into and out of it. Client bytes pass
// the escape guard, peer bytes pass the close detector; a suspected end is decided by an escape
// probe before anything is announced.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/event.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/stacks/ssl_session.hpp"
#include "protocol/close_detector.hpp"
#include "protocol/escape_guard.hpp"

namespace sim52xx::daemon {

class Online {
 public:
  Online(Runtime& runtime, Modem& modem, SslSession& session);

  // The modem has said CONNECT.
  void begin(Duration probe_interval);
  [[nodiscard]] bool active() const { return state_ != State::off; }

  // Bytes from the line.
  void on_bytes(std::string_view bytes);

  // Writes the front of `pending` as far as the escape guard and the line allow; returns how many
  // bytes. 0: wait_writable().
  std::size_t write_some(std::string_view pending);
  // Until write_some(pending) may take something, or more bytes may help, or the session ended.
  asio::awaitable<void> wait_writable(std::string_view pending);

  // Watches for the end while active; decides suspicions. Ends with the session.
  asio::awaitable<void> watch();

  // Back to command mode; the session may still be open there. False: the modem is in an unknown
  // state (and was told to start over).
  asio::awaitable<bool> leave();

  // The modem is lost.
  void reset();
  Event& changed() { return changed_; }

 private:
  enum class State { off, online, guarding, escaping, deciding };
  // no_answer: in command mode, but nothing has said OK to the plus signs.
  enum class Escape { command_mode, no_answer, still_online, lost, unknown };
  enum class Resumed { online, over, lost };

  asio::awaitable<void> probe();
  asio::awaitable<Escape> escape(bool only_while_suspect);
  asio::awaitable<bool> silence(bool only_while_suspect);
  asio::awaitable<bool> await_answer();
  asio::awaitable<Resumed> back_online();
  void ended();
  void deliver(CloseDetector::Data data);
  void arm_tick();
  [[nodiscard]] std::chrono::nanoseconds stamp(Time time) const { return time.time_since_epoch(); }

  Runtime& runtime_;
  Modem& modem_;
  SslSession& session_;
  EscapeGuard guard_;
  CloseDetector detector_;
  Timer tick_;
  Event changed_;
  State state_ = State::off;
  std::string answer_;  // what came since the escape was sent
  std::string late_;    // what came after the transparent mode was resumed, before the verdict
  Time last_byte_{};    // of answer_
  Duration probe_interval_{};
  Time next_probe_{};
};

}  // namespace sim52xx::daemon
