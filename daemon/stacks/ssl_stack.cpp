#include "daemon/stacks/ssl_stack.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "protocol/fields.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto brief = 10s;
// Of one session's bytes, at most this many may wait in the modem: more has been seen to choke the
// family (the vendor's own advice is to stop at about 10 KB).
constexpr std::size_t most_unsent = 8192;
constexpr auto first_look = 20ms;  // between two questions how much is unsent; doubles
constexpr auto last_look = 1s;
constexpr auto too_soon_for_network = 100ms;  // for a connection refused, or a name not found

}  // namespace

SslStack::SslStack(Runtime& runtime, Modem& modem, const config::StackTimeouts& timeouts,
                   TaskGroup& tasks)
    : runtime_(runtime), modem_(modem), timeouts_(timeouts), tasks_(tasks),
      sessions_{{{runtime, modem.channel(), 0}, {runtime, modem.channel(), 1}}},
      online_(runtime, modem, sessions_[0]), starting_(runtime), connecting_(runtime) {
  online_.on_guest_cut([this] {
    sessions_[1].fail(Error(ErrorKind::interrupted, "receive",
                            "session 0 ended while the modem printed data of this session, which "
                            "cannot be told from session 0's without a gap"));
  });
}

asio::awaitable<Result<Outcome>> SslStack::run(CommandId id, const CommandBuilder& builder,
                                               Duration timeout, std::string_view payload) {
  auto line = builder.line();
  if (!line) co_return line.error();
  Request request(modem_.profile().row(id), std::move(*line));
  request.payload = payload;
  const Online::Use use = co_await online_.command_mode();
  asked_ = runtime_.now();
  auto result = co_await modem_.channel().exec(std::move(request), timeout);
  co_return result;
}

// Note, 4.1 and 4.7: CSSLSET and CSSLMODE come before CSSLSTART.
asio::awaitable<Result<void>> SslStack::start(int id, Mode mode) {
  const Lock::Guard guard = co_await starting_.acquire();
  // Beside another session the mode stays as it is.
  const bool shared = session(1 - id).state != SslSession::State::closed;
  if (started_ && (mode_ == mode || shared)) co_return Result<void>();
  if (started_) co_await stop_now();
  const CommandBuilder report = CommandBuilder("+CSSLSET").number("report", 1, 0, 1);
  auto reporting = co_await run(CommandId::ssl_set, report, brief);
  if (!reporting) co_return reporting.error();
  const int wanted = mode == Mode::transparent ? 1 : 0;
  const CommandBuilder transparent = CommandBuilder("+CSSLMODE").number("mode", wanted, 0, 1);
  auto moded = co_await run(CommandId::ssl_mode, transparent, brief);
  if (!moded) co_return moded.error();
  if (!moded->ok() && mode == Mode::transparent)
    co_return Error(ErrorKind::unsupported, "acquire", "the modem refused transparent mode (AT+CSSLMODE=1)");
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
  auto outcome = co_await run(CommandId::ssl_open, open, timeouts_.connect);
  if (refused_window(open_session, outcome)) {
    windows_ = false;
    co_return Error(ErrorKind::busy, "window",
                    "the modem does not open session 1 while session 0 is transparent");
  }
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
    const bool suspended =
        outcome->alert_state || (alert && alert->level == AlertLevel::suspend);
    if (!suspended) co_return open_error(alert, target, *outcome);
    if (!alert || answer(*alert, target.accept_alerts) != AlertAnswer::go_on) {
      co_await cancel_open(open_session.id);
      co_return open_error(alert, target, *outcome);
    }
    spdlog::info("{}: accepted the alert of {}: {}", target.name, target.host,
                 alert_words(*alert));
    const CommandBuilder go_on =
        CommandBuilder("+CSSLCONT").number("session", open_session.id, 0, 1);
    outcome = co_await run(CommandId::ssl_continue, go_on, timeouts_.connect);
  }
  if (outcome->final != Final::connect && open_session.mode == Mode::transparent) {
    spdlog::info("{}: the modem opened the session counted, not transparent", target.name);
    open_session.mode = Mode::counted;
    modem_.marker().clear();
  }
  co_return Result<void>();
}

// An ERROR at once, without any network in between: the modem does not want this command here. That
// it came from the network all the same is found out with session 0 out of the way.
bool SslStack::refused_window(const SslSession& open_session, const Result<Outcome>& outcome) const {
  return open_session.id == 1 && online_.in_window() && outcome &&
         (outcome->final == Final::error || outcome->final == Final::cme) &&
         !outcome->alert_state && !open_session.alert &&
         runtime_.now() - asked_ < too_soon_for_network;
}

asio::awaitable<void> SslStack::cancel_open(int id) {
  const CommandBuilder close = CommandBuilder("+CSSLCLOSE").number("session", id, 0, 1);
  auto closed = co_await run(CommandId::ssl_close, close, timeouts_.close);
  if (!closed) spdlog::warn("ssl: cancelling session {}: {}", id, closed.error().message);
}

