#include "daemon/stacks/https_stack.hpp"

#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/stacks/https_errors.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

// An answer that is quicker than this was given without asking any network.
constexpr auto too_soon_for_network = 100ms;
constexpr auto late_start_time = 2s;  // for a "+CHTTPSSTART: 0" that may never come

}  // namespace

HttpsStack::HttpsStack(Runtime& runtime, Modem& modem, const config::StackTimeouts& timeouts)
    : runtime_(runtime), modem_(modem), timeouts_(timeouts), spelling_(modem), changed_(runtime) {
  modem.add_user(*this);
}

asio::awaitable<HttpsStack::Answer> HttpsStack::run(CommandId id, const Spelling::Ways& ways,
                                                    Duration timeout, std::string_view payload) {
  if (!modem_.ready()) co_return modem_.not_ready();
  auto answer = co_await spelling_.run(id, ways, timeout, payload, this);
  if (!answer && answer.error().kind == ErrorKind::timeout) in_order_ = false;
  co_return answer;
}

// Without arguments.
Spelling::Ways HttpsStack::plain(CommandId id) const {
  return spelling_.ways(id, [](std::string_view name) { return CommandBuilder(name); });
}

asio::awaitable<Result<void>> HttpsStack::start() {
  if (started_) co_return Result<void>();
  start_result_.reset();
  const Spelling::Ways start = plain(CommandId::https_start);
  auto answer = co_await run(CommandId::https_start, start, timeouts_.connect);
  if (answer && !answer->ok()) {  // perhaps it was started already
    co_await stop_now();
    answer = co_await run(CommandId::https_start, start, timeouts_.connect);
  }
  if (!answer) {
    started_ = modem_.ready();  // who knows
    co_return at_stage(answer.error(), "acquire", "no HTTPS stack");
  }
  started_ = answer->ok();
  if (!started_)
    co_return https_error("acquire", "the modem cannot start its HTTPS stack", "AT+CHTTPSSTART",
                          *answer);
  if (habits_.late_results && !answer->code) co_await await_late(start_result_, timeouts_.connect);
  co_return Result<void>();
}

asio::awaitable<void> HttpsStack::stop() {
  co_await disconnect();
  if (started_ && modem_.ready()) co_await stop_now();
  started_ = false;
  in_order_ = true;
}

asio::awaitable<void> HttpsStack::stop_now() {
  started_ = false;
  stop_result_.reset();
  const Spelling::Ways stop = plain(CommandId::https_stop);
  auto answer = co_await run(CommandId::https_stop, stop, timeouts_.stop);
  if (!answer)
    spdlog::warn("https: stopping the stack: {}", answer.error().message);
  else if (habits_.late_results && answer->ok() && !answer->code)
    co_await await_late(stop_result_, timeouts_.stop);
}

// Until a result has come behind its OK.
asio::awaitable<void> HttpsStack::await_late(const std::optional<long>& result, Duration patience) {
  const Time deadline = runtime_.now() + patience;
  bool in_time = true;
  while (in_time && !result && !interrupted_ && modem_.ready())
    in_time = co_await changed_.wait_until(deadline);
}

asio::awaitable<Result<void>> HttpsStack::open(std::string host, int port) {
  co_await disconnect();
  connection_.host = std::move(host);
  connection_.port = port;
  connection_.live = true;
  auto connected = co_await connect();
  connection_.live = connection_.open;
  if (connected) spdlog::info("https: connected to {}", target());
  co_return connected;
}

asio::awaitable<Result<void>> HttpsStack::connect() {
  const Spelling::Ways open = spelling_.ways(CommandId::https_open, [this](std::string_view name) {
    return CommandBuilder(name)
        .host("host", connection_.host, modem_.profile().limits.text)
        .number("port", connection_.port, 1, 65535);
  });
  if (auto line = open.front().line(); !line) co_return line.error();
  for (bool again = false;; again = true) {
    const bool fresh = !started_;
    auto started = co_await start();
    if (!started) co_return started;
    if (auto why = broken("open")) co_return *why;
    const Time asked = runtime_.now();
    connection_.open = true;  // until it says no; where it says nothing there may be one
    auto answer = co_await run(CommandId::https_open, open, timeouts_.connect);
    if (!answer) co_return at_stage(answer.error(), "open", "no connection to " + target());
    const bool at_once = runtime_.now() - asked < too_soon_for_network && !answer->code;
    if (answer->ok()) {
      connection_.doubtful = at_once;
      if (!habits_.late_results || answer->code) co_return Result<void>();
      auto confirmed = co_await confirm_open(timeouts_.connect);
      co_return confirmed;
    }
    connection_.open = false;
    bool retry = false;
    if (at_once && !again) retry = co_await may_work_now(fresh);
    if (!retry)
      co_return https_error("open", "the modem could not connect to " + target(), "AT+CHTTPSOPSE",
                            *answer);
  }
}

// A connection that was refused without asking the network: by a stack that serves one connection
// for each start (note, 2.1), or one that has said OK before it was started. Whether to try again.
asio::awaitable<bool> HttpsStack::may_work_now(bool fresh) {
  if (!fresh) {
    co_await stop_now();
    co_return true;
  }
  if (habits_.late_results) co_return false;
  co_await await_late(start_result_, late_start_time);
  co_return start_result_ == 0;
}

// The OK of AT+CHTTPSOPSE has come; where that means only that it was understood, the result
// follows.
asio::awaitable<Result<void>> HttpsStack::confirm_open(Duration patience) {
  co_await await_late(connection_.result, patience);
  if (auto why = broken("open")) co_return *why;
  if (connection_.result == 0) co_return Result<void>();
  co_return Error(ErrorKind::timeout, "open", "no connection to " + target() + " in time");
}

bool HttpsStack::open_to(std::string_view host, int port) const {
  const Connection& c = connection_;
  return c.open && c.host == host && c.port == port && !c.failure && !c.peer_closed && !c.event &&
         c.down.empty() && !interrupted_ && in_order_;
}

asio::awaitable<void> HttpsStack::close() {
  co_await disconnect();
  interrupted_ = false;
}

asio::awaitable<void> HttpsStack::disconnect() {
  if (connection_.open && modem_.ready()) {
    const Spelling::Ways close = plain(CommandId::https_close);
    auto answer = co_await run(CommandId::https_close, close, timeouts_.close);
    if (!answer)
      spdlog::warn("https: closing {}: {}", target(), answer.error().message);
    else if (!answer->ok() && !connection_.peer_closed)
      spdlog::info("https: closing {}: {}", target(), answer->text);
  }
  connection_ = {};
}

void HttpsStack::interrupt() {
  interrupted_ = true;
  changed_.notify();
}

std::string HttpsStack::target() const {
  return connection_.host + ":" + std::to_string(connection_.port);
}

// Why nothing more can be done; nullopt where it can.
std::optional<Error> HttpsStack::broken(std::string_view stage) const {
  if (connection_.failure) return connection_.failure;
  if (interrupted_) return Error(ErrorKind::cancelled, std::string(stage), "cancelled");
  if (!connection_.live) return Error(ErrorKind::interrupted, std::string(stage), "not connected");
  return std::nullopt;
}

}  // namespace sim52xx::daemon
