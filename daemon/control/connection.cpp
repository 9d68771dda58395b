#include "daemon/control/connection.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
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
constexpr std::size_t descriptors_limit = 64;  // passed and not yet taken

Error limit(std::string message) {
  return {ErrorKind::limit, "control", std::move(message)};
}

// Runs the handler; what it throws is a mistake of ours that must not end the daemon.
asio::awaitable<json> invoke(const Method* method, Call* call, json id) {
  std::string mistake;
  try {
    Result<json> result = co_await method->handler(*call);
    if (result) co_return answer(std::move(id), std::move(*result));
    co_return failure(std::move(id), result.error());
  } catch (const std::exception& e) {
    mistake = e.what();
  }
  spdlog::error("internal error in method {}: {}", method->name, mistake);
  co_return refusal(std::move(id), Code::internal_error, "internal error; see the daemon's log");
}

}  // namespace

Connection::Connection(Runtime& runtime, TaskGroup& tasks, const Methods& methods, Socket socket,
                       Peer peer, const Groups& groups)
    : tasks_(tasks),
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
  while (!closed_ && !hung_up(socket_.native_handle())) co_await wait_for(Socket::wait_error);
  close();
}

asio::awaitable<void> Connection::write([[maybe_unused]] std::shared_ptr<Connection> self) {
  while (!closed_ && !finished()) {
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
  changed_.notify();
  for (const auto& callback : std::exchange(on_gone_, {}))
    callback();
}

bool Connection::notify(std::string_view method, json params) {
  send(notification(method, std::move(params)));
  return !closed_;
}

void Connection::on_gone(std::function<void()> callback) {
  if (closed_)
    callback();
  else
    on_gone_.push_back(std::move(callback));
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
  if (!keep_descriptors(message)) {
    spdlog::warn("control client {} passes too many descriptors: dropped", peer_.pid);
    close();
    return Input::nothing;
  }
  if (count == 0) return Input::end;
  lines_.push(std::string_view(bytes.data(), static_cast<std::size_t>(count)));
  return Input::bytes;
}

bool Connection::keep_descriptors(msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
      descriptors_.emplace_back(fd);
    }
  }
  return descriptors_.size() <= descriptors_limit;
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

void Connection::handle_line(std::string_view line) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
  Message message = parse(line);
  const auto answers = std::make_shared<Answers>(message.batch);
  for (auto& entry : message.entries) {
    std::optional<json> reply;
    if (auto* request = std::get_if<Request>(&entry)) {
      const bool silent = request->notification;
      reply = start(std::move(*request), answers);
      if (silent) reply.reset();
    } else {
      reply = std::move(std::get<json>(entry));
    }
    ++answers->open;
    settle(*answers, std::move(reply));
  }
  settle(*answers, std::nullopt);
}

std::optional<json> Connection::start(Request request, const std::shared_ptr<Answers>& answers) {
  const Method* method = methods_.find(request.method);
  std::vector<Fd> fds;
  if (method != nullptr)
    if (auto refused = take_descriptors(*method, request, answers->batch, fds)) return refused;
  if (auto refused = refuse(method, request)) return refused;
  ++in_flight_;
  ++answers->open;
  tasks_.spawn("control request",
               run(shared_from_this(), method, std::move(request), answers, std::move(fds)));
  return std::nullopt;
}

std::optional<json> Connection::refuse(const Method* method, const Request& request) const {
  if (method == nullptr)
    return refusal(request.id, Code::unknown_method, "there is no method " + request.method);
  if (!(method->who == Who::admin ? admin_ : user_)) {
    const std::string group = method->who == Who::admin ? "sim52xx-admin" : "sim52xx";
    return failure(request.id, Error(ErrorKind::denied, "control",
                                     method->name + " is for members of the group " + group));
  }
  if (auto refused = check_parameters(*method, request)) return refused;
  if (in_flight_ >= in_flight_limit)
    return failure(request.id, limit("more than 64 requests in flight on one connection"));
  return std::nullopt;
}

// Descriptors are taken in the order in which they came, whatever becomes of the request. Those
// that no line asks for are refused with the last line, so that no later one takes them.
std::optional<json> Connection::take_descriptors(const Method& method, const Request& request,
                                                 bool batch, std::vector<Fd>& taken) {
  const std::size_t needed = descriptors_needed(method, request.params);
  const auto invalid = [&request](std::string message) {
    return failure(request.id, Error(ErrorKind::invalid, "descriptors", std::move(message)));
  };
  if (needed > 0 && batch) return invalid("descriptors do not go with a batch");
  if (needed > descriptors_.size())
    return invalid("found " + std::to_string(descriptors_.size()) +
                   " passed descriptors, needed are " + std::to_string(needed));
  while (taken.size() < needed) {
    taken.push_back(std::move(descriptors_.front()));
    descriptors_.pop_front();
  }
  if (batch || descriptors_.empty() || !lines_.empty()) return std::nullopt;
  return invalid("descriptors were passed that no parameter refers to");
}

asio::awaitable<void> Connection::run(std::shared_ptr<Connection> self, const Method* method,
                                      Request request, std::shared_ptr<Answers> answers,
                                      std::vector<Fd> fds) {
  Call call(self, std::move(request.params), std::move(fds));
  std::optional<json> reply = co_await invoke(method, &call, request.id);
  if (request.notification) reply.reset();
  --in_flight_;
  settle(*answers, std::move(reply));
}

void Connection::settle(Answers& answers, std::optional<json> reply) {
  if (reply && answers.batch)
    answers.list.push_back(std::move(*reply));
  else if (reply)
    send(*reply);
  if (--answers.open == 0 && !answers.list.empty()) send(answers.list);
  changed_.notify();
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
