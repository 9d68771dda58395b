// Commands of others beside a transparent session 0.
#include <utility>

#include "daemon/stacks/ssl_stack.hpp"

namespace sim52xx::daemon {

asio::awaitable<Result<Outcome>> SslStack::aside(Request request, Duration timeout) {
  const Online::Want want(online_);
  const Time latest = runtime_.now() + timeout;
  for (;;) {
    bool in_time = true;
    while (in_time && online_.active() && !online_.in_window())
      in_time = co_await online_.changed().wait_until(latest);
    if (online_.active() && !online_.in_window())
      co_return Error(ErrorKind::timeout, "window",
                      "session 0 is transparent and did not leave the line to others in time");
    auto result = co_await say_beside(request, timeout);
    if (!overtaken(result)) co_return result;
    co_await overtaking_over();
  }
}

asio::awaitable<Result<Outcome>> SslStack::beside(Request request, Duration timeout) {
  request.patient_turn = true;
  for (;;) {
    while (modem_.ready() && online_.active() && !online_.in_window())
      co_await online_.changed().wait();
    if (!modem_.ready()) co_return modem_.not_ready();
    auto result = co_await say_beside(request, timeout);
    if (!overtaken(result)) co_return result;
    co_await overtaking_over();
  }
}

asio::awaitable<Result<Outcome>> SslStack::say_beside(const Request& request, Duration timeout) {
  const Online::Use use(online_);
  Request copy = request;
  auto result = co_await modem_.channel().exec(std::move(copy), timeout);
  co_return result;
}

// Not sent: session 0 became transparent while it waited for its turn.
bool SslStack::overtaken(const Result<Outcome>& result) const {
  const bool refused = !result && result.error().kind == ErrorKind::busy;
  return refused && modem_.channel().online() && (opening_ == 0 || online_.active());
}

// Until it is known what became of session 0: then there are windows.
asio::awaitable<void> SslStack::overtaking_over() {
  while (opening_ == 0 && !online_.active() && modem_.channel().online())
    co_await sessions_[0].changed.wait();
}

}  // namespace sim52xx::daemon
