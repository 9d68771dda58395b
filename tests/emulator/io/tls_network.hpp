// The Network of the program: channels over real TCP and TLS.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "tests/emulator/core/network.hpp"
#include "tests/emulator/io/outside.hpp"
#include "tests/emulator/io/tls_connection.hpp"

namespace sim52xx::sim {

class TlsNetwork final : public Network {
 public:
  TlsNetwork(asio::io_context& io, const OutsideOptions& options)
      : io_(io), options_(options), context_(make_context(options)) {}

  // Where events go, and what to call after each.
  void listen(NetworkEvents& events, std::function<void()> settle) {
    events_ = &events;
    settle_ = std::move(settle);
  }
  // The peer of that session closes now, as far as the modem can tell.
  bool drop_peer(int session);

  void open(int session, const std::string& host, std::uint16_t port) override;
  void resume(int session) override;
  void send(int session, std::string_view bytes) override;
  [[nodiscard]] std::size_t unsent(int session) const override;
  void allow_receive(int session, bool allowed) override;
  void close(int session) override;
  void abort(int session) override;

 private:
  std::shared_ptr<TlsConnection>& at(int session) {
    return connections_.at(static_cast<std::size_t>(session));
  }
  TlsConnection::Events events_of(int session, std::uint64_t serial);

  asio::io_context& io_;
  const OutsideOptions& options_;
  SslContextPtr context_;
  NetworkEvents* events_ = nullptr;
  std::function<void()> settle_;
  std::array<std::shared_ptr<TlsConnection>, channels> connections_;
  std::array<std::uint64_t, channels>
      serials_{};  // a closed connection's events are not the next one's
};

}  // namespace sim52xx::sim
