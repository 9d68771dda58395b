// The data of the HTTPS stack: CHTTPSSEND, CHTTPSRECV, RECV EVENT.
#include <algorithm>
#include <utility>

#include "tests/emulator/core/https.hpp"
#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {
namespace {

constexpr seconds transfer_time{120};  // note, chapter 2.7
constexpr int max_receive = 4096;

}  // namespace

void HttpsStack::install_sending(CommandTable& table, const std::string& name,
                                 const std::string& reply, Spelling spelling) {
  table.add(name, {.exec = [this, reply](const Arguments&) { return commit(reply); },
                   .set = [this](const Arguments& a) { return send(a); },
                   .read = [this, reply] { return query_unsent(reply); },
                   .test =
                       [this, reply] {
                         modem_.output().line(reply + "(1-" +
                                              std::to_string(modem_.settings().https_limit) + ")");
                         return ok;
                       },
                   .spelling = spelling});
}

void HttpsStack::install_receiving(CommandTable& table) {
  table.add("+CHTTPSRECV", {.set = [this](const Arguments& a) { return receive(a); },
                            .read = [this] { return query_cached(); }});
  table.add("+CHTTPSSTATE", {.read = [this] { return query_state(); }});
}

std::size_t HttpsStack::unsent() const {
  return held_.size() + network_.unsent(https_channel);
}

std::size_t HttpsStack::room() const {
  const auto limit = static_cast<std::size_t>(modem_.settings().cache);
  const auto used = unsent();
  return used < limit ? limit - used : 0;
}

Result HttpsStack::query_unsent(const std::string& reply) {
  if (view_.state != State::open) return error;
  modem_.output().line(reply + std::to_string(unsent()));
  return ok;
}

Result HttpsStack::send(const Arguments& arguments) {
  const auto size = arguments.number(0, 1, modem_.settings().https_limit);
  if (!size || arguments.size() != 1) return refused("+CHTTPSSEND", HttpsResult::invalid_parameter);
  if (committing_) return refused("+CHTTPSSEND", HttpsResult::busy);
  if (view_.state != State::open) return refused("+CHTTPSSEND", HttpsResult::unknown);
  if (view_.peer_gone) return refused("+CHTTPSSEND", HttpsResult::server_closed);
  const auto count = static_cast<std::size_t>(*size);
  if (modem_.settings().cache_full == "error" && room() < count)
    return refused("+CHTTPSSEND", HttpsResult::memory);
  modem_.prompt(count, [this](std::string payload) { take_payload(std::move(payload)); });
  return pending;
}

void HttpsStack::take_payload(std::string payload) {
  if (room() >= payload.size() || unsent() == 0) {
    hand_over(payload);
    return;
  }
  flush_held();  // a full cache leaves without a commit
  waiting_payload_ = std::move(payload);
  sending_ = modem_.after(transfer_time, [this] {
    waiting_payload_.reset();
    modem_.finish(error);
  });
  look_after_sending();
}

void HttpsStack::hand_over(const std::string& payload) {
  if (view_.state != State::open || view_.peer_gone) {
    modem_.finish(error);
    return;
  }
  view_.up += payload.size();
  held_ += payload;
  if (modem_.settings().https_send == "stream") flush_held();
  modem_.finish(ok);
}

void HttpsStack::flush_held() {
  if (!held_.empty()) network_.send(https_channel, std::exchange(held_, {}));
}

void HttpsStack::sent(int) {
  look_after_sending();
}

// Something has left, or the end has come: whoever waits for that goes on.
void HttpsStack::look_after_sending() {
  const bool over = view_.state != State::open || view_.peer_gone;
  if (waiting_payload_ && (over || unsent() == 0 || room() >= waiting_payload_->size())) {
    modem_.cancel(sending_);
    hand_over(*std::exchange(waiting_payload_, std::nullopt));
  }
  if (committing_ && over)
    end_commit(HttpsResult::server_closed);
  else if (committing_ && unsent() == 0)
    end_commit(HttpsResult::success);
}

Result HttpsStack::commit(const std::string& reply) {
  if (committing_) return refused("+CHTTPSSEND", HttpsResult::busy);
  if (view_.state != State::open) return refused("+CHTTPSSEND", HttpsResult::unknown);
  if (view_.peer_gone) return refused("+CHTTPSSEND", HttpsResult::server_closed);
  flush_held();
  if (modem_.settings().ok_order == "after" && unsent() == 0) {
    modem_.output().line(reply + "0");
    return ok;
  }
  committing_ = reply;
  commit_timer_ = modem_.after(transfer_time, [this] { end_commit(HttpsResult::timeout); });
  if (modem_.settings().ok_order == "after") return pending;
  look_after_sending();
  return ok;
}

