#include "tests/emulator/io/tls_network.hpp"

#include <utility>

#include "tests/emulator/io/log.hpp"

namespace sim52xx::sim {
namespace {

std::string name_of(int channel) {
  return channel == https_channel ? "https" : "session " + std::to_string(channel);
}

}  // namespace

TlsConnection::Events TlsNetwork::events_of(int session, std::uint64_t serial) {
  const auto current = [this, session, serial] {
    return serials_.at(static_cast<std::size_t>(session)) == serial;
  };
  const std::string label = name_of(session) + ": ";
  return {
      [this, session, current, label] {
        if (!current()) return;
        say(label + "open");
        events_->opened(session);
        settle_();
      },
      [this, session, current, label](std::uint32_t bits) {
        if (!current()) return;
        say(label + "certificate alert " + std::to_string(bits));
        events_->alerted(session, bits);
        settle_();
      },
      [this, session, current, label](std::optional<std::uint32_t> bits, const std::string& why) {
        if (!current()) return;
        say(label + why);
        at(session).reset();
        events_->failed(session, bits);
        settle_();
      },
      [this, session, current](std::string_view bytes) {
        if (!current()) return;
        events_->received(session, bytes);
        settle_();
      },
      [this, session, current] {
        if (!current()) return;
        events_->sent(session);
        settle_();
      },
      [this, session, current, label](const std::string& how) {
        if (!current()) return;
        say(label + how);
        events_->peer_closed(session);
        settle_();
      }};
}

void TlsNetwork::open(int session, const std::string& host, std::uint16_t port) {
  abort(session);
  std::string address = host;
  std::uint16_t target = port;
  if (const auto mapped = options_.map.find({host, port}); mapped != options_.map.end()) {
    address = mapped->second.first;
    target = mapped->second.second;
  }
  say(name_of(session) + ": opening " + host + ":" + std::to_string(port));
  const auto serial = serials_.at(static_cast<std::size_t>(session));
  at(session) = std::make_shared<TlsConnection>(io_, *context_, host, events_of(session, serial));
  at(session)->start(address, target);
}

void TlsNetwork::resume(int session) {
  if (at(session)) at(session)->resume();
}

void TlsNetwork::send(int session, std::string_view bytes) {
  if (at(session)) at(session)->send(bytes);
}

std::size_t TlsNetwork::unsent(int session) const {
  const auto& connection = connections_.at(static_cast<std::size_t>(session));
  return connection ? connection->unsent() : 0;
}

void TlsNetwork::allow_receive(int session, bool allowed) {
  if (at(session)) at(session)->allow_receive(allowed);
}

void TlsNetwork::close(int session) {
  ++serials_.at(static_cast<std::size_t>(session));
  if (const auto connection = std::exchange(at(session), nullptr)) connection->close();
}

void TlsNetwork::abort(int session) {
  ++serials_.at(static_cast<std::size_t>(session));
  if (const auto connection = std::exchange(at(session), nullptr)) connection->abort();
}

bool TlsNetwork::drop_peer(int session) {
  const auto connection = std::exchange(at(session), nullptr);
  if (!connection) return false;
  ++serials_.at(static_cast<std::size_t>(session));
  connection->abort();
  say(name_of(session) + ": dropped on demand");
  events_->peer_closed(session);
  settle_();
  return true;
}

}  // namespace sim52xx::sim
