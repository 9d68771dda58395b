// What is done with a line and a bridge, and measured. Every byte is compared. Each phase returns
// its figures as the members of a JSON object.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/pipe/line.hpp"

namespace sim52xx::bench {

// Pseudo-random bytes with, every 4 KiB, what a terminal that is not raw would change, and a
// modem's own words.
std::vector<char> make_payload(std::size_t size);

class Phases {
 public:
  Phases(const Line& line, std::size_t most) : line_(line), payload_(make_payload(most + 65536)) {}

  // `size` bytes from the modem to the application (down), from the application (up), or both.
  std::string bulk(bool down, bool up, std::size_t size);
  // There and back, `count` times: application, modem, application.
  std::string echo(std::size_t size, int count);
  // Both ways at once, at the rate of a line of `baud` bits a second.
  std::string paced(double baud, double seconds);

 private:
  const Line& line_;
  std::vector<char> payload_;
};

}  // namespace sim52xx::bench