void HttpsStack::end_commit(HttpsResult how) {
  modem_.cancel(commit_timer_);
  const std::string line =
      *std::exchange(committing_, std::nullopt) + std::to_string(static_cast<int>(how));
  if (modem_.settings().ok_order != "after") {
    modem_.urc(line);
    return;
  }
  modem_.output().line(line);
  modem_.finish(how == HttpsResult::success ? ok : error);
}

void HttpsStack::received(int, std::string_view bytes) {
  if (view_.state == State::open) inbox_ += bytes;
}

void HttpsStack::peer_closed(int) {
  if (view_.state == State::opening) {
    opening_ended(HttpsResult::server_closed);
    return;
  }
  if (view_.state != State::open) return;
  view_.peer_gone = true;
  held_.clear();
  if (modem_.settings().https_notify) modem_.urc("+CHTTPSNOTIFY: PEER CLOSED");
  look_after_sending();
}

Result HttpsStack::receive(const Arguments& arguments) {
  const auto count = arguments.number(0, 1, max_receive);
  if (!count || arguments.size() != 1)
    return refused("+CHTTPSRECV", HttpsResult::invalid_parameter);
  if (receiving_) return refused("+CHTTPSRECV", HttpsResult::busy);
  if (view_.state != State::open) return refused("+CHTTPSRECV", HttpsResult::unknown);
  if (view_.peer_gone && inbox_.empty() && modem_.settings().https_errors == "result")
    return refused("+CHTTPSRECV", HttpsResult::server_closed);
  const auto& how = modem_.settings().https_recv;
  receiving_ = Receiving{.wanted = static_cast<std::size_t>(*count),
                         .at_most = how != "at_least",
                         .patient = how != "at_most_now"};
  receive_timer_ = modem_.after(transfer_time, [this] {
    if (receiving_) receiving_->too_late = true;
  });
  return ok;
}

Result HttpsStack::query_cached() {
  if (view_.state != State::open || modem_.settings().https_recv == "at_least") return error;
  modem_.output().line("+CHTTPSRECV: LEN," + std::to_string(inbox_.size()));
  return ok;
}

// 0 no stack, 4 network open, 6 opening a session, 7 session open.
Result HttpsStack::query_state() {
  if (modem_.settings().https_recv == "at_least") return error;
  int state = started() ? 4 : 0;
  if (view_.state == State::opening) state = 6;
  if (view_.state == State::open) state = 7;
  modem_.output().line("+CHTTPSSTATE: " + std::to_string(state));
  return ok;
}

void HttpsStack::push_block() {
  Receiving& receiving = *receiving_;
  const Settings& settings = modem_.settings();
  auto count = std::min(inbox_.size(), static_cast<std::size_t>(settings.block));
  if (receiving.at_most) count = std::min(count, receiving.wanted - receiving.given);
  const bool note = settings.spelling == "note";
  modem_.output().block(
      (note ? "+HTTTPSRECV: DATA," : "+CHTTPSRECV: DATA,") + std::to_string(count),
      std::string_view(inbox_).substr(0, count));
  inbox_.erase(0, count);
  receiving.given += count;
  view_.down += count;
}

// Prints the next block or the end of a RECV; false when there is nothing to print now.
bool HttpsStack::receive_step() {
  const Receiving& receiving = *receiving_;
  if (receiving.given < receiving.wanted && !inbox_.empty()) {
    push_block();
    return true;
  }
  const bool content =
      receiving.given >= receiving.wanted ||
      (receiving.at_most && (receiving.given > 0 || (!receiving.patient && !view_.peer_gone)));
  if (content)
    end_receive(static_cast<int>(HttpsResult::success));
  else if (view_.peer_gone)
    end_receive(modem_.settings().https_short_result);
  else if (receiving.too_late)
    end_receive(static_cast<int>(HttpsResult::timeout));
  else
    return false;
  return true;
}

void HttpsStack::end_receive(int result) {
  modem_.cancel(receive_timer_);
  receiving_.reset();
  announced_ = false;  // what is left is announced again
  modem_.urc("+CHTTPSRECV: " + std::to_string(result));
}

// Chapter 5.1: data is cached and no CHTTPSRECV runs.
void HttpsStack::announce() {
  if (inbox_.empty()) announced_ = false;
  if (inbox_.empty() || receiving_ || announced_) return;
  announced_ = true;
  if (modem_.settings().https_event) modem_.urc("+CHTTPS: RECV EVENT");
}

void HttpsStack::pump() {
  while (receiving_ && modem_.idle() && modem_.output().size() < output_high_water &&
         receive_step()) {
  }
  if (modem_.idle()) announce();
  network_.allow_receive(https_channel,
                         inbox_.size() < static_cast<std::size_t>(modem_.settings().backlog));
}

}  // namespace sim52xx::sim
