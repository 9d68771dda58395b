// The data of the SSL sessions: CSSLSEND, CSSLSET, pushed blocks, data mode.
#include <algorithm>
#include <utility>

#include "tests/emulator/core/modem.hpp"
#include "tests/emulator/core/ssl.hpp"

namespace sim52xx::sim {
namespace {

constexpr seconds transfer_time{120};  // note, chapter 4.8
// <err> of "+CSSLSEND: id,err,len", numbered like its successor's.
constexpr int send_ok = 0;
constexpr int send_peer_closed = 4;

}  // namespace

void SslStack::install_sending(CommandTable& table) {
  table.add("+CSSLSEND", {.set = [this](const Arguments& a) { return send(a); },
                          .read = [this] { return query_unsent(); },
                          .test =
                              [this] {
                                modem_.output().line("+CSSLSEND: (0,1),(1-" +
                                                     std::to_string(modem_.settings().send_limit) +
                                                     ")");
                                return ok;
                              }});
  table.add("+CSSLSET", {.set =
                             [this](const Arguments& a) {
                               const auto value = a.number(0, 0, 1);
                               if (value) report_ = *value == 1;
                               return value ? ok : error;
                             },
                         .read =
                             [this] {
                               modem_.output().line(report_ ? "+CSSLSET: 1" : "+CSSLSET: 0");
                               return ok;
                             }});
}

std::size_t SslStack::room(int id) const {
  const auto limit = static_cast<std::size_t>(modem_.settings().cache);
  const auto used = network_.unsent(id);
  return used < limit ? limit - used : 0;
}

Result SslStack::query_unsent() {
  modem_.output().line("+CSSLSEND: 0," + std::to_string(network_.unsent(0)) + ",1," +
                       std::to_string(network_.unsent(1)));
  return ok;
}

Result SslStack::send(const Arguments& arguments) {
  const auto id = arguments.number(0, 0, sessions - 1);
  const auto size = arguments.number(1, 1, modem_.settings().send_limit);
  if (!id || !size || arguments.size() != 2) return error;
  const Session& session = at(*id);
  if (session.state != SessionState::open || session.transparent || session.peer_gone) return error;
  const auto count = static_cast<std::size_t>(*size);
  if (modem_.settings().cache_full == "error" && room(*id) < count) return error;
  modem_.prompt(count, [this, number = *id](std::string payload) {
    take_payload(number, std::move(payload));
  });
  return pending;
}

void SslStack::take_payload(int id, std::string payload) {
  // An empty cache takes any payload, however small a test made it.
  if (room(id) < payload.size() && network_.unsent(id) > 0)
    wait_for_room(id, std::move(payload));
  else
    hand_over(id, payload);
}

void SslStack::wait_for_room(int id, std::string payload) {
  sending_ = id;
  waiting_payload_ = std::move(payload);
  timeout_ = modem_.after(transfer_time, [this] {
    waiting_payload_.clear();
    sending_.reset();
    modem_.finish(error);
  });
}

void SslStack::hand_over(int id, const std::string& payload) {
  Session& session = at(id);
  if (session.state != SessionState::open || session.peer_gone) {
    modem_.finish(error);
    return;
  }
  network_.send(id, payload);
  session.up += payload.size();
  const bool reports = report_ && modem_.settings().send_report;
  if (reports) session.sends.push_back({session.up, payload.size()});
  if (reports && modem_.settings().ok_order == "after") {
    sending_ = id;  // report_sent() ends the command
  } else {
    modem_.finish(ok);
  }
  sent(id);
}

void SslStack::sent(int id) {
  if (sending_ == id && !waiting_payload_.empty() &&
      (room(id) >= waiting_payload_.size() || network_.unsent(id) == 0)) {
    sending_.reset();
    modem_.cancel(timeout_);
    hand_over(id, std::exchange(waiting_payload_, {}));
    return;
  }
  report_sent(id, false);
}

void SslStack::report_sent(int id, bool failed) {
  Session& session = at(id);
  const auto gone = session.up - std::min<std::uint64_t>(session.up, network_.unsent(id));
  while (!session.sends.empty() && (failed || session.sends.front().end <= gone)) {
    const auto size = session.sends.front().size;
    session.sends.pop_front();
    const std::string line = "+CSSLSEND: " + std::to_string(id) + "," +
                             std::to_string(failed ? send_peer_closed : send_ok) + "," +
                             std::to_string(size);
    if (sending_ == id && waiting_payload_.empty() && session.sends.empty()) {
      sending_.reset();
      modem_.output().line(line);
      modem_.finish(ok);
    } else {
      modem_.urc(line);
    }
  }
}

void SslStack::from_host(std::string_view bytes) {
  Session& session = at(0);
  if (bytes.empty() || session.state != SessionState::open || session.peer_gone) return;
  session.up += bytes.size();
  network_.send(0, bytes);
}

void SslStack::received(int id, std::string_view bytes) {
  Session& session = at(id);
  if (modem_.settings().recv_event && !session.transparent && session.inbox.empty())
    modem_.urc("+CSSL: RECV EVENT," + std::to_string(id));
  session.inbox += bytes;
}

void SslStack::peer_closed(int id) {
  Session& session = at(id);
  if (handshake_ == id) {
    handshake_failed(id);
    return;
  }
  session.peer_gone = true;
  if (sending_ == id && !waiting_payload_.empty()) {
    waiting_payload_.clear();
    sending_.reset();
    modem_.cancel(timeout_);
    modem_.finish(error);
  }
  report_sent(id, true);
}

void SslStack::pump() {
  push_transparent();
  while (modem_.idle() && modem_.output().size() < output_high_water) {
    // In turns, while both have something.
    if (push_block(turn_))
      turn_ = 1 - turn_;
    else if (!push_block(1 - turn_))
      break;
  }
  for (int id = 0; id < sessions; ++id) {
    const Session& session = at(id);
    if (session.state == SessionState::open && session.peer_gone && session.inbox.empty()) {
      if (session.transparent)
        end_transparent();
      else if (modem_.idle())
        end_counted(id);
    }
    network_.allow_receive(
        id, session.inbox.size() < static_cast<std::size_t>(modem_.settings().backlog));
  }
}

void SslStack::push_transparent() {
  Session& session = at(0);
  Output& output = modem_.output();
  if (!modem_.in_data_mode() || output.size() >= output_high_water) return;
  const auto count = std::min(session.inbox.size(), output_high_water - output.size());
  output.data(std::string_view(session.inbox).substr(0, count));
  session.inbox.erase(0, count);
  session.down += count;
}

// One block of a counted session; false when there is none to push.
bool SslStack::push_block(int id) {
  Session& session = at(id);
  if (session.transparent || session.state != SessionState::open || session.inbox.empty())
    return false;
  const auto count =
      std::min(session.inbox.size(), static_cast<std::size_t>(modem_.settings().block));
  modem_.output().block("+CSSLRECV: DATA," + std::to_string(id) + "," + std::to_string(count),
                        std::string_view(session.inbox).substr(0, count));
  session.inbox.erase(0, count);
  session.down += count;
  return true;
}

void SslStack::end_counted(int id) {
  drop(id, true);
  const auto& how = modem_.settings().peer_close;
  if (how == "cch") modem_.urc("+CCH_PEER_CLOSED: " + std::to_string(id));
  if (how == "cssl") modem_.urc("+CSSLCLOSE: " + std::to_string(id));
}

// In a window the end is told once the command line of the moment is answered.
void SslStack::end_transparent() {
  if (!modem_.in_data_mode() && !modem_.idle()) return;
  drop(0, true);
  const auto& how = modem_.settings().close;
  if (how == "no_carrier") modem_.output().result(ResultCode::no_carrier);
  if (how == "cssl_closed") modem_.output().line("+CSSLCLOSE: 0");
  if (how == "closed" || how == "cssl_closed") modem_.output().line("CLOSED");
}

}  // namespace sim52xx::sim
