#include "daemon/body/memory.hpp"

namespace sim52xx::daemon {

asio::awaitable<Result<std::size_t>> MemorySource::read(char* to, std::size_t most) {
  if (cancelled_) co_return body_cancelled();
  const std::size_t count = bytes_.copy(to, most, position_);
  position_ += count;
  co_return count;
}

bool MemorySource::rewind() {
  position_ = 0;
  return true;
}

Error body_cancelled() {
  return {ErrorKind::cancelled, "body", "the body is no longer wanted"};
}

}  // namespace sim52xx::daemon
