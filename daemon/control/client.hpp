// The connection behind a call, as handlers see it. Lives as long as somebody holds it, but may be
// gone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "daemon/system/unix_socket.hpp"

namespace sim52xx::daemon::control {

// Notifications that wait outside of the connection, where they are counted and forgotten, until
// the client has read what came before.
class Feed {
 public:
  virtual ~Feed() = default;
  // The next line, with its LF; nullopt: there is none now.
  virtual std::optional<std::string> next_line() = 0;
};

class Client {
 public:
  using Token = std::uint64_t;

  virtual ~Client() = default;

  [[nodiscard]] virtual const Peer& peer() const = 0;
  [[nodiscard]] virtual bool is_admin() const = 0;
  // Queues a notification; false: the client is gone, perhaps because it did not read.
  virtual bool notify(std::string_view method, nlohmann::json params) = 0;
  // Bytes that it has not taken yet.
  [[nodiscard]] virtual std::size_t backlog() const = 0;
  [[nodiscard]] virtual bool gone() const = 0;
  // Called once when it is gone, at once where it is; must not wait. The token takes it back.
  virtual Token on_gone(std::function<void()> callback) = 0;
  virtual void forget(Token token) = 0;
  // A client that has finished writing is let go when all is answered, unless it is kept (it has
  // subscribed to something).
  virtual void keep() = 0;
  // Lines for it from now on; in place of the feed that it had.
  virtual void set_feed(std::shared_ptr<Feed> feed) = 0;
  // The feed has something.
  virtual void wake() = 0;
};

// Client::on_gone() for as long as this lives.
class GoneWatch {
 public:
  GoneWatch(std::shared_ptr<Client> client, std::function<void()> callback)
      : client_(std::move(client)), token_(client_->on_gone(std::move(callback))) {}
  GoneWatch(const GoneWatch&) = delete;
  GoneWatch& operator=(const GoneWatch&) = delete;
  ~GoneWatch() { client_->forget(token_); }

 private:
  std::shared_ptr<Client> client_;
  Client::Token token_;
};

}  // namespace sim52xx::daemon::control
