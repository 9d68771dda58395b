// One client of a data socket, from accept to close: waits for its session, opens it, moves the
// bytes, ends it. A failure resets the client, an orderly end is EOF.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/async/descriptor_wait.hpp"
#include "daemon/async/event.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/async/transfer_buffer.hpp"
#include "daemon/config/config.hpp"
#include "daemon/stacks/ssl_stack.hpp"
#include "daemon/system/fd.hpp"
#include "daemon/system/unix_socket.hpp"

namespace sim52xx::daemon {

class Connection;

// Whoever tells the world of connections. Must not wait.
class ConnectionWatcher {
 public:
  virtual ~ConnectionWatcher() = default;
  virtual void on_opening(const Connection& connection) = 0;
  virtual void on_open(const Connection& connection) = 0;
  virtual void on_closed(const Connection& connection) = 0;
};

// What a connection needs of the house.
struct ProxyContext {
  Runtime& runtime;
  Modem& modem;
  SslStack& stack;
  Arbiter& arbiter;
  TaskGroup& tasks;
  ConnectionWatcher* watcher = nullptr;  // may be none
};

class Connection final : public ArbiterUser, private DataSink {
 public:
  // `endpoint` stays as it is for this client, whatever becomes of the configuration. The socket
  // does not block.
  Connection(ProxyContext& context, std::shared_ptr<const config::Endpoint> endpoint,
             const config::StackTimeouts& timeouts, Fd socket);

  // The whole life. Afterwards error() tells why it failed, if it did.
  asio::awaitable<void> run();
  // Called when it has ended and its client does not know it yet.
  void on_end(std::function<void()> call) { on_end_ = std::move(call); }

  // Ends it soon and orderly: the daemon stops.
  void stop();
  void evict(const std::string& why) override;
  [[nodiscard]] bool gone() const override { return left() || ending_; }
  [[nodiscard]] std::optional<Time> last_byte() const override;

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const std::optional<Peer>& peer() const { return peer_; }
  [[nodiscard]] Time since() const { return since_; }
  // The session it has, if it has one.
  [[nodiscard]] const Lease& lease() const { return lease_; }
  [[nodiscard]] const SslSession* open_session() const;
  [[nodiscard]] const Target& target() const { return target_; }
  // Why it has ended, in a word: the kind of the error, "peer_closed", "client_closed" or
  // "half_close_timeout".
  [[nodiscard]] std::string_view reason() const;
  // Bytes to and from the peer, once it has ended.
  [[nodiscard]] std::uint64_t up() const { return up_bytes_; }
  [[nodiscard]] std::uint64_t down() const { return down_bytes_; }

 private:
  std::size_t take(std::string_view bytes) override;

  asio::awaitable<Result<void>> connect();
  asio::awaitable<Result<void>> acquire();
  asio::awaitable<Result<void>> wait_modem();
  asio::awaitable<Result<void>> open();
  asio::awaitable<void> relay();
  asio::awaitable<void> watch_hangup();
  asio::awaitable<void> await_request();
  asio::awaitable<void> watch_request();
  [[nodiscard]] bool replies() const;
  [[nodiscard]] bool left() const { return gone_ || stopping_; }
  [[nodiscard]] bool relayed() const { return last_byte_ != Time{}; }
  asio::awaitable<void> read_client();
  bool read_some();
  std::optional<std::size_t> peek(std::span<char> room);
  void consume_peeked();
  asio::awaitable<void> send_up();
  asio::awaitable<void> send_down();
  [[nodiscard]] bool finished();
  [[nodiscard]] Time next_timeout() const;
  void check_timeouts();
  void end(std::optional<Error> error);
  void close_client();
  void give_back();
  SslSession& session();

  ProxyContext& context_;
  const std::shared_ptr<const config::Endpoint> kept_endpoint_;
  const config::Endpoint& endpoint_;
  const config::StackTimeouts& timeouts_;
  Target target_;
  Fd socket_;
  Fd copy_;  // of the socket, for writable_
  ReadWait readable_;
  WriteWait writable_;
  bool more_ = true;  // there may be something to read without a wait
  bool end_unseen_ = false;  // the client's end may have come with what was read last
  Timer end_look_;
  std::optional<Peer> peer_;
  Time since_;
  Event changed_;
  Event pumped_;  // into up_ or out of it, as far as one of the two waits for that
  TaskGroup tasks_;
  std::function<void()> on_end_;
  Lease lease_;
  TransferBuffer up_;       // from the client, not yet taken by the modem
  std::size_t peeked_ = 0;  // bytes that were read but are left in the socket
  unsigned pieces_ = 0;     // ... in so many reads
  std::optional<Error> error_;
  std::uint64_t up_bytes_ = 0;
  std::uint64_t down_bytes_ = 0;
  Time last_byte_{};  // either way
  Time half_closed_at_{};
  bool client_eof_ = false;       // it will not send any more
  bool sent_all_ = false;         // ... and all it sent has gone
  bool down_done_ = false;        // the peer's end has been reached and delivered
  bool asked_ = false;            // it has written something
  bool answered_ = false;         // it has got bytes of the peer
  bool half_closed_out_ = false;  // half_close_timeout
  bool gone_ = false;             // it cannot receive any more either
  bool stopping_ = false;
  bool ending_ = false;
};

}  // namespace sim52xx::daemon
