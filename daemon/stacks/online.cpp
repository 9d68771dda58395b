#include "daemon/stacks/online.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "protocol/bytes.hpp"
#include "protocol/escape_answer.hpp"

namespace sim52xx::daemon {

using namespace std::chrono_literals;

namespace {

// Sets a flag back.
class Released {
 public:
  explicit Released(bool& flag) : flag_(flag) {}
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;
  ~Released() { flag_ = false; }

 private:
  bool& flag_;
};

}  // namespace

Online::Online(Runtime& runtime, Modem& modem, SslSession& session)
    : runtime_(runtime),
      modem_(modem),
      session_(session),
      tick_(runtime.timers,
            [this] {
              if (state_ != State::online) return;
              deliver(detector_.tick(stamp(runtime_.now())));
              arm_tick();
            }),
      changed_(runtime) {}

void Online::begin(Duration probe_interval, Duration window_max) {
  state_ = State::online;
  window_max_ = window_max;
  begun_ = next_window_ = last_traffic_ = runtime_.now();
  probes_.begin(probe_interval, stamp(begun_));
  carrier_lost();
  doubted_ = pressed_ = false;
  guard_.reset();
  detector_.reset();
  answer_.clear();
  late_.clear();
}

void Online::reset() {
  state_ = State::off;
  tick_.cancel();
  answer_ = std::string();
  decide(false);
  changed_.notify();
}

void Online::on_bytes(std::string_view bytes) {
  switch (state_) {
    case State::online:
    case State::guarding: {
      const bool before = detector_.suspect();
      last_traffic_ = runtime_.now();
      detector_.expect_guest(wants_ > 0);
      deliver(detector_.feed(bytes, stamp(last_traffic_)));
      arm_tick();
      if (before != detector_.suspect()) changed_.notify();
      return;
    }
    case State::escaping:
      answer_.append(bytes);
      last_byte_ = runtime_.now();
      changed_.notify();
      return;
    case State::deciding:
      late_.append(bytes);
      return;
    case State::window:
    case State::window_ending:
    case State::off:
      return;
  }
}

std::size_t Online::write_some(std::string_view pending) {
  if (state_ != State::online) return 0;
  if (carrier_ == Carrier::believed && carrier_lost()) {
    changed_.notify();
    return 0;
  }
  // Only plus signs need it to the millisecond.
  const Time now = pending.ends_with('+') ? runtime_.now() : runtime_.timers.recent();
  std::size_t admitted = guard_.admit(pending, stamp(now));
  // Under suspicion nothing goes out but the one byte that keeps a write cut short behind plus
  // signs from becoming an escape.
  if (detector_.suspect()) admitted = guard_.exposed() ? std::min<std::size_t>(admitted, 1) : 0;
  if (admitted == 0) return 0;
  const std::size_t count = modem_.channel().write_online(pending.substr(0, admitted));
  const bool plus = count > 0 && pending[count - 1] == '+';
  // Only plus signs need the time; it costs a system call.
  const Time off_wire = plus ? modem_.channel().off_wire() : Time{};
  guard_.sent(pending.substr(0, count), stamp(off_wire));
  if (count > 0) last_traffic_ = now;
  session_.sent += count;
  return count;
}

asio::awaitable<void> Online::wait_writable(std::string_view pending, Duration patience) {
  if (!active()) co_return;
  pressed_ = !pending.empty();
  const Released released(pressed_);
  // A port that a write has found lost is not told by its reader yet.
  if (state_ != State::online || detector_.suspect() || !modem_.channel().attached()) {
    co_await changed_.wait();
    co_return;
  }
  if (const auto release = guard_.release_at(pending, stamp(runtime_.now()))) {
    const Time until(std::chrono::duration_cast<Duration>(*release));
    co_await changed_.wait_until(until);
    co_return;
  }
  const Time latest = runtime_.now() + patience;
  bool ready = false;
  while (!ready && state_ == State::online && !detector_.suspect() && !session_.failure &&
         modem_.channel().attached()) {
    ready = co_await modem_.channel().online_writable(runtime_.now() + 1s);
    if (ready || runtime_.now() < latest) continue;
    session_.fail(Error(ErrorKind::timeout, "send",
                        "the modem takes no bytes any more: a peer that does not read, or flow "
                        "control that is stuck (is its CTS wired?)"));
  }
}

asio::awaitable<void> Online::watch() {
  while (active()) {
    if (state_ == State::online && carrier_lost()) {
      co_await follow_carrier();
    } else if (runtime_.now() < next_task()) {
      co_await changed_.wait_until(std::min(next_task(), next_look()));
    } else if (detector_.suspect()) {
      co_await probe();
    } else {
      co_await serve_window();
    }
  }
}

// When there is something to be done, as things stand.
Time Online::next_task() const {
  if (state_ != State::online) return Time::max();
  if (detector_.suspect()) return Time(std::chrono::duration_cast<Duration>(probes_.next()));
  return wants_ > 0 ? next_window_ : Time::max();
}

// A suspicion: is the session over? Nothing is announced before the modem itself has told.
asio::awaitable<void> Online::probe() {
  spdlog::debug("ssl0: is this the end? \"{}\"", printable(detector_.words()));
  const Escape result = co_await escape(true);
  if (result == Escape::still_online || result == Escape::lost) co_return;
  probes_.spend(stamp(runtime_.now()));
  if (result == Escape::unknown) {
    modem_.fail("it neither stays in transparent mode nor leaves it");
    co_return;
  }
  // No OK is no proof of an end, it may only be late: the modem is asked in any case.
  // After an OK it was alive, whatever came later.
  if (result == Escape::command_mode) deliver(detector_.alive());
  const Resumed resumed = co_await resume();
  if (resumed == Resumed::over) over();
}

asio::awaitable<bool> Online::leave() {
  // A probe may be under way, or a window be opening or ending.
  while (state_ != State::online && state_ != State::window && active())
    co_await changed_.wait();
  if (!active()) co_return modem_.ready();
  if (state_ == State::window) {
    reset();
    modem_.marker().clear();
    co_return modem_.ready();
  }
  const Escape result = co_await escape(false);
  if (result == Escape::unknown || result == Escape::still_online) {
    modem_.fail("it does not leave transparent mode");
    co_return false;
  }
  if (result == Escape::lost) co_return modem_.ready();
  if (result == Escape::no_answer && undecided_) {
    const Resumed resumed = co_await resume();
    if (resumed == Resumed::over) over();
    const bool left = co_await leave();
    co_return left;
  }
  if (result == Escape::no_answer) {
    deliver_answer(true);
    ended();
    co_return modem_.ready();
  }
  deliver(detector_.alive());
  deliver_answer(false);
  deliver(detector_.alive());
  reset();
  modem_.marker().clear();
  co_return modem_.ready();
}

void Online::deliver(CloseDetector::Data data) {
  session_.deliver(data.held);
  session_.deliver(data.fresh);
}

void Online::arm_tick() {
  const auto deadline = detector_.deadline();
  if (deadline) {
    tick_.arm(Time(std::chrono::duration_cast<Duration>(*deadline)));
  } else if (tick_.armed()) {
    tick_.cancel();
  }
}

}  // namespace sim52xx::daemon
