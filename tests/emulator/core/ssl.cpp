#include "tests/emulator/core/ssl.hpp"

#include <utility>

#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {
namespace {

constexpr std::size_t max_host = 256;
constexpr seconds connect_time{120};  // note, chapter 4.8
constexpr int level_fatal = 1;
constexpr int level_suspend = 2;

std::optional<int> session_id(const Arguments& arguments) {
  return arguments.number(0, 0, SslStack::sessions - 1);
}

}  // namespace

std::string_view name(SessionState state) {
  switch (state) {
    case SessionState::closed:
      return "closed";
    case SessionState::opening:
      return "opening";
    case SessionState::suspended:
      return "suspended";
    case SessionState::open:
      return "open";
  }
  return "";
}

void SslStack::install(CommandTable& table) {
  table.add("+CSSLSTART",
            {.exec = [this](const Arguments&) { return start(); }, .test = [] { return ok; }});
  table.add("+CSSLSTOP",
            {.exec = [this](const Arguments&) { return stop(); }, .test = [] { return ok; }});
  table.add("+CSSLMODE",
            {.set = [this](const Arguments& a) { return set_mode(a); },
             .read =
                 [this] {
                   modem_.output().line(transparent_ ? "+CSSLMODE: 1" : "+CSSLMODE: 0");
                   return ok;
                 }});
  table.add("+CSSLOPEN", {.set = [this](const Arguments& a) { return open(a); }});
  table.add("+CSSLCONT", {.set = [this](const Arguments& a) { return resume(a); }});
  table.add("+CSSLCLOSE", {.set = [this](const Arguments& a) { return close(a); }});
  install_sending(table);
}

bool SslStack::started() const {
  return modem_.exclusion().holds(User::ssl);
}

Result SslStack::start() {
  if (!modem_.registered() || !modem_.exclusion().take(User::ssl)) return error;
  return modem_.later(modem_.settings().start_ms, [this] { return start_done(); });
}

Result SslStack::start_done() {
  if (!modem_.settings().start_urc) return ok;
  if (modem_.settings().ok_order == "after")
    modem_.output().line("+CSSLSTART: 0");
  else
    modem_.urc("+CSSLSTART: 0");
  return ok;
}

// Works in any state, with most firmware also without a START before it.
Result SslStack::stop() {
  if (!started() && modem_.settings().stop_idle == "error") return error;
  const bool online = modem_.carrier();
  for (int id = 0; id < sessions; ++id)
    drop(id, true);
  modem_.exclusion().release(User::ssl);
  if (!online) return ok;
  modem_.output().result(ResultCode::success);
  modem_.output().line("CLOSED");
  return done;
}

void SslStack::stopped_elsewhere() {
  const bool online = modem_.carrier();
  for (int id = 0; id < sessions; ++id)
    drop(id, true);
  modem_.exclusion().release(User::ssl);
  if (online) modem_.output().line("CLOSED");
}

Result SslStack::set_mode(const Arguments& arguments) {
  const auto value = arguments.number(0, 0, 1);
  if (!value || started()) return error;
  transparent_ = *value == 1;
  return ok;
}

Result SslStack::open(const Arguments& arguments) {
  const auto id = session_id(arguments);
  const auto port = arguments.number(2, 1, 65535);
  const auto& host = arguments.text(1);
  if (!id || !port || arguments.size() != 3 || !arguments.quoted(1)) return error;
  if (host.empty() || host.size() > max_host || !started()) return error;
  Session& session = at(*id);
  if (session.state != SessionState::closed) return error;
  if (*id == 1 && modem_.in_window() && modem_.settings().refuse_session1_in_window) return error;
  const auto opens = session.opens + 1;
  session = Session{};
  session.opens = opens;
  session.state = SessionState::opening;
  session.transparent = transparent_ && *id == 0;
  session.host = host;
  session.port = static_cast<std::uint16_t>(*port);
  await_handshake(*id);
  if (modem_.settings().open_ms == 0) {
    network_.open(*id, host, session.port);
    return pending;
  }
  modem_.after(milliseconds(modem_.settings().open_ms), [this, number = *id] {
    if (handshake_ == number) network_.open(number, at(number).host, at(number).port);
  });
  return pending;
}

