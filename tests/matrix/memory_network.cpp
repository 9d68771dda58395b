#include "tests/matrix/memory_network.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace sim52xx::test {
namespace {

using namespace std::chrono_literals;

constexpr auto handshake = 300ms;
constexpr auto thought = 40ms;         // between a question and its answer
constexpr std::size_t segment = 1400;  // bytes that arrive together

}  // namespace

void Later::after(Duration delay, std::function<void()> call) {
  std::erase_if(timers_, [](const auto& timer) { return !timer->armed(); });
  // Not from within the timer, which the call may forget.
  timers_.push_back(std::make_unique<daemon::Timer>(
      stage_.runtime.timers,
      [this, call = std::move(call)] { asio::post(stage_.runtime.io, call); }));
  timers_.back()->arm(stage_.now() + delay);
}

MemoryNetwork::MemoryNetwork(Stage& stage) : stage_(stage) {
  stage_.add([this] { return deliver(); });
}

void MemoryNetwork::open(int session, const std::string& host, std::uint16_t port) {
  Line& to = line(session);
  const auto number = ++to.number;
  const bool known = host == server_name && port == 443;
  later_.after(handshake, [this, session, number, known] { opened(session, number, known); });
}

void MemoryNetwork::opened(int session, std::uint64_t number, bool known) {
  Line& to = line(session);
  if (to.number != number) return;
  if (!known) {
    modem_->network_events().failed(session, std::nullopt);
    modem_->settle(stage_.now().time_since_epoch());
    return;
  }
  to.open = true;
  to.closing = false;
  to.waiting.clear();
  to.index = connections_.size();
  connections_.push_back({session, {}, {}});
  modem_->network_events().opened(session);
  modem_->settle(stage_.now().time_since_epoch());
}

void MemoryNetwork::send(int session, std::string_view bytes) {
  Line& to = line(session);
  if (!to.open) return;
  connections_.at(to.index).heard += bytes;
  later_.after(thought, [this, session, number = to.number] { ask(session, number); });
}

void MemoryNetwork::ask(int session, std::uint64_t number) {
  Line& to = line(session);
  if (!to.open || to.number != number || to.closing || !to.server) return;
  Connection& connection = connections_.at(to.index);
  const Reply reply = to.server(connection);
  connection.said += reply.words;
  to.waiting += reply.words;
  to.closing = reply.closes;
}

void MemoryNetwork::close_peers() {
  for (Line& to : lines_)
    if (to.open) to.closing = true;
}

void MemoryNetwork::abort(int session) {
  Line& to = line(session);
  ++to.number;
  to.open = false;
  to.waiting.clear();
}

bool MemoryNetwork::idle() const {
  return std::ranges::none_of(lines_, &Line::open);
}

bool MemoryNetwork::deliver() {
  bool moved = false;
  for (int session = 0; session < sim::channels; ++session)
    moved = deliver(session) || moved;
  return moved;
}

bool MemoryNetwork::deliver(int session) {
  Line& to = line(session);
  if (!to.open) return false;
  if (!to.waiting.empty()) {
    if (!to.allowed) return false;
    const std::string piece = to.waiting.substr(0, segment);
    to.waiting.erase(0, piece.size());
    modem_->network_events().received(session, piece);
  } else if (to.closing) {
    to.open = false;
    modem_->network_events().peer_closed(session);
  } else {
    return false;
  }
  modem_->settle(stage_.now().time_since_epoch());
  return true;
}

}  // namespace sim52xx::test
