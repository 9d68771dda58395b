// One data socket NAME.sock: listens from the start, whatever the modem does, and gives each client
// a Connection of its own.
#pragma once

#include <filesystem>
#include <list>
#include <optional>

#include <boost/asio/local/stream_protocol.hpp>

#include "daemon/proxy/connection.hpp"

namespace sim52xx::daemon {

// How the last failed connection ended.
struct LastError {
  LastError(Error e, std::chrono::system_clock::time_point t) : error(std::move(e)), time(t) {}
  Error error;
  std::chrono::system_clock::time_point time;
};

// The last client that had a session, or failed to get one.
struct LastSession {
  std::optional<int> session;  // nullopt: it got none
  std::string mode;
  std::uint64_t up = 0;
  std::uint64_t down = 0;
  std::optional<Peer> client;
  Time since{};
  Time until{};
  std::string reason;
};

class EndpointServer {
 public:
  EndpointServer(ProxyContext context, const config::Endpoint& endpoint,
                 const config::StackTimeouts& timeouts);

  // Creates the socket; the error says why that cannot be.
  Result<void> listen(const std::filesystem::path& runtime_dir);
  // Takes a listening socket that somebody else has made, and whose file is not ours to remove.
  void adopt(Fd socket);
  // Accepts until stop().
  asio::awaitable<void> run();
  // No new clients, and the present ones are ended; the socket file, if it is ours, is removed.
  void stop();
  // Until no client is left.
  asio::awaitable<void> drained();

  // For clients from now on; the name stays.
  void set_endpoint(const config::Endpoint& endpoint);
  [[nodiscard]] const config::Endpoint& endpoint() const { return *endpoint_; }
  [[nodiscard]] const std::list<Connection>& connections() const { return connections_; }
  [[nodiscard]] const std::optional<LastError>& last_error() const { return last_error_; }
  [[nodiscard]] const std::optional<LastSession>& last_session() const { return last_session_; }
  [[nodiscard]] std::uint64_t accepted() const { return accepted_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }
  // Bytes to and from the peers of all clients that have left.
  [[nodiscard]] std::uint64_t up() const { return up_; }
  [[nodiscard]] std::uint64_t down() const { return down_; }

 private:
  asio::awaitable<void> serve(std::list<Connection>::iterator connection);
  void remember(const Connection& connection);
  asio::awaitable<void> pause();

  ProxyContext context_;
  std::shared_ptr<const config::Endpoint> endpoint_;
  const config::StackTimeouts& timeouts_;
  std::filesystem::path path_;  // of the file to remove; empty: none
  std::optional<asio::local::stream_protocol::acceptor> acceptor_;
  std::list<Connection> connections_;
  Event left_;  // a client was let go
  std::optional<LastError> last_error_;
  std::optional<LastSession> last_session_;
  std::uint64_t accepted_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t up_ = 0;
  std::uint64_t down_ = 0;
};

}  // namespace sim52xx::daemon
