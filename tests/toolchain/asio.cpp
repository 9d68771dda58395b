// Canaries of Asio 1.26: why the daemon never races a read against a timer, and why a victim of a
// cancellation does not tidy up. `asio NAME` prints "there" when the trap is still there, "gone"
// when it is not. run.py knows what to expect.
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using Channel = asio::experimental::channel<void(boost::system::error_code, int)>;
constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

// A read or a timer, with five of ten bytes there: the timer wins, and the five are gone.
asio::awaitable<bool> race_eats_bytes(asio::io_context& io) {
  asio::local::stream_protocol::socket ours{io};
  asio::local::stream_protocol::socket theirs{io};
  asio::local::connect_pair(ours, theirs);
  theirs.write_some(asio::buffer("01234", 5));
  char bytes[10];
  asio::steady_timer timer{io, 20ms};
  co_await (asio::async_read(ours, asio::buffer(bytes), no_throw) ||
            timer.async_wait(asio::use_awaitable));
  const bool eaten = ours.available() == 0;
  co_return eaten;
}

// A value and the timer come in the same turn: the value is neither returned nor still in the
// channel.
asio::awaitable<bool> race_eats_value(asio::io_context& io) {
  Channel channel{io, 1};
  asio::steady_timer timer{io, 20ms};
  asio::steady_timer same{io, timer.expiry()};
  same.async_wait([&](auto) { channel.try_send(boost::system::error_code{}, 1); });
  auto won = co_await (timer.async_wait(asio::use_awaitable) ||
                       channel.async_receive(asio::use_awaitable));
  const bool lost = won.index() == 0 && !channel.try_receive([](auto...) {});
  co_return lost;
}

// "||" waits for the first success: a read that has failed leaves us waiting for the timer.
asio::awaitable<bool> race_waits_for_success(asio::io_context& io) {
  asio::local::stream_protocol::socket ours{io};
  asio::local::stream_protocol::socket theirs{io};
  asio::local::connect_pair(ours, theirs);
  theirs.close();
  char byte;
  asio::steady_timer timer{io, 20ms};
  auto won = co_await (ours.async_read_some(asio::buffer(&byte, 1), asio::use_awaitable) ||
                       timer.async_wait(asio::use_awaitable));
  const bool timer_won = won.index() == 1;
  co_return timer_won;
}

// After a cancellation every await throws, one as_tuple too: the victim cannot say goodbye to the
// modem.
asio::awaitable<bool> cancelled_cannot_await(asio::io_context& io) {
  bool threw = false;
  asio::cancellation_signal signal;
  auto victim = [&]() -> asio::awaitable<void> {
    asio::steady_timer timer{io, 1h};
    co_await timer.async_wait(no_throw);
    asio::steady_timer polite{io, 1ms};
    try {
      co_await polite.async_wait(no_throw);
    } catch (const boost::system::system_error&) {
      threw = true;
    }
  };
  asio::co_spawn(io, victim(), asio::bind_cancellation_slot(signal.slot(), asio::detached));
  asio::steady_timer soon{io, 10ms};
  co_await soon.async_wait(no_throw);
  signal.emit(asio::cancellation_type::terminal);
  soon.expires_after(20ms);
  co_await soon.async_wait(no_throw);
  co_return threw;
}

const std::map<std::string, std::function<asio::awaitable<bool>(asio::io_context&)>> canaries = {
    {"race-eats-bytes", race_eats_bytes},
    {"race-eats-value", race_eats_value},
    {"race-waits-for-success", race_waits_for_success},
    {"cancelled-cannot-await", cancelled_cannot_await},
};

int main(int count, char** arguments) {
  if (count != 2) {
    for (const auto& [name, canary] : canaries)
      std::puts(name.c_str());
    return 0;
  }
  asio::io_context io{1};
  bool there = false;
  asio::co_spawn(io, canaries.at(arguments[1])(io), [&](std::exception_ptr failure, bool result) {
    if (failure) std::rethrow_exception(failure);
    there = result;
  });
  io.run();
  std::puts(there ? "there" : "gone");
}
