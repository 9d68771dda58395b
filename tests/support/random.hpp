// A small generator with a fixed seed: the same cases on every machine and with every library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sim52xx::test {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 2 + 1) {}

  // splitmix64
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  // lowest..highest, both included.
  std::size_t between(std::size_t lowest, std::size_t highest) {
    return lowest + static_cast<std::size_t>(next() % (highest - lowest + 1));
  }

  bool one_in(std::size_t n) { return between(1, n) == 1; }

  template <class Table>
  const auto& pick(const Table& table) {
    return table[between(0, std::size(table) - 1)];
  }

  char byte() { return static_cast<char>(next() & 0xffU); }

  // The first part of `rest`, of random length, which is cut off.
  std::string_view piece(std::string_view& rest, std::size_t most) {
    const std::string_view part = rest.substr(0, between(1, most));
    rest.remove_prefix(part.size());
    return part;
  }

 private:
  std::uint64_t state_;
};

}  // namespace sim52xx::test
