// How a connection ends for its client: in order, with ECONNRESET, or in words.
#include <array>
#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/proxy/connection.hpp"
#include "daemon/proxy/failure_reply.hpp"

namespace sim52xx::daemon {
namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds request_time{1};  // for a client that has connected to write

}  // namespace

// A failure is told in words, where that is wanted and nothing of an answer is on its way.
bool Connection::replies() const {
  return error_ && endpoint_.failure_reply == config::FailureReply::http && !answered_;
}

// An answer before the request looks like a refused connection to curl, which checks for the hangup
// before it writes.
asio::awaitable<void> Connection::await_request() {
  tasks_.spawn(name + " request", watch_request());
  const Time deadline = context_.runtime.now() + request_time;
  bool in_time = true;
  while (in_time && !asked_ && !left())
    in_time = co_await changed_.wait_until(deadline);
}

asio::awaitable<void> Connection::watch_request() {
  co_await socket_.async_wait(UnixSocket::wait_read, as_result);
  asked_ = true;
  changed_.notify();
}

// Failure: what the client wrote last stays unread, which AF_UNIX tells it as ECONNRESET. Orderly
// end, and after a failure in words: all is read, and it sees EOF.
void Connection::close_client() {
  boost::system::error_code ignored;
  const bool tell = replies();
  if (tell) {
    const std::string words = http_failure(*error_);
    socket_.write_some(asio::buffer(words), ignored);
  }
  if (!error_ || tell) {
    std::array<char, 4096> scrap{};
    while (socket_.read_some(asio::buffer(scrap), ignored) > 0 && !ignored) {
    }
  }
  if (readable_) readable_->close();
  copy_.reset();
  socket_.close(ignored);
}

std::string_view Connection::reason() const {
  if (error_) return sim52xx::name(error_->kind);
  if (down_done_) return "peer_closed";
  return half_closed_out_ ? "half_close_timeout" : "client_closed";
}

}  // namespace sim52xx::daemon
