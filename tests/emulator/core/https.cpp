#include "tests/emulator/core/https.hpp"

#include <utility>

#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {
namespace {

constexpr std::size_t max_host = 256;
constexpr seconds connect_time{120};  // note, chapter 2.7

}  // namespace

void HttpsStack::install(CommandTable& table) {
  table.add("+CHTTPSSTART",
            {.exec = [this](const Arguments&) { return start(); }, .test = [] { return ok; }});
  table.add("+CHTTPSSTOP",
            {.exec = [this](const Arguments&) { return stop(); }, .test = [] { return ok; }});
  table.add("+CHTTPSOPSE", {.set = [this](const Arguments& a) { return open(a); }});
  table.add("+CHTTPSCLSE", {.exec = [this](const Arguments&) { return close(); }});
  install_sending(table, "+CHTTPSSEND", "+CHTTPSSEND: ", Spelling::real);
  install_sending(table, "+CHTTPSEND", "+CHTTPSEND: ", Spelling::note);
  install_sending(table, "+CHTTPSENDD", "+CHTTPSEND: ", Spelling::note);
  install_receiving(table);
}

bool HttpsStack::started() const {
  return modem_.exclusion().holds(User::https);
}

bool HttpsStack::late() const {
  return modem_.settings().https_style == "late";
}

// OK, and with some firmware the outcome once more.
Result HttpsStack::told(const std::string& name) {
  if (late()) modem_.urc(name + ": 0");
  return ok;
}

Result HttpsStack::refused(const std::string& name, HttpsResult why) {
  if (modem_.settings().https_errors == "result")
    modem_.output().line(name + ": " + std::to_string(static_cast<int>(why)));
  return error;
}

Result HttpsStack::start() {
  if (!modem_.registered() || !modem_.exclusion().take(User::https)) return error;
  return modem_.later(modem_.settings().start_ms, [this] { return told("+CHTTPSSTART"); });
}

Result HttpsStack::stop() {
  if (!started() && modem_.settings().stop_idle == "error") return error;
  drop(true);
  return modem_.later(modem_.settings().stop_ms, [this] {
    modem_.exclusion().release(User::https);
    return told("+CHTTPSSTOP");
  });
}

Result HttpsStack::open(const Arguments& arguments) {
  const auto port = arguments.number(1, 1, 65535);
  const auto& host = arguments.text(0);
  if (!port || arguments.size() != 2 || !arguments.quoted(0)) return error;
  if (host.empty() || host.size() > max_host || !started()) return error;
  if (view_.state != State::closed) return error;
  const auto opens = view_.opens + 1;
  view_ = View{};
  view_.state = State::opening;
  view_.host = host;
  view_.port = static_cast<std::uint16_t>(*port);
  view_.opens = opens;
  opening_ = modem_.after(connect_time, [this] {
    network_.abort(https_channel);
    opening_ended(HttpsResult::timeout);
  });
  if (modem_.settings().open_ms == 0) {
    network_.open(https_channel, host, view_.port);
    return late() ? ok : pending;
  }
  modem_.after(milliseconds(modem_.settings().open_ms), [this, opens] {
    if (view_.state == State::opening && view_.opens == opens)
      network_.open(https_channel, view_.host, view_.port);
  });
  return late() ? ok : pending;
}

// With late firmware OK has been said long ago.
void HttpsStack::opening_ended(HttpsResult how) {
  modem_.cancel(opening_);
  view_.state = how == HttpsResult::success ? State::open : State::closed;
  if (late())
    modem_.urc("+CHTTPSOPSE: " + std::to_string(static_cast<int>(how)));
  else
    modem_.finish(how == HttpsResult::success ? ok : error);
}

void HttpsStack::opened(int) {
  if (view_.state == State::opening) opening_ended(HttpsResult::success);
}

void HttpsStack::alerted(int, std::uint32_t) {
  if (view_.state == State::opening) network_.resume(https_channel);
}

void HttpsStack::failed(int, std::optional<std::uint32_t> bits) {
  if (view_.state == State::opening)
    opening_ended(bits ? HttpsResult::transfer_failed : HttpsResult::network);
}

Result HttpsStack::close() {
  if (view_.state != State::open) return error;
  const bool gone = view_.peer_gone;
  drop(true);
  if (gone && modem_.settings().https_close_gone == "error") return error;
  return modem_.later(modem_.settings().close_ms, [this] { return told("+CHTTPSCLSE"); });
}

// The connection is over for the host; what waits either way is gone.
void HttpsStack::drop(bool orderly) {
  if (view_.state == State::closed) return;
  if (view_.state == State::opening && late()) opening_ended(HttpsResult::unknown);
  modem_.cancel(opening_);
  view_.state = State::closed;
  view_.peer_gone = false;
  inbox_.clear();
  held_.clear();
  announced_ = false;
  if (committing_) end_commit(HttpsResult::transfer_failed);
  if (receiving_) end_receive(static_cast<int>(HttpsResult::transfer_failed));
  if (orderly)
    network_.close(https_channel);
  else
    network_.abort(https_channel);
}

void HttpsStack::network_lost() {
  if (view_.state != State::open) return;
  network_.abort(https_channel);
  peer_closed(https_channel);
}

void HttpsStack::stand_still() {
  network_.allow_receive(https_channel, false);
}

void HttpsStack::power_failed() {
  if (view_.state != State::closed) network_.abort(https_channel);
  modem_.cancel(opening_);
  modem_.cancel(sending_);
  modem_.cancel(commit_timer_);
  modem_.cancel(receive_timer_);
  view_.state = State::closed;
  view_.peer_gone = false;
  inbox_.clear();
  held_.clear();
  waiting_payload_.reset();
  committing_.reset();
  receiving_.reset();
  announced_ = false;
}

}  // namespace sim52xx::sim
