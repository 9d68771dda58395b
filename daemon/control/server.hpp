// The control socket: accepts clients and lets a Connection serve each.
//
//   Server server(runtime, methods, groups, failed);
//   server.listen(path);          // or adopt(fd) with a socket from systemd
//   ...
//   server.stop();                // nobody is accepted or served any more
//   co_await server.join();       // until no request runs
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "daemon/async/event.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/control/connection.hpp"
#include "daemon/control/methods.hpp"

namespace sim52xx::daemon::control {

inline constexpr std::size_t clients_limit = 1200;

class Server {
 public:
  // `methods` is complete and outlives the server. `failed` is called for an internal error.
  Server(Runtime& runtime, const Methods& methods, Groups groups, std::function<void()> failed);

  // Makes the socket and accepts from now on.
  Result<void> listen(const std::string& path);
  // Accepts on a listening socket that somebody else has made.
  Result<void> adopt(Fd socket);

  // Until every request is answered and every answer sent, but not beyond `until`.
  asio::awaitable<void> finish(Time until);
  // Closes every connection and the socket, and removes its file if listen() made it.
  void stop();
  // Until nothing of the server runs any more; a request runs as long as its handler does.
  asio::awaitable<void> join();

  // Tells every client that is still there.
  void for_each(const std::function<void(Client&)>& visit);
  [[nodiscard]] std::size_t clients() const { return clients_; }

 private:
  using Protocol = boost::asio::local::stream_protocol;

  asio::awaitable<void> accept();
  asio::awaitable<void> pause();
  void serve(Protocol::socket socket);
  void turn_away(Protocol::socket& socket, pid_t pid);
  std::vector<std::shared_ptr<Connection>> connections();

  Runtime& runtime_;
  const Methods& methods_;
  const Groups groups_;
  TaskGroup tasks_;
  Protocol::acceptor acceptor_;
  std::string path_;                                    // of the file to remove; empty: none
  std::vector<std::weak_ptr<Connection>> connections_;  // swept when it has doubled
  std::size_t clients_ = 0;
  std::uint64_t turned_away_ = 0;
  Time warned_{};  // of those
  std::size_t sweep_at_ = 64;
  Event stopped_;
  Event progress_;  // of any connection
  bool stopping_ = false;
};

}  // namespace sim52xx::daemon::control
