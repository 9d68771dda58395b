// The modem's SSL stack (note, chapter 4): started lazily, its two sessions, counted or (session 0)
// transparent, certificate alerts answered by the user's list. Who may use which session when is
// decided above (arbiter.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/lock.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/config/config.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/stacks/modem_stack.hpp"
#include "daemon/stacks/online.hpp"
#include "daemon/stacks/ssl_session.hpp"
#include "daemon/stacks/window_belief.hpp"

namespace sim52xx::daemon {

// Whoever tells the world of certificate alerts. Must not wait.
class AlertWatcher {
 public:
  virtual ~AlertWatcher() = default;
  virtual void on_alert(const Target& target, const Alert& alert, AlertAnswer verdict) = 0;
};

class SslStack final : public ModemUser, public ModemStack {
 public:
  using Mode = SslSession::Mode;

  // How long things may take; see the note's 4.8.
  SslStack(Runtime& runtime, Modem& modem, const config::StackTimeouts& timeouts, TaskGroup& tasks);

  SslSession& session(int id) { return sessions_.at(static_cast<std::size_t>(id)); }
  [[nodiscard]] const SslSession& session(int id) const {
    return sessions_.at(static_cast<std::size_t>(id));
  }

  // Opens a session: starts the stack in the right mode, connects, answers alerts. The modem must
  // be ready and no session may use the stack in another mode. Errors: timeout, connect_failed,
  // tls_alert, modem_error, modem_absent. (note, 4.1, 4.2, 4.7)
  asio::awaitable<Result<void>> open(int id, Mode mode, const Target& target,
                                     const config::Endpoint& limits);

  // Sends the front of `bytes`, which need not stay; returns how much of it the modem took, 0 in
  // transparent mode when it has to wait (then wait_sendable()). (note, 4.3, 4.7)
  asio::awaitable<Result<std::size_t>> send(int id, std::string_view bytes);
  // The same without any waiting, for transparent mode; nullopt in counted mode and where the
  // session has failed.
  std::optional<std::size_t> send_now(int id, std::string_view bytes);
  // Until send_now() may take something of `bytes`, in the transparent session.
  asio::awaitable<void> wait_sendable(std::string_view bytes);
  // There is more to send than wait_sendable() was told: it returns, to be asked anew.
  void more_to_send();
  // Its session's user leaves: wait_sendable() returns, whatever the line takes.
  void end_wait_sendable();

  // Closes a session, whatever its state; errors are logged, for there is nothing left to do about
  // them. (note, 4.5)
  asio::awaitable<void> close(int id) override;

  // Runs a command that is not of this stack: at once, or in a window where session 0 is
  // transparent. `timeout` is for the window, then for the command.
  asio::awaitable<Result<Outcome>> aside(Request request, Duration timeout);

  // Runs a command that nobody waits for: where session 0 is transparent, in a window that others
  // open, whenever that is. `timeout` is for the command alone.
  asio::awaitable<Result<Outcome>> beside(Request request, Duration timeout);

  [[nodiscard]] Stack kind() const override { return Stack::ssl; }
  // May be none.
  void set_watcher(AlertWatcher* watcher) { watcher_ = watcher; }

  [[nodiscard]] bool started() const override { return started_; }
  // Stops the stack if it is started, and closes what is open. (note, 4.6)
  asio::awaitable<void> stop() override;

  // Session 0 is transparent.
  [[nodiscard]] bool online() const { return online_.active(); }
  // Session 1 can be used while session 0 is transparent; believed until the modem refuses.
  [[nodiscard]] bool windows() const { return windows_.holds(); }

 private:
  void on_urc(const Urc& urc, std::string_view line) override;
  void on_ssl_data(int session, std::string_view bytes) override;
  void on_ssl_cut(int session) override;
  void on_online(std::string_view bytes) override;
  void on_modem_lost(const std::string& reason) override;

  asio::awaitable<Result<void>> start(int id, Mode mode);
  asio::awaitable<void> stop_now();
  asio::awaitable<Result<void>> connect(SslSession& open_session, const Target& target);
  asio::awaitable<Result<void>> settle(SslSession& open_session, const Target& target,
                                       Result<Outcome> outcome);
  asio::awaitable<void> cancel_open(int id);
  asio::awaitable<bool> stopped_elsewhere(SslSession& other);
  asio::awaitable<Result<void>> wait_unsent(SslSession& open_session, std::size_t most,
                                            Duration patience);
  asio::awaitable<Result<std::size_t>> query_unsent(int id);
  asio::awaitable<void> continue_late(int id);
  asio::awaitable<Result<Outcome>> run(CommandId id, const CommandBuilder& builder,
                                       Duration timeout, std::string_view payload = {});
  asio::awaitable<Result<Outcome>> run_once(CommandId id, const CommandBuilder& builder,
                                            Duration timeout, std::string_view payload = {});
  asio::awaitable<Result<Outcome>> say_beside(const Request& request, Duration timeout);
  [[nodiscard]] bool overtaken(const Result<Outcome>& result) const;
  asio::awaitable<void> overtaking_over();
  void on_alert(Alert alert);
  void finish(SslSession& ended);
  WindowBelief::Verdict judge_window(const SslSession& open_session, const Target& target,
                                     const Result<Outcome>& outcome);
  [[nodiscard]] bool is_live(const SslSession& session) const;
  [[nodiscard]] Error start_error(const Outcome& outcome) const;
  static Error open_error(const std::optional<Alert>& alert, const Target& target,
                          const Outcome& outcome);
  static Error late_error(Error error, const Target& target);

  AlertWatcher* watcher_ = nullptr;
  Runtime& runtime_;
  Modem& modem_;
  const config::StackTimeouts& timeouts_;
  TaskGroup& tasks_;
  std::array<SslSession, 2> sessions_;
  std::array<const Target*, 2> targets_{};  // while open() and later; owned by the user
  Online online_;
  Lock starting_;    // the stack is being started or stopped
  Lock connecting_;  // a session is being opened: the whole dialogue, alerts included
  bool started_ = false;
  bool doubtful_ = false;         // it refused to send: somebody else may have stopped it
  bool answers_queries_ = false;  // AT+CSSLSEND? has been answered while the stack was started
  Mode mode_ = Mode::counted;
  std::optional<Online::Want> window_wanted_;  // as long as session 1 is in use
  WindowBelief windows_;
  Time asked_{};  // when the last command was sent
  bool asked_in_window_ = false;
  int opening_ = -1;
  std::array<bool, 2> left_open_{};  // the modem has not said that it has closed it
  std::string early_;                // came behind CONNECT, before open() has returned
};

// Bits, err and level of an alert, for people.
std::string alert_words(const Alert& alert);

// A refused certificate or handshake, in words: bits, host, and what to write into the
// configuration to accept it.
Error alert_error(const Alert& alert, const Target& target);

}  // namespace sim52xx::daemon
