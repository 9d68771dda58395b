// How Online gets the modem from transparent to command mode: DTR where that works, else guard,
// +++, guard; and the proof that it was the modem who said OK.
#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/stacks/online.hpp"
#include "protocol/escape_answer.hpp"
#include "protocol/escape_proof.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;
using Dtr = Signals::Dtr;

constexpr auto guard_time = 1100ms;   // the note's family wants 1 s of silence around +++
constexpr auto answer_time = 2500ms;  // for the OK, from the last plus sign on
constexpr auto answer_quiet = 50ms;   // silence behind an OK that is believed
constexpr auto number_time = 1s;      // for AT+CGSN
constexpr auto owed_time = 300ms;     // for the answer to an earlier AT+CGSN behind a later one's
constexpr auto drain_time = 10s;      // for what was written before; flow control may stop that
constexpr auto dtr_settle = 250ms;    // for what the modem itself has not read yet
constexpr auto dtr_time = guard_time - dtr_settle;  // for its OK; the guard time runs meanwhile
constexpr auto dtr_earliest = 200ms;                // an OK that is quicker is perhaps the peer's
constexpr auto dtr_first_quiet = 300ms;  // silence behind the first OK that DTR has brought

// DTR is off as long as this lives.
class DtrOff {
 public:
  explicit DtrOff(Channel& channel) : channel_(channel), done_(channel.set_terminal_ready(false)) {}
  DtrOff(const DtrOff&) = delete;
  DtrOff& operator=(const DtrOff&) = delete;
  ~DtrOff() { channel_.set_terminal_ready(true); }
  [[nodiscard]] bool done() const { return done_; }

 private:
  Channel& channel_;
  bool done_;
};

}  // namespace

asio::awaitable<Online::Escape> Online::escape(bool only_while_suspect) {
  const Dtr dtr = modem_.signals.dtr;
  const bool try_dtr = dtr == Dtr::untried || dtr == Dtr::escapes;
  const bool silent = co_await silence(try_dtr ? dtr_settle : guard_time, only_while_suspect);
  if (!active()) co_return Escape::lost;
  if (!silent) {
    state_ = State::online;
    changed_.notify();
    co_return Escape::still_online;
  }
  tick_.cancel();
  answer_.clear();
  session_.release_line();  // the answer must be read
  state_ = State::escaping;
  answered_ = by_dtr_ = false;
  asked_ = 0;
  const Time guarded = runtime_.now() + (try_dtr ? dtr_time : 0s);
  if (try_dtr) by_dtr_ = co_await escape_by_dtr();
  answered_ = by_dtr_;
  // The first OK behind DTR may be the peer's: the plus signs find out.
  if (!(answered_ && dtr == Dtr::escapes) && active()) co_await escape_by_plus(guarded);
  if (!active()) co_return Escape::lost;
  // Where both were tried, an answer to the one may have met the other: only the proof counts.
  const bool tried_one = !try_dtr || (by_dtr_ && dtr == Dtr::escapes);
  const bool proven = co_await enter_command_mode(answered_ && tried_one);
  if (!active()) co_return Escape::lost;
  if (!proven) co_return Escape::unknown;
  if (dtr == Dtr::untried && find_escape_answer(behind_plus())) by_dtr_ = false;  // it was late
  if (try_dtr && answered_ && !by_dtr_) {
    modem_.signals.dtr = Dtr::ignored;
    spdlog::info("modem: dropping DTR does not escape on this port; +++ does");
  }
  co_return answered_ ? Escape::command_mode : Escape::no_answer;
}

// Until the line towards the modem was silent for `guard`: all that was written has left, too.
// False: given up.
asio::awaitable<bool> Online::silence(Duration guard, bool only_while_suspect) {
  state_ = State::guarding;
  const Time patience = std::min<Time>(runtime_.now() + drain_time, modem_.channel().limit());
  Time until = modem_.channel().off_wire() + guard;
  while (active()) {
    if (only_while_suspect && !detector_.suspect()) co_return false;
    if (runtime_.now() >= until) {
      if (modem_.channel().drained()) co_return true;
      if (runtime_.now() >= patience) co_return false;
      until = modem_.channel().off_wire() + guard;
    }
    co_await changed_.wait_until(until);
  }
  co_return false;
}

asio::awaitable<bool> Online::escape_by_dtr() {
  const bool works = modem_.signals.dtr == Dtr::escapes;
  spdlog::debug("tty > (DTR off)");
  const DtrOff off(modem_.channel());
  if (!off.done()) {
    modem_.signals.dtr = Dtr::none;
    co_return false;
  }
  const Time now = runtime_.now();
  const Duration quiet = works ? answer_quiet : dtr_first_quiet;
  const bool answered = co_await await_answer(now + dtr_earliest, now + dtr_time, quiet);
  // The first time it is not known whether DTR gets through at all: an OK behind data is more
  // likely the peer's.
  const auto found = find_escape_answer(answer_, wants_ > 0);
  co_return answered && (works || (found && found->data.empty()));
}

