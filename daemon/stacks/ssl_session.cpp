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

void SslSession::begin(Mode wanted, std::size_t limit) {
  end();
  state = State::opening;
  mode = wanted;
  limit_ = limit;
  down_.clear();
  peer_closed = false;
  failure.reset();
  alert.reset();
  received = sent = events = alerts = 0;
}

void SslSession::fail(Error error) {
  if (state == State::closed || failure) return;
  failure = std::move(error);
  changed.notify();
}

void SslSession::end() {
  state = State::closed;
  sink = nullptr;
  release_line();
  changed.notify();
}

void SslSession::deliver(std::string_view bytes) {
  if (bytes.empty()) return;
  received += bytes.size();
  if (sink != nullptr && down_.empty()) bytes.remove_prefix(sink->take(bytes));
  if (bytes.empty() || state == State::closed) return;
  down_.push(bytes);
  if (!holding_ && down_.size() >= limit_) {
    holding_ = true;
    channel_.hold();
  }
  changed.notify();
}

void SslSession::pop(std::size_t count) {
  down_.pop(count);
  if (down_.size() < limit_ / 2) release_line();
}

void SslSession::release_line() {
  if (!std::exchange(holding_, false)) return;
  channel_.release();
}

}  // namespace sim52xx::daemon
