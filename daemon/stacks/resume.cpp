// How Online gets from command mode back to transparent mode, or finds that its session is over;
// and whose the bytes are that came meanwhile.
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/stacks/online.hpp"
#include "protocol/escape_answer.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto online_time = 10s;  // for ATO

}  // namespace

// There is no session any more: an end in order, or the modem has restarted.
void Online::over() {
  if (detector_.words() != "START" && detector_.words() != "RDY") {
    ended();
    return;
  }
  modem_.marker().clear();
  modem_.fail("it restarted by itself");
}

// Back to transparent mode after an escape, and all that came meanwhile to the client, in order:
// what the detector holds, what came before the modem's answer, what came behind CONNECT.
asio::awaitable<Online::Resumed> Online::resume() {
  const Resumed resumed = co_await back_online();
  if (resumed == Resumed::lost) co_return resumed;
  if (resumed == Resumed::online) deliver(detector_.alive());
  deliver_answer(resumed == Resumed::over);
  if (resumed == Resumed::over) co_return resumed;
  state_ = State::online;
  on_bytes(std::exchange(late_, {}));
  changed_.notify();
  co_return resumed;
}

// The peer's part of what came since the escape was sent. In command mode the modem may have said
// something, too, and have sent back the plus signs.
void Online::deliver_answer(bool over) {
  const auto found = find_escape_answer(answer_, guest_);
  const bool ends = over && !answered_;
  const std::string_view data = found ? found->data : std::string_view(answer_);
  deliver(ends ? detector_.over(answer_) : detector_.feed(data, stamp(runtime_.now())));
  // There was an OK all the same: what came behind it was read in the wrong way.
  const bool cut = undecided_ && !over && found;
  answer_ = std::string();  // it may have been long
  decide(over);
  if (cut && guest_cut_) guest_cut_();
}

// Session 0 is over: what looked like the modem's words behind its farewell were these. It is not:
// they were its data.
void Online::decide(bool session_over) {
  undecided_ = false;
  const auto calls = std::exchange(postponed_, {});
  if (!session_over) return;
  for (const auto& call : calls)
    call();
}

// ATO: is there a session to return to?
asio::awaitable<Online::Resumed> Online::back_online() {
  state_ = State::deciding;
  const auto line = CommandBuilder("O").line();
  auto resumed = co_await modem_.command(CommandId::go_online, *line, online_time);
  if (state_ != State::deciding) co_return Resumed::lost;
  if (!resumed) {
    modem_.fail("it does not return to transparent mode");
    co_return Resumed::lost;
  }
  const bool online = resumed->final == Final::connect;
  judge_dtr(online);
  co_return online ? Resumed::online : Resumed::over;
}

// The transparent connection has ended, in order. What the detector holds ends with the modem's
// farewell.
void Online::ended() {
  deliver(detector_.over());
  state_ = State::off;
  modem_.marker().clear();
  session_.peer_closed = true;
  session_.changed.notify();
  changed_.notify();
}

}  // namespace sim52xx::daemon
