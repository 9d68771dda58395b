// The moving of bytes between a client and its session: one pump each way. Bytes go straight
// through where both sides are ready; else they wait in a queue, and the source with them.
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <span>
#include <utility>

#include <sys/socket.h>

#include "daemon/proxy/connection.hpp"

namespace sim52xx::daemon {
namespace {

constexpr std::size_t enough_up = TransferBuffer::capacity / 2;
constexpr std::size_t scrap_size = 16384;
// What has been read is left there until it is so much, or came in so many pieces.
constexpr std::size_t most_left = 512;
constexpr unsigned most_pieces = 4;
// The client's end may have come with its last bytes, and is told but once.
constexpr std::chrono::milliseconds sought_end{20};

}  // namespace

// From the client's socket: straight to the line where that takes it, else into up_.
asio::awaitable<void> Connection::read_client() {
  const int from_start = 0;
  setsockopt(socket_.get(), SOL_SOCKET, SO_PEEK_OFF, &from_start, sizeof from_start);
  while (!ending_ && !client_eof_) {
    if (up_.size() >= enough_up) {
      co_await pumped_.wait();
    } else if (!more_) {
      if (std::exchange(end_unseen_, false) && !end_look_.armed())
        end_look_.arm(last_byte_ + sought_end);
      co_await readable_.wait();
      more_ = true;
      asked_ = asked_ || ending_;  // by then it is known to have come with something
    } else if (readable_.turns_spent()) {
      co_await readable_.turn();
    } else {
      const bool first = up_.empty();
      if (!read_some()) continue;
      if (first) up_.pop(context_.stack.send_now(lease_.ssl().session, up_.view()).value_or(0));
      if (up_.empty()) continue;
      pumped_.notify();
      context_.stack.more_to_send();
    }
  }
  client_eof_ = true;
  pumped_.notify();
  changed_.notify();
}

// What the client has written, or its end, as far as there is room in up_. False: no bytes.
//
// They are peeked at, and never consumed to the last: as long as one byte lies unread in the
// socket, closing it tells the client ECONNRESET, so that an answer which a failure cuts short does
// not look complete. Many must not stay: the kernel counts each write of the client as some KB, and
// soon lets it write no more. SO_PEEK_OFF makes each peek go on where the last one ended.
bool Connection::read_some() {
  const std::span<char> room = up_.room();
  const std::size_t count = peek(room).value_or(0);
  if (count == 0) return false;
  up_.added(count);
  last_byte_ = context_.runtime.timers.recent();
  end_unseen_ = !more_;
  asked_ = true;
  peeked_ += count;
  if (++pieces_ >= most_pieces || peeked_ > most_left) consume_peeked();
  return true;
}

// nullopt: nothing now. Less than was asked for is all there was, but for an end.
std::optional<std::size_t> Connection::peek(std::span<char> room) {
  const ssize_t count = ::recv(socket_.get(), room.data(), room.size(), MSG_PEEK | MSG_DONTWAIT);
  more_ = count < 0 ? errno != EAGAIN && errno != EWOULDBLOCK : std::cmp_equal(count, room.size());
  if (count < 0 && (!more_ || errno == EINTR)) return std::nullopt;
  client_eof_ = client_eof_ || count <= 0;
  return static_cast<std::size_t>(std::max<ssize_t>(count, 0));
}

void Connection::consume_peeked() {
  std::array<char, scrap_size> scrap;  // NOLINT: no need to clear what is read into
  pieces_ = 1;
  while (peeked_ > 1) {
    const std::size_t most = std::min(peeked_ - 1, scrap.size());
    const ssize_t count = ::recv(socket_.get(), scrap.data(), most, MSG_DONTWAIT);
    if (count <= 0) return;
    peeked_ -= static_cast<std::size_t>(count);
  }
}

// From up_ to the modem. Where that takes it in pieces, this reads on, too: each time it takes one
// there is room for more.
asio::awaitable<void> Connection::send_up() {
  while (!ending_) {
    if (up_.empty()) {
      if (client_eof_) break;
      co_await pumped_.wait();
      continue;
    }
    const std::size_t size = up_.size();
    std::optional<std::size_t> sent = context_.stack.send_now(lease_.ssl().session, up_.view());
    const bool waits = sent && *sent < size;
    if (!sent) {
      auto counted = co_await context_.stack.send(lease_.ssl().session, up_.view());
      // Whether the peer's end or the refusal of what came too late is looked at first says nothing.
      if (!counted && session().peer_closed && !session().failure) break;
      if (!counted) {
        end(counted.error());
        co_return;
      }
      sent = *counted;
    }
    up_.pop(*sent);
    if (more_ && !client_eof_ && up_.size() < enough_up && !up_.empty()) read_some();
    if (!more_ || up_.empty()) pumped_.notify();
    if (ending_ || up_.empty()) continue;
    if (waits) co_await context_.stack.wait_sendable(up_.view());
    if (session().state != SslSession::State::open || session().peer_closed) break;
  }
  sent_all_ = true;
  half_closed_at_ = context_.runtime.now();
  changed_.notify();
}

// The fast way down: as the bytes come from the line.
std::size_t Connection::take(std::string_view bytes) {
  last_byte_ = context_.runtime.timers.recent();
  answered_ = true;
  const ssize_t count =
      ::send(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return 0;
  return bytes.size();  // the client is gone: watch_hangup() sees it
}

// The slow way down: what the client did not take at once.
asio::awaitable<void> Connection::send_down() {
  SslSession& from = session();
  while (!ending_) {
    if (!from.down().empty()) {
      const std::size_t count = take(from.down().view());
      from.pop(count);
      if (count == 0) co_await writable_.wait();
      if (from.down().empty()) writable_.close();
      continue;
    }
    if (from.peer_closed || from.failure) break;
    co_await from.changed.wait();
  }
  down_done_ = from.peer_closed && from.down().empty();
  changed_.notify();
}

}  // namespace sim52xx::daemon