// `guarded`: until then the guard time runs. An OK is not believed before the other guard time has
// passed, too: a byte sent into it would make the plus signs data. Has DTR got the modem into
// command mode, it says nothing to them: they begin a line. If it says OK, the OK before was the
// peer's.
asio::awaitable<void> Online::escape_by_plus(Time guarded) {
  while (active() && runtime_.now() < guarded)
    co_await changed_.wait_until(guarded);
  if (!active()) co_return;
  spdlog::debug("tty > +++");
  asked_ = answer_.size();
  const bool sent = co_await modem_.channel().write_all_online("+++", runtime_.now() + guard_time);
  if (!sent) co_return;
  const Time off_wire = modem_.channel().off_wire();
  const bool answered =
      co_await await_answer(off_wire + guard_time, off_wire + answer_time, answer_quiet);
  if (!answered) co_return;
  answered_ = true;
  by_dtr_ = false;
}

// What came since the plus signs were sent.
std::string_view Online::behind_plus() const {
  return std::string_view(answer_).substr(std::min(asked_, answer_.size()));
}

// True: there is an OK behind which the modem fell silent for `quiet`. It is sought in silence only,
// not anew in all that has come with each piece that a fast peer sends.
asio::awaitable<bool> Online::await_answer(Time earliest, Time latest, Duration quiet) {
  while (active()) {
    const Time now = runtime_.now();
    const Time believed = std::max<Time>(earliest, last_byte_ + quiet);
    if (now >= believed && find_escape_answer(behind_plus())) co_return true;
    if (now >= latest) co_return false;
    const Time next = now < believed ? std::min(believed, latest) : latest;
    co_await changed_.wait_until(next);
  }
  co_return false;
}

// The first command is one whose answer no peer knows; as long as that is not there, what comes may
// be the peer's. `clean`: the answer to the escape was heard, so that nothing of ours is on the
// modem's command line; else plus signs may be the beginning of a line.
asio::awaitable<bool> Online::enter_command_mode(bool clean) {
  guest_ = wants_ > 0;
  detector_.expect_guest(guest_);
  clean = clean && guest_lines(answer_).empty();  // or is it in a block of session 1?
  const int attempts = clean ? 1 : 2;
  bool proven = false;
  for (int attempt = 1; attempt <= attempts && !proven && active(); ++attempt) {
    spdlog::debug("tty > AT+CGSN (proof)");
    const std::string_view words = attempt == 1 && !clean ? "\rAT+CGSN\r" : "AT+CGSN\r";
    const Time until = runtime_.now() + number_time;
    bool in_time = co_await modem_.channel().write_all_online(words, until);
    while (in_time && active() && !find_proof())
      in_time = co_await changed_.wait_until(until);
    proven = find_proof().has_value();
    const Time owed = runtime_.now() + owed_time;
    while (proven && attempt > 1 && active() && runtime_.now() < owed)
      co_await changed_.wait_until(owed);
  }
  if (!proven || !active()) co_return false;
  if (cut_stream(clean)) co_return active();
  modem_.fail("what session 1 got behind the escape cannot be told from what session 0 got before");
  while (active())
    co_await changed_.wait();
  co_return false;
}

// The proof is there: from here on all bytes are lines of the command mode. False: it cannot be
// said where session 0's data ends; a peer that wants that can bring it about, chance hardly. No
// byte may get into the wrong session.
bool Online::cut_stream(bool clean) {
  const auto proof = find_proof();
  std::string_view before = proof->before;
  auto found = find_escape_answer(before, guest_);
  // What looks like our noise may be the end of a block of session 1.
  if (const auto all = find_escape_answer(proof->whole, guest_); all && all->whole) {
    found = all;
    before = proof->whole;
  }
  if (clean && found && !found->sure) return false;
  std::string lines;
  if (!clean) {
    lines = guest_lines(proof->whole);
    if (lines.empty()) {
      lines = guest_lines(before);
    } else {
      before = proof->whole;
    }
  }
  undecided_ = !lines.empty();
  if (undecided_) {
    answered_ = false;
  } else if (found) {
    lines = found->rest;
  }
  lines += proof->lines;
  answer_.resize(before.size());
  state_ = State::deciding;
  modem_.channel().leave_online(lines);
  return true;
}

// What may be session 1's in `bytes`, where session 0 has ended before the escape.
std::string Online::guest_lines(std::string_view bytes) const {
  const auto found = find_escape_answer(bytes, guest_);
  return detector_.modem_lines(bytes, found ? found->data.size() : bytes.size());
}

std::optional<EscapeProof> Online::find_proof() const {
  return find_escape_proof(answer_, modem_.info().imei);
}

// After an escape the modem has said whether there is a session to return to. Where the first
// escape by DTR cost the session, it is the last one.
void Online::judge_dtr(bool came_back) {
  if (!by_dtr_ || modem_.signals.dtr == Dtr::none) return;
  if (came_back) {
    modem_.signals.dtr = Dtr::escapes;
  } else if (modem_.signals.dtr == Dtr::untried) {
    modem_.signals.dtr = Dtr::ignored;
    spdlog::warn("modem: there was no session any more after dropping DTR; not used again");
  }
}

}  // namespace sim52xx::daemon
