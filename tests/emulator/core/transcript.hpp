// Reads dialogues of host and modem: the files of tests/traces, and what `sim52xxctl trace save`
// writes. The format is in CONTRIBUTING.md.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim52xx::sim {

struct Step {
  enum class Kind { host, modem, opened, closed, vanished };

  Kind kind = Kind::host;
  std::string bytes;
  std::vector<bool> masked;  // as long as `bytes`: these may be any
  std::optional<double> at;  // seconds, from some beginning on
  std::size_t line = 0;      // where it begins in the file, from 1 on
};

// Neighbours of the same kind and time are one step. Throws std::runtime_error, which names the
// line.
std::vector<Step> read_transcript(std::string_view text);

// Bytes as the format writes them.
std::string transcript_bytes(std::string_view bytes, const std::vector<bool>& masked = {});

}  // namespace sim52xx::sim
