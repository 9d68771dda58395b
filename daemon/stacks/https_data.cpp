// The bytes of the HTTPS stack: sending in blocks with flow control, receiving from firmware of all
// sorts, and what the modem tells without having been asked.
#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/stacks/https_errors.hpp"
#include "daemon/stacks/https_stack.hpp"
#include "protocol/fields.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto brief = 10s;
constexpr std::size_t vendors_block = 1024;  // the manuals allow 4096, the vendor's notes use this
// With more than this unsent, sending stops until most of it is gone: the vendor's own figures.
constexpr std::size_t most_unsent = 10240;
constexpr std::size_t little_unsent = 3072;
constexpr auto first_question = 20ms;  // between two questions how much is unsent; doubles
constexpr auto last_question = 1s;
constexpr auto first_look = 1s;  // for data that no RECV EVENT has announced; doubles
constexpr auto last_look = 5s;
constexpr auto late_open_time = 10s;  // for a "+CHTTPSOPSE: 0" that may never come
constexpr int enough_single_bytes = 3;
constexpr long server_closed = 3;

}  // namespace

asio::awaitable<Result<void>> HttpsStack::send(std::string_view bytes) {
  const std::size_t most = std::min(vendors_block, modem_.profile().limits.https_send);
  while (!bytes.empty()) {
    const std::string_view block = bytes.substr(0, most);
    auto room = co_await wait_room(block.size());
    if (!room) co_return room;
    auto sent = co_await send_block(block);
    if (!sent) co_return sent;
    bytes.remove_prefix(block.size());
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> HttpsStack::send_block(std::string_view block) {
  const auto length = static_cast<std::int64_t>(block.size());
  const Spelling::Ways send =
      spelling_.ways(CommandId::https_send, [length](std::string_view name) {
        return CommandBuilder(name).number("length", length, 1, length);
      });
  for (;;) {
    if (auto why = broken("send")) co_return *why;
    if (connection_.peer_closed)
      co_return Error(ErrorKind::peer_closed, "send", "the server closed the connection");
    auto answer = co_await run(CommandId::https_send, send, timeouts_.transfer, block);
    if (!answer) co_return at_stage(answer.error(), "send", "nothing was sent");
    if (answer->ok()) {
      connection_.unsent += block.size();
      connection_.doubtful = false;
      co_return Result<void>();
    }
    if (!std::exchange(connection_.doubtful, false) || answer->prompted || answer->code)
      co_return https_error("send", "the modem refused to send", "AT+CHTTPSSEND", *answer);
    // Perhaps it is still connecting.
    co_await await_late(connection_.result, late_open_time);
    if (connection_.result != 0 && !broken("send"))
      co_return https_error("send", "the modem refused to send", "AT+CHTTPSSEND", *answer);
  }
}

// Until `size` bytes more can be sent. Once the modem has much unsent, until it has little.
asio::awaitable<Result<void>> HttpsStack::wait_room(std::size_t size) {
  if (connection_.unsent + size <= most_unsent) co_return Result<void>();
  Time latest = runtime_.now() + timeouts_.transfer;
  Duration wait = first_question;
  for (;;) {
    auto unsent = co_await query_unsent();
    if (!unsent) co_return unsent.error();
    if (*unsent < connection_.unsent) latest = runtime_.now() + timeouts_.transfer;
    connection_.unsent = *unsent;
    if (*unsent <= little_unsent) co_return Result<void>();
    if (auto why = broken("send")) co_return *why;
    if (runtime_.now() >= latest)
      co_return Error(ErrorKind::timeout, "send",
                      "the modem could not send " + std::to_string(*unsent) +
                          " bytes to the server within the transfer timeout");
    co_await changed_.wait_until(std::min<Time>(latest, runtime_.now() + wait));
    wait = std::min<Duration>(wait * 2, last_question);
  }
}

// "+CHTTPSSEND: <unsent>". A modem that cannot tell is believed to have sent all.
asio::awaitable<Result<std::size_t>> HttpsStack::query_unsent() {
  const Spelling::Ways query =
      spelling_.ways(CommandId::https_send_query,
                     [](std::string_view name) { return CommandBuilder(name).query(); });
  auto answer = co_await run(CommandId::https_send_query, query, brief);
  if (!answer) co_return at_stage(answer.error(), "send", "no word of what is unsent");
  std::int64_t unsent = 0;
  for (const std::string& line : answer->lines)
    unsent = Fields(line).number(0).value_or(0);
  co_return static_cast<std::size_t>(std::max<std::int64_t>(unsent, 0));
}

asio::awaitable<Result<void>> HttpsStack::commit() {
  if (auto why = broken("send")) co_return *why;
  const Spelling::Ways commit = plain(CommandId::https_commit);
  auto answer = co_await run(CommandId::https_commit, commit, timeouts_.transfer);
  if (!answer) co_return at_stage(answer.error(), "send", "the request was not sent");
  connection_.unsent = 0;
  connection_.flowing = false;  // what comes now is another answer
  if (answer->ok()) co_return Result<void>();
  Error error = https_error("send", "the modem could not send", "AT+CHTTPSSEND", *answer);
  if (connection_.peer_closed) error.kind = ErrorKind::peer_closed;
  co_return error;
}

asio::awaitable<Result<std::size_t>> HttpsStack::receive(char* to, std::size_t most) {
  const Time deadline = runtime_.now() + timeouts_.transfer;
  Duration look = habits_.tells_events ? last_look : first_look;
  while (connection_.down.empty()) {
    if (auto why = broken("receive")) co_return *why;
    if (connection_.drained) co_return std::size_t{0};
    if (runtime_.now() >= deadline)
      co_return Error(ErrorKind::timeout, "receive",
                      "the server sent nothing within the transfer timeout");
    if (!readable() && !connection_.flowing) {
      co_await wait_news(std::min<Time>(deadline, runtime_.now() + look));
      look = std::min<Duration>(look * 2, last_look);
      if (broken("receive")) continue;
    }
    co_await ask();
  }
  const std::string_view bytes = connection_.down.view().substr(0, most);
  std::ranges::copy(bytes, to);
  connection_.down.pop(bytes.size());
  co_return bytes.size();
}

bool HttpsStack::readable() const {
  return connection_.event || connection_.peer_closed || !connection_.down.empty();
}

asio::awaitable<void> HttpsStack::wait_news(Time until) {
  bool in_time = true;
  while (in_time && !readable() && !broken("receive"))
    in_time = co_await changed_.wait_until(until);
}

// One AT+CHTTPSRECV; a failure shows once what has come is taken. Its number is the least that is
// wanted for the note's firmware, which then waits for so many, and the most for later ones: 1
// suits both until the modem has shown what it makes of it.
asio::awaitable<void> HttpsStack::ask() {
  const auto limit = static_cast<std::int64_t>(modem_.profile().limits.https_receive);
  const std::int64_t length = habits_.single_bytes < enough_single_bytes ? 1 : limit;
  const Spelling::Ways receive =
      spelling_.ways(CommandId::https_receive, [length, limit](std::string_view name) {
        return CommandBuilder(name).number("length", length, 1, limit);
      });
  connection_.event = false;
  const std::size_t before = connection_.received;
  auto answer = co_await run(CommandId::https_receive, receive, timeouts_.transfer);
  const std::size_t got = connection_.received - before;
  if (!answer) {
    habits_.single_bytes = 0;
    fail(at_stage(answer.error(), "receive", "the answer was not received"));
    co_return;
  }
  learn_length(length, got);
  on_answer(*answer, got);
}

// A single byte may come alone from any server (TLS 1.0 likes to split off the first one), but not
// time and again.
void HttpsStack::learn_length(std::int64_t asked, std::size_t got) {
  if (asked != 1 || got == 0 || habits_.at_least) return;
  habits_.at_least = got > 1;
  habits_.single_bytes = got > 1 ? 0 : habits_.single_bytes + 1;
  if (habits_.single_bytes == enough_single_bytes)
    spdlog::info("https: this modem takes the number of AT+CHTTPSRECV for the most it may send");
}

void HttpsStack::on_answer(const Outcome& outcome, std::size_t got) {
  Connection& c = connection_;
  c.flowing = got > 0;
  if (outcome.code == server_closed) c.peer_closed = true;
  if (got == 0 && c.peer_closed) {
    c.drained = true;
    return;
  }
  if (outcome.ok() || outcome.code == server_closed) return;
  fail(https_error("receive", "the modem could not receive", "AT+CHTTPSRECV", outcome));
}

void HttpsStack::on_block(std::string_view bytes) {
  connection_.received += bytes.size();
  connection_.down.push(bytes);
}

// What has come of it may be wrong, and may look like all there is.
void HttpsStack::on_block_cut() {
  in_order_ = false;
  connection_.down.clear();
  fail(Error(ErrorKind::protocol_error, "receive", "the modem announced more bytes than it sent"));
}

void HttpsStack::on_urc(const Urc& urc, std::string_view) {
  if (const auto* late = std::get_if<urc::LateResult>(&urc)) {
    on_late_result(*late);
  } else if (std::holds_alternative<urc::HttpsRecvEvent>(urc)) {
    habits_.tells_events = true;
    connection_.event = connection_.live;
  } else if (std::holds_alternative<urc::HttpsPeerClosed>(urc)) {
    connection_.peer_closed = connection_.live;
  } else if (std::holds_alternative<urc::NetworkLost>(urc)) {
    fail(Error(ErrorKind::interrupted, "receive", "the network connection was lost"));
  } else {
    return;
  }
  changed_.notify();
}

// Behind the OK of a command that was over then, as far as we knew.
void HttpsStack::on_late_result(const urc::LateResult& late) {
  if (late.command == "+CHTTPSSTART") {
    habits_.late_results = true;
    start_result_ = late.code;
  } else if (late.command == "+CHTTPSSTOP") {
    stop_result_ = late.code;
  } else if (late.command == "+CHTTPSOPSE" && connection_.live) {
    habits_.late_results = true;
    connection_.result = late.code;
    if (late.code == 0) return;
    connection_.open = false;
    Outcome outcome;
    outcome.code = late.code;
    fail(https_error("open", "the modem could not connect to " + target(), "AT+CHTTPSOPSE",
                     outcome));
  }
}

void HttpsStack::on_modem_lost(const std::string& reason) {
  started_ = false;
  in_order_ = true;
  habits_ = {};
  connection_.open = false;
  fail(Error(ErrorKind::interrupted, "modem", "the modem was lost: " + reason));
  changed_.notify();
}

void HttpsStack::fail(Error error) {
  if (!connection_.live || connection_.failure) return;
  connection_.failure = std::move(error);
  changed_.notify();
}

}  // namespace sim52xx::daemon
