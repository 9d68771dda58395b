// How a connection ends for its client: in order, with ECONNRESET, or in words.
#include <array>
#include <cerrno>
#include <string>

#include <sys/socket.h>

#include "daemon/proxy/connection.hpp"
#include "daemon/proxy/failure_reply.hpp"

namespace sim52xx::daemon {
namespace {

constexpr std::chrono::seconds request_time{1};  // for a client that has connected to write

}  // namespace

// A failure is told in words, where that is wanted and nothing of an answer is on its way.
bool Connection::replies() const {
  return error_ && endpoint_.failure_reply == config::FailureReply::http && !answered_;
}

// A client that has not written anything is told of a failure by a mere end, and curl, which looks
// for a hangup before it writes, takes even an answer for a refused connection.
asio::awaitable<void> Connection::await_request() {
  if (!relayed()) tasks_.spawn(name + " request", watch_request());
  const Time deadline = context_.runtime.now() + request_time;
  bool in_time = true;
  while (in_time && !asked_ && !left())
    in_time = co_await changed_.wait_until(deadline);
}

// Where nobody reads yet.
asio::awaitable<void> Connection::watch_request() {
  char first = 0;
  ssize_t count = 0;
  do {
    co_await readable_.wait();
    count = ::recv(socket_.get(), &first, 1, MSG_PEEK | MSG_DONTWAIT);
  } while (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
  asked_ = true;
  changed_.notify();
}

// Failure: what the client wrote last stays unread, which AF_UNIX tells it as ECONNRESET. Orderly
// end, and after a failure in words: all is read, and it sees EOF.
void Connection::close_client() {
  const bool tell = replies();
  if (tell) {
    const std::string words = http_failure(*error_);
    ::send(socket_.get(), words.data(), words.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  if (!error_ || tell) {
    std::array<char, 4096> scrap{};
    while (::recv(socket_.get(), scrap.data(), scrap.size(), MSG_DONTWAIT) > 0) {
    }
  }
  readable_.close();
  writable_.close();
  copy_.reset();
  socket_.reset();
}

std::string_view Connection::reason() const {
  if (error_) return sim52xx::name(error_->kind);
  if (down_done_) return "peer_closed";
  return half_closed_out_ ? "half_close_timeout" : "client_closed";
}

}  // namespace sim52xx::daemon
