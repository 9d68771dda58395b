#include "daemon/http/client.hpp"

#include <algorithm>
#include <utility>

#include "daemon/http/answer_reader.hpp"
#include "daemon/http/request_writer.hpp"

namespace sim52xx::daemon::http {
namespace {

constexpr std::size_t piece_size = 4096;
constexpr std::size_t chunk_frame = 16;  // what a chunk of that size has around it, at most
// An answer that nobody wants to have is read to its end where it is no longer than this, which is
// cheaper than another handshake.
constexpr std::uint64_t most_discarded = 16384;

Error body_ended(std::uint64_t sent, std::uint64_t size) {
  return {ErrorKind::interrupted, "send",
          "the body of the request ended after " + std::to_string(sent) + " of " +
              std::to_string(size) + " bytes"};
}

Error too_much(std::uint64_t most) {
  return {ErrorKind::limit, "receive",
          "the answer has more than " + std::to_string(most) + " bytes (max_bytes)"};
}

// The server may have said why it did not want to hear more.
bool may_be_answered(const Error& error) {
  return error.kind == ErrorKind::peer_closed || error.kind == ErrorKind::modem_error;
}

}  // namespace

asio::awaitable<Result<Answer>> Client::exchange(const Request& request) {
  answered_ = false;
  sink_ = nullptr;
  auto sent = co_await send(request);
  if (!sent && !(may_be_answered(sent.error()) && stream_.readable())) co_return sent.error();
  watcher_.on_waiting();
  auto answer = co_await receive(request);
  if (sent) co_return answer;
  if (!answer && !answered_) co_return sent.error();
  if (answer) answer->reusable = false;
  co_return answer;
}

asio::awaitable<Result<void>> Client::send(const Request& request) {
  RequestWriter writer(request);
  out_.clear();
  body_out_ = 0;
  writer.head(out_);
  if (request.body != nullptr) {
    auto body = co_await send_body(request, writer);
    if (!body) co_return body;
  }
  auto rest = co_await write_out(1);
  if (!rest) co_return rest;
  auto flushed = co_await stream_.flush();
  co_return flushed;
}

asio::awaitable<Result<void>> Client::send_body(const Request& request, RequestWriter& writer) {
  const auto size = request.body->size();
  constexpr std::size_t full = piece_size - chunk_frame;
  std::string piece(piece_size, '\0');
  std::uint64_t sent = 0;
  for (;;) {
    auto written = co_await write_out(full);
    if (!written) co_return written;
    // So much that `out_` becomes full, which the modem gets in whole blocks.
    const std::size_t room = (size ? piece_size : full) - out_.size();
    const std::uint64_t left = size ? *size - sent : room;
    if (left == 0) break;
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, room));
    auto count = co_await request.body->read(piece.data(), most);
    if (!count) co_return count.error();
    if (*count == 0 && size) co_return body_ended(sent, *size);
    if (*count == 0) break;
    sent += *count;
    body_out_ += *count;
    writer.piece(piece.data(), *count, out_);
  }
  writer.end(out_);
  co_return Result<void>();
}

// Sends what there is, where it is at least so much.
asio::awaitable<Result<void>> Client::write_out(std::size_t least) {
  if (out_.size() < least) co_return Result<void>();
  auto written = co_await stream_.write(out_);
  if (!written) co_return written;
  out_.clear();
  const std::uint64_t body = std::exchange(body_out_, 0);
  if (body > 0) watcher_.on_sent(body);
  co_return Result<void>();
}

asio::awaitable<Result<Answer>> Client::receive(const Request& request) {
  AnswerReader reader(request.method == "HEAD");
  in_.resize(piece_size);
  bool announced = false;
  while (!reader.done()) {
    auto more = co_await receive_more(reader);
    if (!more) co_return more.error();
    if (!reader.head_done()) continue;
    const Answer& answer = reader.answer();
    if (!std::exchange(announced, true)) sink_ = watcher_.on_answer(answer);
    if (sink_ == nullptr && !worth_reading(answer)) co_return answer;
    auto passed = co_await pass_on(reader);
    if (!passed) co_return passed.error();
  }
  co_return reader.answer();
}

asio::awaitable<Result<void>> Client::receive_more(AnswerReader& reader) {
  auto count = co_await stream_.read(in_.data(), in_.size());
  if (!count) co_return count.error();
  answered_ = answered_ || *count > 0;
  if (*count == 0) co_return reader.end();
  co_return reader.feed(std::string_view(in_).substr(0, *count));
}

asio::awaitable<Result<void>> Client::pass_on(const AnswerReader& reader) {
  if (sink_ == nullptr) co_return Result<void>();
  const Answer& answer = reader.answer();
  if (max_bytes_ > 0 && std::max(answer.bytes, answer.length.value_or(0)) > max_bytes_)
    co_return too_much(max_bytes_);
  const std::string_view piece = reader.piece();
  if (piece.empty()) co_return Result<void>();
  auto written = co_await sink_->write(piece);
  if (!written) co_return written;
  watcher_.on_received(piece.size());
  co_return Result<void>();
}

bool Client::worth_reading(const Answer& answer) const {
  return std::max(answer.bytes, answer.length.value_or(0)) <= most_discarded;
}

}  // namespace sim52xx::daemon::http
