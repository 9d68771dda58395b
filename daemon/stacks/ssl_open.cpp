// Opening a session of the SSL stack: the stack in the right mode, the connection, the alerts.
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/stacks/ssl_stack.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto brief = 10s;
constexpr auto pause = 1s;  // before something is tried again that was refused at once

}  // namespace

// Note, 4.1 and 4.7: CSSLSET and CSSLMODE come before CSSLSTART.
asio::awaitable<Result<void>> SslStack::start(int id, Mode mode) {
  const Lock::Guard guard = co_await starting_.acquire();
  SslSession& other = session(1 - id);
  // One that is about to end does not keep a doubtful stack from being started anew.
  while (started_ && doubtful_ && other.ending())
    co_await other.changed.wait();
  // Beside another session the mode stays as it is.
  const bool shared = other.state != SslSession::State::closed;
  if (started_ && (shared || (mode_ == mode && !doubtful_))) co_return Result<void>();
  if (started_) co_await stop_now();
  const CommandBuilder report = CommandBuilder("+CSSLSET").number("report", 1, 0, 1);
  auto reporting = co_await run(CommandId::ssl_set, report, brief);
  if (!reporting) co_return reporting.error();
  const int wanted = mode == Mode::transparent ? 1 : 0;
  const CommandBuilder transparent = CommandBuilder("+CSSLMODE").number("mode", wanted, 0, 1);
  auto moded = co_await run(CommandId::ssl_mode, transparent, brief);
  // Perhaps the stack is started: a stop got lost.
  if (moded && !moded->ok() && mode == Mode::transparent) {
    co_await stop_now();
    moded = co_await run(CommandId::ssl_mode, transparent, brief);
  }
  if (!moded) co_return moded.error();
  if (!moded->ok() && mode == Mode::transparent)
    co_return Error(ErrorKind::unsupported, "acquire",
                    "the modem refused transparent mode (AT+CSSLMODE=1)");
  const CommandBuilder start("+CSSLSTART");
  auto started = co_await run(CommandId::ssl_start, start, timeouts_.connect);
  if (started && !started->ok()) {  // perhaps it was started already
    co_await stop_now();
    started = co_await run(CommandId::ssl_start, start, timeouts_.connect);
  }
  started_ = !started || started->ok();  // without an answer it may be, all the same
  if (!started) co_return started.error();
  if (!started->ok()) co_return start_error(*started);
  mode_ = mode;
  co_return Result<void>();
}

Error SslStack::start_error(const Outcome& outcome) const {
  std::string words = "the modem cannot start its SSL stack: " + outcome.text;
  if (!modem_.info().other_family.empty())
    words += " (this firmware has the AT+CCH... commands, not AT+CSSL...)";
  Error error(ErrorKind::modem_error, "acquire", std::move(words));
  error.at = "AT+CSSLSTART";
  error.response = outcome.text;
  return error;
}

asio::awaitable<Result<void>> SslStack::open(int id, Mode mode, const Target& target,
                                             const config::Endpoint& limits) {
  SslSession& open_session = session(id);
  open_session.begin(mode, limits.buffer_limit, limits.stall_timeout, session(1 - id));
  targets_.at(static_cast<std::size_t>(id)) = &target;
  if (id == 1) window_wanted_.emplace(online_);
  auto started = co_await start(id, mode);
  if (!started) {
    finish(open_session);
    co_return started;
  }
  auto connected = co_await connect(open_session, target);
  const bool refused = !connected && connected.error().kind == ErrorKind::connect_failed;
  bool again = false;
  if (refused) again = co_await stopped_elsewhere(session(1 - id));
  if (again) {
    auto restarted = co_await start(id, mode);
    connected = restarted;
    if (restarted) connected = co_await connect(open_session, target);
  }
  opening_ = -1;
  if (!connected) {
    if (mode == Mode::transparent && modem_.channel().attached()) modem_.marker().clear();
    finish(open_session);
    co_return connected;
  }
  open_session.state = SslSession::State::open;
  if (open_session.mode == Mode::transparent) {
    online_.begin(limits.probe_interval, limits.window_max);
    online_.on_bytes(std::exchange(early_, {}));
    tasks_.spawn("ssl0 end detector", online_.watch());
  }
  open_session.changed.notify();
  co_return Result<void>();
}