void SslStack::await_handshake(int id) {
  handshake_ = id;
  timeout_ = modem_.after(connect_time, [this, id] {
    network_.abort(id);
    handshake_failed(id);
  });
}

Result SslStack::resume(const Arguments& arguments) {
  const auto id = session_id(arguments);
  if (!id || arguments.size() != 1 || at(*id).state != SessionState::suspended) return error;
  if (at(*id).peer_gone) {
    drop(*id, false);
    return error;
  }
  at(*id).state = SessionState::opening;
  network_.resume(*id);
  await_handshake(*id);
  return pending;
}

void SslStack::opened(int id) {
  if (handshake_ != id) return;
  handshake_.reset();
  modem_.cancel(timeout_);
  at(id).state = SessionState::open;
  if (!at(id).transparent) {
    modem_.finish(ok);
    return;
  }
  modem_.connect();
  modem_.finish(done);
}

void SslStack::alert_line(int id, int level, std::uint32_t bits) {
  ++at(id).alerts;
  modem_.output().line("+CSSLALERT: " + std::to_string(id) + "," + std::to_string(level) + "," +
                       std::to_string(bits));
}

void SslStack::alerted(int id, std::uint32_t bits) {
  if (handshake_ != id) return;
  handshake_.reset();
  modem_.cancel(timeout_);
  at(id).state = SessionState::suspended;
  alert_line(id, level_suspend, bits);
  modem_.output().line("+CSSLOPEN: ALERTSTATE");
  modem_.finish(error);
}

void SslStack::failed(int id, std::optional<std::uint32_t> bits) {
  if (handshake_ != id) return;
  if (bits) alert_line(id, level_fatal, *bits);
  handshake_failed(id);
}

void SslStack::handshake_failed(int id) {
  handshake_.reset();
  modem_.cancel(timeout_);
  at(id).state = SessionState::closed;
  modem_.finish(error);
}

Result SslStack::close(const Arguments& arguments) {
  const auto id = session_id(arguments);
  if (!id || arguments.size() != 1 || at(*id).state == SessionState::closed) return error;
  const bool carrier = modem_.carrier() && at(*id).transparent;
  drop(*id, true);
  if (!carrier) return ok;
  modem_.output().result(ResultCode::success);
  modem_.output().line("CLOSED");
  return done;
}

// The session is over for the host; what waits for the port is gone.
void SslStack::drop(int id, bool orderly) {
  Session& session = at(id);
  if (session.state == SessionState::closed) return;
  if (session.transparent) modem_.disconnect();
  session.state = SessionState::closed;
  session.inbox.clear();
  session.sends.clear();
  session.peer_gone = false;
  if (orderly)
    network_.close(id);
  else
    network_.abort(id);
}

Result SslStack::go_online() {
  Session& session = at(0);
  const bool there = session.state == SessionState::open && session.transparent &&
                     (!session.peer_gone || !session.inbox.empty());
  if (!there || !modem_.in_window()) {
    modem_.output().result(ResultCode::no_carrier);
    return done;
  }
  modem_.connect();
  return done;
}

Result SslStack::hang_up() {
  if (at(0).transparent) drop(0, true);
  return ok;
}

void SslStack::network_lost() {
  for (int id = 0; id < sessions; ++id) {
    if (at(id).state == SessionState::suspended) drop(id, false);
    if (at(id).state != SessionState::open) continue;
    network_.abort(id);
    peer_closed(id);
  }
}

void SslStack::stand_still() {
  for (int id = 0; id < sessions; ++id)
    network_.allow_receive(id, false);
}

void SslStack::power_failed() {
  for (int id = 0; id < sessions; ++id)
    drop(id, false);
  handshake_.reset();
  sending_.reset();
  waiting_payload_.clear();
  transparent_ = false;
  report_ = false;
}

}  // namespace sim52xx::sim
