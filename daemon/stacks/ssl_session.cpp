#include "daemon/stacks/ssl_session.hpp"

#include <array>
#include <utility>

namespace sim52xx::daemon {

std::string_view name(SslSession::State state) {
  constexpr std::array<std::string_view, 4> names{"closed", "opening", "open", "closing"};
  return names.at(static_cast<std::size_t>(state));
}

std::string_view name(SslSession::Mode mode) {
  return mode == SslSession::Mode::transparent ? "transparent" : "counted";
}

SslSession::SslSession(Runtime& runtime, Channel& channel, int number)
    : id(number), changed(runtime), runtime_(runtime), channel_(channel),
      stall_timer_(runtime.timers, [this] { stalled(); }) {}

void SslSession::begin(Mode wanted, std::size_t limit, Duration stall, const SslSession& other) {
  end();
  stall_ = stall;
  other_ = &other;
  state = State::opening;
  mode = wanted;
  limit_ = limit;
  down_.clear();
  peer_closed = false;
  failure.reset();
  alert.reset();
  received = sent = dropped = events = alerts = 0;
  outstanding = 0;
}

void SslSession::fail(Error error) {
  if (state == State::closed || failure) return;
  failure = std::move(error);
  release_line();
  changed.notify();
}

void SslSession::spoil(Error error) {
  if (state != State::closed) down_.clear();
  fail(std::move(error));
}

void SslSession::end() {
  state = State::closed;
  sink = nullptr;
  release_line();
  changed.notify();
}

void SslSession::deliver(std::string_view bytes) {
  if (bytes.empty()) return;
  if (failure) {
    dropped += bytes.size();
    return;
  }
  received += bytes.size();
  if (sink != nullptr && down_.empty()) bytes.remove_prefix(sink->take(bytes));
  if (bytes.empty() || state == State::closed) return;
  down_.push(bytes);
  if (down_.size() >= limit_) hold_line();
  changed.notify();
}

// The user is slow. The modem is told to wait where it listens to that; where it does not, holding
// would lose bytes in the kernel without anybody knowing.
void SslSession::hold_line() {
  if (holding_ || failure) return;
  if (channel_.port() == nullptr || !channel_.port()->flow_controlled()) {
    fail(Error(ErrorKind::limit, "receive",
               "the client reads too slowly: more than buffer_limit (" + std::to_string(limit_) +
                   " bytes) waited, and the line has no flow control to slow the peer down"));
    return;
  }
  holding_ = true;
  channel_.hold();
  stall_timer_.arm(runtime_.now() + stall_);
}

void SslSession::stalled() {
  if (!holding_) return;
  if (other_->state == State::closed) {  // it only harms itself
    stall_timer_.arm(runtime_.now() + stall_);
    return;
  }
  fail(Error(ErrorKind::limit, "receive",
             "the client held up the line for stall_timeout while the other session needed it; " +
                 std::to_string(down_.size()) + " bytes could not be delivered"));
}

void SslSession::pop(std::size_t count) {
  down_.pop(count);
  if (down_.size() < limit_ / 2) release_line();
}

void SslSession::release_line() {
  if (!std::exchange(holding_, false)) return;
  stall_timer_.cancel();
  channel_.release();
}

}  // namespace sim52xx::daemon
