#include "daemon/control/line_buffer.hpp"

#include <utility>

namespace sim52xx::daemon::control {

void LineBuffer::push(std::string_view bytes) {
  if (too_long_) {
    skip(bytes);
    return;
  }
  compact();
  bytes_.append(bytes);
}

std::optional<std::string> LineBuffer::next() {
  if (too_long_) return std::nullopt;
  const std::size_t end = bytes_.find('\n', scanned_);
  const std::size_t length = (end == std::string::npos ? bytes_.size() : end) - start_;
  if (length > line_limit) {
    too_long_ = true;
    over_ = end != std::string::npos;
    bytes_ = std::string();
    start_ = scanned_ = 0;
    return std::nullopt;
  }
  if (end == std::string::npos) {
    scanned_ = bytes_.size();
    return std::nullopt;
  }
  std::string line = bytes_.substr(start_, length);
  start_ = scanned_ = end + 1;
  return line;
}

std::string LineBuffer::rest() {
  compact();
  start_ = scanned_ = 0;
  return std::exchange(bytes_, {});
}

void LineBuffer::skip(std::string_view bytes) {
  constexpr std::size_t patience = 16 * line_limit;
  skipped_ += bytes.size();
  over_ = over_ || skipped_ > patience || bytes.find('\n') != std::string_view::npos;
}

void LineBuffer::compact() {
  if (start_ == 0) return;
  bytes_.erase(0, start_);
  scanned_ -= start_;
  start_ = 0;
  constexpr std::size_t keep = 65536;  // a long line is rare; do not keep its memory
  if (bytes_.capacity() > keep && bytes_.size() < keep / 2) bytes_.shrink_to_fit();
}

}  // namespace sim52xx::daemon::control
