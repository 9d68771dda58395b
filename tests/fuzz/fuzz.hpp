// What every fuzzer of this folder needs: the input taken apart, and checks that stop the run.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace sim52xx::fuzz {

// The fuzzer's bytes, used up from the front: numbers first, the rest as text.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  // 0 to 255; 0 where nothing is left.
  unsigned byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  // Up to `most` bytes.
  std::string_view bytes(std::size_t most) {
    const auto piece = rest_.substr(0, most);
    rest_.remove_prefix(piece.size());
    return piece;
  }
  std::string_view rest() { return bytes(rest_.size()); }

 private:
  std::string_view rest_;
};

inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace sim52xx::fuzz
