// One TLS connection of the modem to the world. It lives until it is closed and everything that
// was left to send is gone, so that its session may be used again meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/io/asio.hpp"
#include "tests/emulator/io/tls_context.hpp"

namespace sim52xx::sim {

class TlsConnection : public std::enable_shared_from_this<TlsConnection> {
 public:
  // What the owner is told; nothing more after close() or abort().
  struct Events {
    std::function<void()> opened;
    std::function<void(std::uint32_t)> alerted;
    std::function<void(std::optional<std::uint32_t>, const std::string& why)> failed;
    std::function<void(std::string_view)> received;
    std::function<void()> sent;
    std::function<void(const std::string& how)> peer_closed;
  };

  TlsConnection(asio::io_context& io, SSL_CTX& context, std::string name, Events events);

  // `name` is checked and sent as server name; `address` and `port` are where to connect.
  void start(const std::string& address, std::uint16_t port);
  void resume();
  void send(std::string_view bytes);
  [[nodiscard]] std::size_t unsent() const { return out_.size(); }
  void allow_receive(bool allowed);
  void close();
  void abort();

 private:
  enum class Stage { connecting, handshake, suspended, open, closing, dead };

  void connect_next(const error_code& failure);
  void set_options();
  void connected();
  void drive();
  void post_drive();
  void handshake();
  void write_some();
  void read_some();
  void read_result(int error);
  void finish_closing();
  void die();
  void end(const std::string& how);
  void wait(asio::ip::tcp::socket::wait_type what, bool& waiting);
  void wait_for(int ssl_error);
  void fail(std::optional<std::uint32_t> bits, const std::string& why);

  asio::ip::tcp::resolver resolver_;
  asio::ip::tcp::resolver::results_type addresses_;
  asio::ip::tcp::resolver::results_type::iterator next_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer linger_;
  SSL_CTX& context_;
  std::string name_;
  Events events_;
  Verification verification_;
  SslPtr ssl_;
  Stage stage_ = Stage::connecting;
  std::string out_;
  bool allowed_ = true;
  bool said_goodbye_ = false;
  bool waiting_read_ = false;
  bool waiting_write_ = false;
};

}  // namespace sim52xx::sim
