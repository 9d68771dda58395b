// What the SSL stack is told without having asked: data, alerts, ends.
#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/stacks/ssl_stack.hpp"
#include "daemon/system/log_event.hpp"

namespace sim52xx::daemon {
namespace {

template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};

std::string joined(const std::vector<std::string>& words, std::string_view quote) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ", ";
    text.append(quote).append(word).append(quote);
  }
  return text;
}

}  // namespace

std::string alert_words(const Alert& alert) {
  return joined(alert_names(alert.bits), "") + " (err " + std::to_string(alert.bits) + ", level " +
         std::string(name(alert.level)) + ")";
}

Error alert_error(const Alert& alert, const Target& target) {
  const auto names = alert_names(alert.bits);
  std::string words = "the modem does not trust " + target.host + ": " + alert_words(alert);
  const bool known = (alert.bits >> 29U) == 0 && alert.bits != 0;
  if (alert.level == AlertLevel::suspend && known)
    words += "; to accept this, write accept_alerts = [" + joined(names, "\"") + "] into [" +
             target.section() + "]";
  Error error(ErrorKind::tls_alert, "handshake", std::move(words));
  error.alert = alert;
  return error;
}

Error SslStack::open_error(const std::optional<Alert>& alert, const Target& target,
                           const Outcome& outcome) {
  Error error = alert ? alert_error(*alert, target)
                      : Error(ErrorKind::connect_failed, "open",
                              "the modem could not connect to " + target.host + ":" +
                                  std::to_string(target.port) + " (" + outcome.text + ")");
  error.at = "AT+CSSLOPEN";
  error.response = outcome.text;
  return error;
}

// Where the modem said nothing in time, the user wants to know which server that was about.
Error SslStack::late_error(Error error, const Target& target) {
  if (error.kind != ErrorKind::timeout) return error;
  error.stage = "open";
  error.message = "no connection to " + target.host + ":" + std::to_string(target.port) +
                  " in time: " + error.message;
  return error;
}

void SslStack::on_urc(const Urc& urc, std::string_view line) {
  if (online_.undecided()) {
    online_.postpone([this, text = std::string(line)] { on_urc(parse_urc(text), text); });
    return;
  }
  std::visit(Match{
                 [&](const urc::SslAlert& event) { on_alert(event.alert); },
                 [&](const urc::SslClosed& event) {
                   SslSession& closed = session(event.session);
                   if (!is_live(closed)) return;
                   if (closed.mode == Mode::transparent) {
                     online_.doubt();
                     return;
                   }
                   closed.peer_closed = true;
                   closed.changed.notify();
                 },
                 [&](const urc::SslSent& event) {
                   SslSession& sender = session(event.session);
                   const auto gone = static_cast<std::size_t>(std::max(event.length, 0L));
                   sender.outstanding -= std::min(sender.outstanding, gone);
                   sender.changed.notify();
                   if (event.result == 0) return;
                   sender.fail(
                       Error(ErrorKind::modem_error, "send",
                             "the modem could not send: " + result_text(Stack::ssl, event.result)));
                 },
                 [&](const urc::SslRecvEvent& event) { ++session(event.session).events; },
                 [&](const urc::Closed&) { online_.doubt(); },
                 [&](const urc::SslData&) {},  // its bytes follow, to on_ssl_data()
                 [&](const urc::NetworkLost&) {
                   for (SslSession& lost : sessions_)
                     lost.fail(Error(ErrorKind::interrupted, "receive",
                                     "the network connection was lost"));
                 },
                 [&](const auto&) { spdlog::debug("ssl: not concerned: {}", line); },
             },
             urc);
}

// The note's 6.3 prints the alert of session 1 with id 0: while one session is being opened, an
// alert for a session that is not open is its alert.
void SslStack::on_alert(Alert alert) {
  const bool odd = opening_ >= 0 && session(alert.session).state != SslSession::State::open;
  SslSession& concerned = session(odd ? opening_ : alert.session);
  ++concerned.alerts;
  const Target* const target = targets_.at(static_cast<std::size_t>(concerned.id));
  log_event({message_id::alert, ""}, spdlog::level::info, "{}: alert: {}",
            target != nullptr ? target->name : "ssl", alert_words(alert));
  if (target == nullptr) return;
  const AlertAnswer verdict = answer(alert, target->accept_alerts);
  if (watcher_ != nullptr) watcher_->on_alert(*target, alert, verdict);
  if (verdict == AlertAnswer::note) return;
  concerned.alert = alert;
  if (concerned.state != SslSession::State::open) return;
  if (verdict == AlertAnswer::go_on) {
    tasks_.spawn("ssl alert", continue_late(concerned.id));
  } else {
    concerned.fail(alert_error(alert, *target));
  }
}

// A session that was open already got suspended, for something the user accepts.
asio::awaitable<void> SslStack::continue_late(int id) {
  session(id).alert.reset();
  const CommandBuilder go_on = CommandBuilder("+CSSLCONT").number("session", id, 0, 1);
  auto outcome = co_await run(CommandId::ssl_continue, go_on, timeouts_.connect);
  if (outcome && outcome->ok()) co_return;
  session(id).fail(Error(ErrorKind::modem_error, "handshake",
                         "the modem did not go on after an alert: " +
                             (outcome ? outcome->text : outcome.error().message)));
}

// What comes right behind the OK of CSSLOPEN is read before open() goes on: a server may speak
// first, and may be gone by then.
bool SslStack::is_live(const SslSession& session) const {
  return session.state == SslSession::State::open || opening_ == session.id;
}

void SslStack::on_ssl_data(int id, std::string_view bytes) {
  if (online_.undecided()) {
    online_.postpone([this, id, data = std::string(bytes)] { on_ssl_data(id, data); });
    return;
  }
  SslSession& receiver = session(id);
  if (is_live(receiver)) receiver.deliver(bytes);
}

void SslStack::on_ssl_cut(int id) {
  if (online_.undecided()) {
    online_.postpone([this, id] { on_ssl_cut(id); });
    return;
  }
  SslSession& receiver = session(id);
  if (receiver.mode == Mode::transparent) return;  // which has no counted blocks
  receiver.spoil(Error(ErrorKind::protocol_error, "receive",
                       "the modem announced other bytes than it sent; some were lost on the line"));
}

void SslStack::on_online(std::string_view bytes) {
  if (online_.active()) {
    online_.on_bytes(bytes);
  } else if (opening_ == 0) {
    early_.append(bytes);
  } else {
    modem_.fail("it is in transparent mode and should not be");
  }
}

void SslStack::on_modem_lost(const std::string& reason) {
  started_ = answers_queries_ = false;
  left_open_ = {};
  windows_ = {};  // perhaps it comes back with other firmware
  online_.reset();
  for (SslSession& lost : sessions_)
    lost.fail(Error(ErrorKind::interrupted, "modem", "the modem was lost: " + reason));
}

}  // namespace sim52xx::daemon
