#include "daemon/at/wire_ring.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

namespace sim52xx::daemon {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds at_once{2};
constexpr std::size_t grown = 4096;  // a record does not grow beyond

}  // namespace

WireRing::WireRing(std::size_t capacity)
    : capacity_(std::bit_ceil(capacity)),
      memory_(std::make_unique_for_overwrite<char[]>(capacity)) {}

void WireRing::add(Kind kind, Time at, std::string_view bytes) {
  bytes = bytes.substr(0, most_bytes);
  if (bytes.empty()) return;
  if (end_ == 0) before_ = latest_ = std::chrono::time_point_cast<milliseconds>(at);
  const auto after =
      std::clamp<std::int64_t>(std::chrono::duration_cast<milliseconds>(at - latest_).count(), 0,
                               std::numeric_limits<std::uint32_t>::max());
  if (!sealed_ && newest_.kind == kind && milliseconds(after) < at_once &&
      newest_.size + bytes.size() <= grown) {
    make_room(bytes.size());
    newest_.size = static_cast<std::uint16_t>(newest_.size + bytes.size());
  } else {
    make_room(header_size + bytes.size());
    last_ = std::exchange(end_, end_ + header_size);
    newest_ = {static_cast<std::uint32_t>(after), static_cast<std::uint16_t>(bytes.size()), kind};
    latest_ += milliseconds(after);
    sealed_ = false;
  }
  put_header(last_, newest_);
  put(end_, bytes.data(), bytes.size());
  end_ += bytes.size();
}

// The oldest give way. The newest is never among them: it is far smaller than the memory.
void WireRing::make_room(std::size_t size) {
  while (end_ + size - begin_ > capacity_) {
    const Header oldest = header_at(begin_);
    before_ += milliseconds(oldest.after);
    begin_ += header_size + oldest.size;
  }
}

WireRing::Header WireRing::header_at(std::uint64_t place) const {
  char raw[header_size];  // NOLINT: filled by get
  get(place, raw, header_size);
  Header header;
  std::memcpy(&header.after, raw, 4);
  std::memcpy(&header.size, raw + 4, 2);
  header.kind = static_cast<Kind>(raw[6]);
  return header;
}

void WireRing::put_header(std::uint64_t place, const Header& header) {
  char raw[header_size];  // NOLINT: filled below
  std::memcpy(raw, &header.after, 4);
  std::memcpy(raw + 4, &header.size, 2);
  raw[6] = static_cast<char>(header.kind);
  put(place, raw, header_size);
}

void WireRing::put(std::uint64_t place, const char* bytes, std::size_t size) {
  const std::size_t at = place & (capacity_ - 1);
  const std::size_t first = std::min(size, capacity_ - at);
  std::memcpy(memory_.get() + at, bytes, first);
  if (first < size) std::memcpy(memory_.get(), bytes + first, size - first);
}

void WireRing::get(std::uint64_t place, char* bytes, std::size_t size) const {
  const std::size_t at = place & (capacity_ - 1);
  const std::size_t first = std::min(size, capacity_ - at);
  std::memcpy(bytes, memory_.get() + at, first);
  if (first < size) std::memcpy(bytes + first, memory_.get(), size - first);
}

std::string WireRing::copy(std::uint64_t place, std::size_t size) const {
  std::string bytes(size, '\0');
  get(place, bytes.data(), size);
  return bytes;
}

}  // namespace sim52xx::daemon
