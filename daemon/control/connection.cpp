#include "daemon/control/connection.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

namespace sim52xx::daemon::control {
namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t chunk = 16384;

}  // namespace

Connection::Connection(Runtime& runtime, TaskGroup& tasks, Event& progress, const Methods& methods,
                       Socket socket, Peer peer, const Groups& groups)
    : tasks_(tasks),
      progress_(progress),
      methods_(methods),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      admin_(daemon::is_admin(peer_, groups)),
      user_(daemon::is_user(peer_, groups)),
      changed_(runtime) {}

asio::awaitable<void> Connection::read([[maybe_unused]] std::shared_ptr<Connection> self) {
  while (!closed_ && !ended_) {
    co_await wait_for(Socket::wait_read);
    const Input input = receive();
    if (input == Input::bytes) handle_lines();
    if (input == Input::end) ended_ = true;
    if (lines_.over()) ended_ = true;
  }
  // A last line without its LF is one, too: people forget it.
  const std::string rest = lines_.rest();
  if (!rest.empty() && !closed_) handle_line(rest);
  changed_.notify();
  // The client may have shut down writing only, and wait for its answers.
  while (!closed_ && !hung_up(socket_.native_handle()))
    co_await wait_for(Socket::wait_error);
  close();
}

asio::awaitable<void> Connection::write([[maybe_unused]] std::shared_ptr<Connection> self) {
  while (!closed_ && !finished()) {
    take_from_feed();
    if (output_.empty()) {
      boost::system::error_code ignored;
      if (refusing_) socket_.shutdown(Socket::shutdown_send, ignored);
      co_await changed_.wait();
      continue;
    }
    const std::string bytes = std::exchange(output_, {});
    writing_ = bytes.size();
    while (writing_ > 0 && !closed_) {
      const auto rest = asio::buffer(bytes) + (bytes.size() - writing_);
      const auto result = co_await socket_.async_write_some(rest, as_result);
      const auto& [error, sent] = result;
      writing_ -= sent;
      progress_.notify();
      if (error) close();
    }
  }
  close();
}

void Connection::close() {
  if (std::exchange(closed_, true)) return;
  boost::system::error_code ignored;
  socket_.close(ignored);
  output_ = std::string();
  descriptors_.clear();
  feed_.reset();
  fed_ = false;
  progress_.notify();
  changed_.notify();
  // One by one: a callback may take back another one.
  while (!on_gone_.empty()) {
    const auto first = on_gone_.extract(on_gone_.begin());
    first.mapped()();
  }
}

bool Connection::notify(std::string_view method, json params) {
  send(notification(method, std::move(params)));
  return !closed_;
}

Client::Token Connection::on_gone(std::function<void()> callback) {
  ++last_token_;
  if (closed_)
    callback();
  else
    on_gone_.emplace(last_token_, std::move(callback));
  return last_token_;
}

void Connection::set_feed(std::shared_ptr<Feed> feed) {
  if (closed_) return;
  feed_ = std::move(feed);
  fed_ = true;  // perhaps
  changed_.notify();
}

// Only when the client has read all the rest: what waits, waits in the feed.
void Connection::take_from_feed() {
  while (feed_ && !refusing_ && output_.size() < chunk) {
    const std::optional<std::string> line = feed_->next_line();
    fed_ = line.has_value();
    if (!line) return;
    output_ += *line;
  }
}

asio::awaitable<void> Connection::wait_for(Socket::wait_type what) {
  // Closing ends the wait with an error, and is seen by closed_.
  co_await socket_.async_wait(what, as_result);
}

// Not asio's read: it takes no descriptors.
Connection::Input Connection::receive() {
  if (closed_) return Input::nothing;
  std::array<char, chunk> bytes;  // NOLINT: filled by the kernel
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * 253)> control{};
  iovec part{bytes.data(), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t count =
      ::recvmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (count < 0) return errno == EAGAIN || errno == EINTR ? Input::nothing : Input::end;
  if (!descriptors_.keep(message)) {
    spdlog::warn("control client {} passes too many descriptors: dropped", peer_.pid);
    close();
    return Input::nothing;
  }
  if (count == 0) return Input::end;
  lines_.push(std::string_view(bytes.data(), static_cast<std::size_t>(count)));
  return Input::bytes;
}

void Connection::handle_lines() {
  while (!closed_ && !refusing_) {
    const std::optional<std::string> line = lines_.next();
    if (!line) break;
    handle_line(*line);
  }
  if (lines_.empty()) descriptors_.clear();
  if (!lines_.too_long() || refusing_) return;
  refusing_ = true;
  send(refusal(nullptr, Code::invalid_request, "a line longer than 1 MiB"));
}

void Connection::send(const json& message) {
  if (closed_) return;
  const std::string line = to_line(message);
  if (backlog() + line.size() > output_limit) {
    spdlog::warn("control client {} does not read: dropped", peer_.pid);
    close();
    return;
  }
  output_ += line;
  changed_.notify();
}

bool Connection::finished() const {
  return ended_ && backlog() == 0 && (refusing_ || (in_flight_ == 0 && !kept_));
}

}  // namespace sim52xx::daemon::control
