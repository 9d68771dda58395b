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

}  // namespace

SslStack::SslStack(Runtime& runtime, Modem& modem, const config::StackTimeouts& timeouts,
                   TaskGroup& tasks)
    : runtime_(runtime),
      modem_(modem),
      timeouts_(timeouts),
      tasks_(tasks),
      sessions_{{{runtime, modem.channel(), 0}, {runtime, modem.channel(), 1}}},
      online_(runtime, modem, sessions_[0]),
      starting_(runtime),
      connecting_(runtime) {
  online_.on_guest_cut([this] {
    sessions_[1].fail(Error(ErrorKind::interrupted, "receive",
                            "data of session 0 looked like its end and like data of this session, "
                            "of which some may be lost"));
  });
}

// A command may have waited for its turn while session 0 became transparent: it was not sent, and
// waits for a window.
asio::awaitable<Result<Outcome>> SslStack::run(CommandId id, const CommandBuilder& builder,
                                               Duration timeout, std::string_view payload) {
  for (;;) {
    auto result = co_await run_once(id, builder, timeout, payload);
    if (!overtaken(result)) co_return result;
    co_await overtaking_over();
  }
}

// The part of run() for who opens a session, and makes the line what it is.
asio::awaitable<Result<Outcome>> SslStack::run_once(CommandId id, const CommandBuilder& builder,
                                                    Duration timeout, std::string_view payload) {
  auto line = builder.line();
  if (!line) co_return line.error();
  Request request(modem_.profile().row(id), std::move(*line));
  request.payload = payload;
  const Online::Use use = co_await online_.command_mode();
  asked_ = runtime_.now();
  asked_in_window_ = online_.in_window();
  auto result = co_await modem_.channel().exec(std::move(request), timeout);
  co_return result;
}

asio::awaitable<Result<std::size_t>> SslStack::send(int id, std::string_view bytes) {
  SslSession& open_session = session(id);
  if (open_session.failure) co_return *open_session.failure;
  if (open_session.mode == Mode::transparent) co_return online_.write_some(bytes);
  const std::string block(bytes.substr(0, modem_.profile().limits.ssl_send));
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
  doubtful_ = !open_session.peer_closed;
  Error error(ErrorKind::modem_error, "send", "the modem refused to send: " + outcome->text);
  error.at = "AT+CSSLSEND";
  error.response = outcome->text;
  if (!open_session.peer_closed) open_session.fail(error);
  co_return error;
}

// Until at most `most` bytes of this session wait in the modem. The reports of CSSLSET=1 usually
// say so; where they are missing the modem is asked (note, 4.3). One that cannot tell is believed
// to have sent all.
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
  answers_queries_ = answers_queries_ || outcome->ok();
  std::int64_t unsent = 0;
  for (const std::string& line : outcome->lines) {
    const Fields fields(line);
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2)
      if (fields.number(i) == id) unsent = fields.number(i + 1).value_or(0);
  }
  co_return static_cast<std::size_t>(std::max<std::int64_t>(unsent, 0));
}

std::optional<std::size_t> SslStack::send_now(int id, std::string_view bytes) {
  const SslSession& open_session = session(id);
  if (open_session.mode != Mode::transparent || open_session.failure) return std::nullopt;
  return online_.write_some(bytes);
}

asio::awaitable<void> SslStack::wait_sendable(std::string_view bytes) {
  return online_.wait_writable(bytes, timeouts_.transfer);
}

void SslStack::more_to_send() {
  online_.changed().notify();
}

void SslStack::end_wait_sendable() {
  online_.changed().notify();
  modem_.channel().end_online_wait();
}

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
  for (const SslSession& left : sessions_)
    co_await close(left.id);
  const Lock::Guard guard = co_await starting_.acquire();
  if (started_ && modem_.ready()) co_await stop_now();
  started_ = false;
}

asio::awaitable<void> SslStack::stop_now() {
  started_ = doubtful_ = false;
  left_open_ = {};
  const CommandBuilder stop("+CSSLSTOP");
  auto stopped = co_await run(CommandId::ssl_stop, stop, timeouts_.stop);
  if (!stopped) spdlog::warn("ssl: stopping the stack: {}", stopped.error().message);
}

}  // namespace sim52xx::daemon
