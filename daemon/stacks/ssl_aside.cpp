// Commands of others beside a transparent session 0.
#include <utility>

#include "daemon/stacks/ssl_stack.hpp"

namespace sim52xx::daemon {

asio::awaitable<Result<Outcome>> SslStack::aside(Request request, Duration timeout) {
  const Online::Want want(online_);
  const Time latest = runtime_.now() + timeout;
  bool in_time = true;
  while (in_time && online_.active() && !online_.in_window())
    in_time = co_await online_.changed().wait_until(latest);
  if (online_.active() && !online_.in_window())
    co_return Error(ErrorKind::timeout, "window",
                    "session 0 is transparent and did not leave the line to others in time");
  const Online::Use use(online_);
  auto result = co_await modem_.channel().exec(std::move(request), timeout);
  co_return result;
}

asio::awaitable<Result<Outcome>> SslStack::beside(Request request, Duration timeout) {
  while (modem_.ready() && online_.active() && !online_.in_window())
    co_await online_.changed().wait();
  if (!modem_.ready()) co_return modem_.not_ready();
  const Online::Use use(online_);
  request.patient_turn = true;
  auto result = co_await modem_.channel().exec(std::move(request), timeout);
  co_return result;
}

}  // namespace sim52xx::daemon