asio::awaitable<Result<std::size_t>> SslStack::send(int id, std::string_view bytes) {
  SslSession& open_session = session(id);
  if (open_session.mode == Mode::transparent) co_return send_now(id, bytes);
  const std::string_view block = bytes.substr(0, modem_.profile().limits.ssl_send);
  auto room = co_await wait_unsent(open_session, most_unsent - block.size(), timeouts_.transfer);
  if (!room) co_return room.error();
  if (open_session.failure) co_return *open_session.failure;
  const auto length = static_cast<std::int64_t>(block.size());
  const CommandBuilder send =
      CommandBuilder("+CSSLSEND").number("session", id, 0, 1).number("length", length, 1, length);
  open_session.outstanding += block.size();  // before the report, which may beat us to it
  auto outcome = co_await run(CommandId::ssl_send, send, timeouts_.transfer, block);
  if (outcome && outcome->ok()) {
    open_session.sent += block.size();
    co_return block.size();
  }
  open_session.outstanding -= std::min(open_session.outstanding, block.size());
  if (!outcome) co_return outcome.error();
  Error error(ErrorKind::modem_error, "send", "the modem refused to send: " + outcome->text);
  error.at = "AT+CSSLSEND";
  error.response = outcome->text;
  co_return error;
}

// Until at most `most` bytes of this session wait in the modem. The reports of CSSLSET=1 usually say
// so; where they are missing the modem is asked (note, 4.3). One that cannot tell is believed to
// have sent all.
asio::awaitable<Result<void>> SslStack::wait_unsent(SslSession& open_session, std::size_t most,
                                                    Duration patience) {
  const Time latest = runtime_.now() + patience;
  Duration wait = first_look;
  while (open_session.outstanding > most && !open_session.failure) {
    auto unsent = co_await query_unsent(open_session.id);
    if (!unsent) co_return unsent.error();
    open_session.outstanding = std::min(open_session.outstanding, *unsent);
    if (open_session.outstanding <= most) break;
    if (runtime_.now() >= latest)
      co_return Error(ErrorKind::timeout, "send",
                      "the modem could not send " + std::to_string(*unsent) +
                          " bytes to the peer within the transfer timeout");
    co_await open_session.changed.wait_until(runtime_.now() + wait);
    wait = std::min<Duration>(wait * 2, last_look);
  }
  co_return Result<void>();
}

// +CSSLSEND: 0,<unsent of session 0>,1,<unsent of session 1>
asio::awaitable<Result<std::size_t>> SslStack::query_unsent(int id) {
  CommandBuilder query("+CSSLSEND");
  query.query();
  auto outcome = co_await run(CommandId::ssl_send_query, query, brief);
  if (!outcome) co_return outcome.error();
  std::int64_t unsent = 0;
  for (const std::string& line : outcome->lines) {
    const Fields fields(line);
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2)
      if (fields.number(i) == id) unsent = fields.number(i + 1).value_or(0);
  }
  co_return static_cast<std::size_t>(std::max<std::int64_t>(unsent, 0));
}

std::size_t SslStack::send_now(int id, std::string_view bytes) {
  if (session(id).mode != Mode::transparent) return 0;
  return online_.write_some(bytes);
}

asio::awaitable<void> SslStack::wait_sendable(int id, std::string_view bytes) {
  if (session(id).mode != Mode::transparent) co_return;
  online_.set_pressed(!bytes.empty());
  co_await online_.wait_writable(bytes);
  online_.set_pressed(false);
}

void SslStack::more_to_send() { online_.changed().notify(); }

asio::awaitable<void> SslStack::close(int id) {
  SslSession& open_session = session(id);
  if (open_session.state == SslSession::State::closed) co_return;
  open_session.state = SslSession::State::closing;
  bool usable = modem_.ready();
  if (usable && open_session.mode == Mode::transparent) {
    open_session.outstanding = open_session.sent > 0 ? most_unsent : 0;  // who knows
    usable = co_await online_.leave();
  }
  if (usable && !open_session.failure && !open_session.peer_closed) {
    auto flushed = co_await wait_unsent(open_session, 0, timeouts_.close);
    if (!flushed) spdlog::warn("ssl: session {}: {}", id, flushed.error().message);
  }
  if (usable && modem_.ready()) co_await cancel_open(id);
  finish(open_session);
}

// A session's life is over.
void SslStack::finish(SslSession& ended) {
  if (ended.id == 1) window_wanted_.reset();
  targets_.at(static_cast<std::size_t>(ended.id)) = nullptr;
  ended.end();
}

asio::awaitable<void> SslStack::stop() {
  for (const SslSession& left : sessions_) co_await close(left.id);
  const Lock::Guard guard = co_await starting_.acquire();
  if (started_ && modem_.ready()) co_await stop_now();
  started_ = false;
}

asio::awaitable<void> SslStack::stop_now() {
  started_ = false;
  const CommandBuilder stop("+CSSLSTOP");
  auto stopped = co_await run(CommandId::ssl_stop, stop, timeouts_.stop);
  if (!stopped) spdlog::warn("ssl: stopping the stack: {}", stopped.error().message);
}

}  // namespace sim52xx::daemon