asio::awaitable<Result<void>> SslStack::connect(SslSession& open_session, const Target& target) {
  const Lock::Guard guard = co_await connecting_.acquire();
  if (left_open_.at(static_cast<std::size_t>(open_session.id)))
    co_await cancel_open(open_session.id);
  early_.clear();
  if (open_session.mode == Mode::transparent) {
    modem_.marker().set();
    online_.before_connect();
  }
  opening_ = open_session.id;
  const CommandBuilder open = CommandBuilder("+CSSLOPEN")
                                  .number("session", open_session.id, 0, 1)
                                  .host("host", target.host, modem_.profile().limits.text)
                                  .number("port", target.port, 1, 65535);
  auto outcome = co_await run_once(CommandId::ssl_open, open, timeouts_.connect);
  auto verdict = judge_window(open_session, target, outcome);
  if (verdict == WindowBelief::Verdict::again) {
    Event nothing(runtime_);
    co_await nothing.wait_until(runtime_.now() + pause);
    outcome = co_await run_once(CommandId::ssl_open, open, timeouts_.connect);
    verdict = judge_window(open_session, target, outcome);
  }
  if (verdict == WindowBelief::Verdict::refused)
    co_return Error(ErrorKind::busy, "window",
                    "the modem does not open session 1 while session 0 is transparent");
  auto result = co_await settle(open_session, target, std::move(outcome));
  const bool late = !result && result.error().kind == ErrorKind::timeout;
  if (late) co_await cancel_open(open_session.id);  // it may still be connecting
  co_return result;
}

// Answers alerts until the session is open or refused. Whether a second alert can follow a
// CSSLCONT nobody knows; it may.
asio::awaitable<Result<void>> SslStack::settle(SslSession& open_session, const Target& target,
                                               Result<Outcome> outcome) {
  for (;;) {
    if (!outcome) co_return late_error(outcome.error(), target);
    if (outcome->ok()) break;
    const std::optional<Alert> alert = std::exchange(open_session.alert, std::nullopt);
    const bool suspended = outcome->alert_state || (alert && alert->level == AlertLevel::suspend);
    if (!suspended) co_return open_error(alert, target, *outcome);
    if (!alert || answer(*alert, target.accept_alerts) != AlertAnswer::go_on) {
      co_await cancel_open(open_session.id);
      co_return open_error(alert, target, *outcome);
    }
    spdlog::info("{}: accepted the alert of {}: {}", target.name, target.host, alert_words(*alert));
    const CommandBuilder go_on =
        CommandBuilder("+CSSLCONT").number("session", open_session.id, 0, 1);
    outcome = co_await run_once(CommandId::ssl_continue, go_on, timeouts_.connect);
  }
  if (outcome->final != Final::connect && open_session.mode == Mode::transparent) {
    spdlog::info("{}: the modem opened the session counted, not transparent", target.name);
    open_session.mode = Mode::counted;
    modem_.marker().clear();
  }
  co_return Result<void>();
}

// What the answer to CSSLOPEN says of windows.
WindowBelief::Verdict SslStack::judge_window(const SslSession& open_session, const Target& target,
                                             const Result<Outcome>& outcome) {
  using Verdict = WindowBelief::Verdict;
  if (open_session.id != 1 || !outcome) return Verdict::network;
  const bool alerted = outcome->alert_state || open_session.alert;
  const std::string name = target.host + ":" + std::to_string(target.port);
  if (!outcome->ok() && !alerted) {
    if (asked_in_window_) return windows_.failed(name, runtime_.now() - asked_);
    windows_.failed_alone(name);
  } else if (asked_in_window_) {
    windows_.succeeded();
  }
  return Verdict::network;
}

// Why a connection is refused while the other session is open and silent: has somebody on another
// port stopped the stack, then it refuses questions, too, that it has answered before. The other
// session is then over, whether its user has noticed or not.
asio::awaitable<bool> SslStack::stopped_elsewhere(SslSession& other) {
  const bool silent = other.state == SslSession::State::open && !other.failure;
  if (!silent || other.mode == Mode::transparent || !answers_queries_) co_return false;
  CommandBuilder query("+CSSLSEND");
  query.query();
  auto outcome = co_await run(CommandId::ssl_send_query, query, brief);
  if (!outcome || outcome->ok()) co_return false;
  doubtful_ = true;
  Error error(ErrorKind::interrupted, "receive", "somebody else has stopped the modem's SSL stack");
  error.at = "AT+CSSLSEND?";
  error.response = outcome->text;
  other.fail(error);
  co_return true;
}

asio::awaitable<void> SslStack::cancel_open(int id) {
  const CommandBuilder close = CommandBuilder("+CSSLCLOSE").number("session", id, 0, 1);
  const bool ours = opening_ == id;
  Result<Outcome> closed = Outcome{};
  if (ours) closed = co_await run_once(CommandId::ssl_close, close, timeouts_.close);
  if (!ours) closed = co_await run(CommandId::ssl_close, close, timeouts_.close);
  left_open_.at(static_cast<std::size_t>(id)) = !closed && modem_.ready();
  if (!closed) spdlog::warn("ssl: cancelling session {}: {}", id, closed.error().message);
}

}  // namespace sim52xx::daemon
