// Every way a stream may arrive: in one piece, byte by byte, and cut in two at every offset.
// What a test expects must not depend on it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sim52xx::test {

using Pieces = std::vector<std::string_view>;

// Calls body(pieces) for each split of `bytes`; a failure names the split.
template <class Body>
void for_each_split(std::string_view bytes, Body body) {
  {
    SCOPED_TRACE("in one piece");
    body(Pieces{bytes});
  }
  {
    SCOPED_TRACE("byte by byte");
    Pieces pieces;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      pieces.push_back(bytes.substr(i, 1));
    body(std::as_const(pieces));
  }
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    SCOPED_TRACE("cut at " + std::to_string(cut));
    body(Pieces{bytes.substr(0, cut), bytes.substr(cut)});
  }
}

inline std::string join(std::span<const std::string> units) {
  std::string all;
  for (const std::string& unit : units)
    all += unit;
  return all;
}

// Calls body(bytes, place) for the units in one stream, and with `guest` before each of them and
// behind the last: the legal places for a line that the modem prints unasked. place is the number
// of units before it.
template <class Body>
void for_each_insertion(std::span<const std::string> units, std::string_view guest, Body body) {
  for (std::size_t place = 0; place <= units.size(); ++place) {
    SCOPED_TRACE("inserted before unit " + std::to_string(place));
    body(join(units.first(place)) + std::string(guest) + join(units.subspan(place)), place);
  }
}

}  // namespace sim52xx::test
