// Bytes that wait to be written, in order. Gives its memory back when it has run empty.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sim52xx::daemon {

class ByteQueue {
 public:
  [[nodiscard]] bool empty() const { return head_ == bytes_.size(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size() - head_; }
  // Valid until the next push() or pop().
  [[nodiscard]] std::string_view view() const { return std::string_view(bytes_).substr(head_); }

  void push(std::string_view bytes) {
    if (head_ > bytes_.size() / 2) {
      bytes_.erase(0, head_);
      head_ = 0;
    }
    bytes_.append(bytes);
  }

  void pop(std::size_t count) {
    head_ += count;
    if (!empty()) return;
    head_ = 0;
    bytes_.clear();
    if (bytes_.capacity() > keep) bytes_.shrink_to_fit();
  }

  void clear() { pop(size()); }

 private:
  static constexpr std::size_t keep = 16384;

  std::string bytes_;
  std::size_t head_ = 0;
};

}  // namespace sim52xx::daemon
