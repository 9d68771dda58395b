// The last of what has passed the wire, in a fixed piece of memory: records of a kind, a time and
// some bytes; the oldest give way. Appending costs a copy and nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/async/timers.hpp"

namespace sim52xx::daemon {

class WireRing {
 public:
  enum class Kind : std::uint8_t { host, modem, event };

  struct Record {
    Kind kind = Kind::event;
    Time at{};
    std::string bytes;
    std::uint64_t next = 0;  // where the one behind it is
  };

  // `capacity`: of a power of two that much or more.
  explicit WireRing(std::size_t capacity);

  // Larger ones than most_bytes are cut. What follows the last record of the same kind at once may
  // become a part of it, unless seal() was called.
  static constexpr std::size_t most_bytes = 32768;
  void add(Kind kind, Time at, std::string_view bytes);
  void seal() { sealed_ = true; }

  // Places of records; they grow for ever.
  [[nodiscard]] std::uint64_t begin() const { return begin_; }
  [[nodiscard]] std::uint64_t end() const { return end_; }

  // Calls `each(record)` from the record at `from` (a place that was told, or an older one) until
  // it returns false.
  template <class Each>
  void read(std::uint64_t from, Each&& each) const {
    Time at = before_;
    for (std::uint64_t place = begin_; place < end_;) {
      const Header header = header_at(place);
      at += std::chrono::milliseconds(header.after);
      const std::uint64_t next = place + header_size + header.size;
      if (place >= from) {
        Record record{header.kind, at, copy(place + header_size, header.size), next};
        if (!each(record)) return;
      }
      place = next;
    }
  }

 private:
  struct Header {
    std::uint32_t after = 0;  // milliseconds since the record before
    std::uint16_t size = 0;
    Kind kind = Kind::event;
  };
  static constexpr std::size_t header_size = 7;

  [[nodiscard]] Header header_at(std::uint64_t place) const;
  void put_header(std::uint64_t place, const Header& header);
  void put(std::uint64_t place, const char* bytes, std::size_t size);
  void get(std::uint64_t place, char* bytes, std::size_t size) const;
  [[nodiscard]] std::string copy(std::uint64_t place, std::size_t size) const;
  void make_room(std::size_t size);

  std::size_t capacity_;
  std::unique_ptr<char[]> memory_;  // its pages are used when they are written to
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t last_ = 0;  // the newest record
  Header newest_{};         // ... its header
  Time before_{};           // of the record before the oldest
  Time latest_{};           // of the newest, in whole milliseconds
  bool sealed_ = true;
};

}  // namespace sim52xx::daemon
