// Bytes on their way from a reader to a writer that takes them at its own pace: read into the place
// they are written from. Of a fixed size, taken when it is first read into.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace sim52xx::daemon {

class TransferBuffer {
 public:
  static constexpr std::size_t capacity = 32768;

  [[nodiscard]] bool empty() const { return begin_ == end_; }
  [[nodiscard]] std::size_t size() const { return end_ - begin_; }
  // Valid until the next room().
  [[nodiscard]] std::string_view view() const { return {place_.get() + begin_, size()}; }

  // Where more can be read to: at least half of what is free. Then tell by added() what came.
  [[nodiscard]] std::span<char> room() {
    if (!place_) place_ = std::make_unique_for_overwrite<char[]>(capacity);
    if (begin_ > capacity - end_) {
      std::memmove(place_.get(), place_.get() + begin_, size());
      end_ = size();
      begin_ = 0;
    }
    return {place_.get() + end_, capacity - end_};
  }
  void added(std::size_t count) { end_ += count; }

  void pop(std::size_t count) {
    begin_ += count;
    if (empty()) begin_ = end_ = 0;
  }

 private:
  std::unique_ptr<char[]> place_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace sim52xx::daemon
