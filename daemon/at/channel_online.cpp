// Channel while the line is in transparent mode: bytes of the session straight through, and the way
// back to commands.
#include <utility>

#include "daemon/at/channel.hpp"

namespace sim52xx::daemon {

std::size_t Channel::write_online(std::string_view bytes) {
  if (!attached()) return 0;
  const std::size_t count = port_->write_some(bytes);
  counters_.written += count;
  if (watcher_ != nullptr) watcher_->on_payload_sent(bytes.substr(0, count));
  return count;
}

asio::awaitable<bool> Channel::online_writable(Time deadline) {
  return port_->writable(deadline);
}

asio::awaitable<bool> Channel::write_all_online(std::string_view bytes, Time deadline) {
  if (!attached()) co_return false;
  counters_.written += bytes.size();
  show_sent(bytes);
  const bool sent = co_await port_->write_all(bytes, deadline);
  co_return sent;
}

void Channel::leave_online(std::string_view rest) {
  online_ = false;
  framer_.reset();
  order_framer();
  feed_again(rest);
  changed_.notify();
}

}  // namespace sim52xx::daemon
