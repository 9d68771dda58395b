// The outside of the modem, as its core sees it: TLS connections, one per channel. The program's
// is real; tests have one of their own. FTPS has an outside of its own (ftp_client.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim52xx::sim {

// Channels 0 and 1 are the sessions of the SSL stack.
inline constexpr int https_channel = 2;
inline constexpr int channels = 3;

class Network {
 public:
  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  virtual ~Network() = default;

  // Begins to connect; ends in opened(), alerted() or failed() of NetworkEvents, never at once.
  virtual void open(int session, const std::string& host, std::uint16_t port) = 0;
  // Goes on after alerted(), in spite of the certificate.
  virtual void resume(int session) = 0;
  // Takes bytes for the peer, all of them.
  virtual void send(int session, std::string_view bytes) = 0;
  // How many of them have not left yet.
  [[nodiscard]] virtual std::size_t unsent(int session) const = 0;
  // Whether received() may be called: flow control towards the peer.
  virtual void allow_receive(int session, bool allowed) = 0;
  // Sends what is left, then closes; no event for this session follows.
  virtual void close(int session) = 0;
  // Drops the connection as a power failure would.
  virtual void abort(int session) = 0;
};

class NetworkEvents {
 public:
  NetworkEvents() = default;
  NetworkEvents(const NetworkEvents&) = delete;
  NetworkEvents& operator=(const NetworkEvents&) = delete;
  virtual ~NetworkEvents() = default;

  virtual void opened(int session) = 0;
  // The certificate is not what it should be; bits as in the note's chapter 5.2.
  virtual void alerted(int session, std::uint32_t bits) = 0;
  // No session came of it. With bits: the handshake failed; without: there was no connection.
  virtual void failed(int session, std::optional<std::uint32_t> bits) = 0;
  virtual void received(int session, std::string_view bytes) = 0;
  // Some bytes have left: unsent() is smaller.
  virtual void sent(int session) = 0;
  virtual void peer_closed(int session) = 0;
};

// Hands the events of a channel to the stack that owns it.
class NetworkRouter final : public NetworkEvents {
 public:
  NetworkRouter(NetworkEvents& ssl, NetworkEvents& https) : ssl_(ssl), https_(https) {}

  void opened(int channel) override { of(channel).opened(channel); }
  void alerted(int channel, std::uint32_t bits) override { of(channel).alerted(channel, bits); }
  void failed(int channel, std::optional<std::uint32_t> bits) override {
    of(channel).failed(channel, bits);
  }
  void received(int channel, std::string_view bytes) override {
    of(channel).received(channel, bytes);
  }
  void sent(int channel) override { of(channel).sent(channel); }
  void peer_closed(int channel) override { of(channel).peer_closed(channel); }

 private:
  NetworkEvents& of(int channel) { return channel == https_channel ? https_ : ssl_; }

  NetworkEvents& ssl_;
  NetworkEvents& https_;
};

}  // namespace sim52xx::sim
