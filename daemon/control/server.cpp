#include "daemon/control/server.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include "daemon/system/descriptor_limit.hpp"

namespace sim52xx::daemon::control {
namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds warn_again{10};  // whoever is turned away comes again at once

}  // namespace

Server::Server(Runtime& runtime, const Methods& methods, Groups groups,
               std::function<void()> failed)
    : runtime_(runtime),
      methods_(methods),
      groups_(groups),
      tasks_(runtime, std::move(failed)),
      acceptor_(runtime.io),
      stopped_(runtime),
      progress_(runtime) {}

Result<void> Server::listen(const std::string& path) {
  Result<Fd> socket = listen_unix(path, groups_.users);
  if (!socket) return socket.error();
  path_ = path;
  return adopt(std::move(*socket));
}

Result<void> Server::adopt(Fd socket) {
  boost::system::error_code error;
  acceptor_.assign(Protocol(), socket.get(), error);
  if (error)
    return Error(ErrorKind::invalid, "listen", "the control socket is refused: " + error.message());
  static_cast<void>(socket.release());
  tasks_.spawn("control socket", accept());
  return {};
}

asio::awaitable<void> Server::finish(Time until) {
  const auto idle = [](const auto& connection) { return connection->idle(); };
  bool in_time = true;
  while (in_time) {
    const auto open = connections();
    if (std::all_of(open.begin(), open.end(), idle)) break;
    in_time = co_await progress_.wait_until(until);
  }
}

void Server::stop() {
  if (std::exchange(stopping_, true)) return;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  if (!path_.empty()) ::unlink(path_.c_str());
  stopped_.notify();
  for (const auto& connection : connections())
    connection->close();
}

asio::awaitable<void> Server::join() {
  return tasks_.join();
}

void Server::for_each(const std::function<void(Client&)>& visit) {
  for (const auto& connection : connections())
    visit(*connection);
}

asio::awaitable<void> Server::accept() {
  while (!stopping_) {
    Protocol::socket socket(runtime_.io);
    const auto result = co_await acceptor_.async_accept(socket, as_result);
    if (stopping_) break;
    if (const auto& error = std::get<0>(result)) {
      spdlog::warn("the control socket cannot accept: {}", error.message());
      co_await pause();
    } else {
      serve(std::move(socket));
    }
  }
}

// Out of descriptors: not to be asked a thousand times a second.
asio::awaitable<void> Server::pause() {
  const Time end = runtime_.now() + std::chrono::milliseconds(200);
  bool waiting = true;
  while (waiting && !stopping_)
    waiting = co_await stopped_.wait_until(end);
}

void Server::serve(Protocol::socket socket) {
  std::optional<Peer> peer = peer_of(socket.native_handle());
  if (!peer) return;
  if (clients_ >= clients_limit || is_one_of_the_last(socket.native_handle())) {
    turn_away(socket, peer->pid);
    return;
  }
  const auto connection = std::make_shared<Connection>(
      runtime_, tasks_, progress_, methods_, std::move(socket), std::move(*peer), groups_);
  ++clients_;
  connection->on_gone([this] { --clients_; });
  if (connections_.size() >= sweep_at_) sweep_at_ = 2 * connections().size() + 64;
  connections_.push_back(connection);
  tasks_.spawn("control client's input", connection->read(connection));
  tasks_.spawn("control client's output", connection->write(connection));
}

// It is told why, in the hope that it reads before it writes.
void Server::turn_away(Protocol::socket& socket, pid_t pid) {
  const Error full(ErrorKind::limit, "control", "too many clients are connected");
  const std::string line = to_line(failure(nullptr, full));
  ::send(socket.native_handle(), line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  ++turned_away_;
  if (warned_ != Time{} && runtime_.now() < warned_ + warn_again) return;
  warned_ = runtime_.now();
  spdlog::warn("control client {} is turned away: {} ({} so far)", pid, full.message, turned_away_);
}

// Those that still exist.
std::vector<std::shared_ptr<Connection>> Server::connections() {
  std::vector<std::shared_ptr<Connection>> alive;
  for (const auto& weak : connections_)
    if (auto connection = weak.lock()) alive.push_back(std::move(connection));
  connections_.assign(alive.begin(), alive.end());
  return alive;
}

}  // namespace sim52xx::daemon::control
