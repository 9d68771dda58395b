// What DCD tells Online of the end of session 0. It is believed only where it was off before this
// session and came on with it: there are modems whose DCD is always on, and always off.
#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/stacks/online.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 1s;          // of DCD, where it is believed: nothing wakes us for it
constexpr auto first_looks = 3s;            // in which it comes on, if it ever does
constexpr auto carrier_quiet = 300ms;       // silence of a line without carrier: all has arrived
constexpr std::size_t most_behind = 65536;  // bytes that come without carrier, and it is believed

}  // namespace

void Online::before_connect() {
  const bool usable = modem_.signals.dcd && line_carrier() == false;
  carrier_ = usable ? Carrier::awaited : Carrier::unusable;
}

std::optional<bool> Online::line_carrier() const {
  const Port* const port = modem_.channel().port();
  return port != nullptr ? port->carrier() : std::nullopt;
}

// The modem signals that the session has ended.
bool Online::carrier_lost() {
  if (carrier_ == Carrier::unusable) return false;
  const std::optional<bool> on = line_carrier();
  if (carrier_ == Carrier::believed) return on == false;
  if (on == true)
    carrier_ = Carrier::believed;
  else if (runtime_.now() >= begun_ + first_looks)
    carrier_ = Carrier::unusable;
  return false;
}

// When DCD is to be looked at without any other reason.
Time Online::next_look() const {
  return carrier_ == Carrier::unusable ? Time::max() : runtime_.now() + look_interval;
}

// All that came before the end is read, then the modem is asked, as after an escape that nothing
// has answered. Comes DCD back meanwhile, then nothing has happened.
asio::awaitable<void> Online::follow_carrier() {
  spdlog::debug("ssl0: DCD is off");
  tick_.cancel();
  answer_.clear();
  answered_ = by_dtr_ = false;
  session_.release_line();
  state_ = State::escaping;
  last_byte_ = runtime_.now();
  while (active()) {
    if (answer_.size() > most_behind) carrier_ = Carrier::unusable;  // it says what is not true
    if (!carrier_lost()) {
      state_ = State::online;
      on_bytes(std::exchange(answer_, {}));
      changed_.notify();
      co_return;
    }
    if (runtime_.now() >= last_byte_ + carrier_quiet) break;
    co_await changed_.wait_until(last_byte_ + carrier_quiet);
  }
  if (!active()) co_return;
  const bool proven = co_await enter_command_mode(false);
  if (!active()) co_return;
  if (!proven) {
    modem_.fail("its DCD went off, and it does not take commands");
    co_return;
  }
  const Resumed resumed = co_await resume();
  if (resumed == Resumed::over) over();
  if (resumed == Resumed::online) carrier_ = Carrier::unusable;
}

}  // namespace sim52xx::daemon
