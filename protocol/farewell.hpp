// The lines a modem prints when it leaves the transparent mode, and those it may print behind them,
// found in a stream in which the peer may have said the same. The parts of CloseDetector that know
// no time.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sim52xx {

// Something at the end of a stream that may be the modem's. Positions in the stream; npos: none.
struct Suspicion {
  std::size_t start = std::string_view::npos;  // where what must be held begins
  std::string_view words{};                    // the suspicious line; empty: a beginning only
  std::size_t lines = std::string_view::npos;  // the CR LF before what came behind that
  std::size_t guest = std::string_view::npos;  // ... before the first block of session 1
};

// A line that may be one of them when it is complete: the last one of `tail`, `rest`, which begins
// behind the CR LF at `mark`.
Suspicion find_beginning(std::string_view tail, std::string_view rest, std::size_t mark);

// `tail` is the end of the stream; `first`: it begins at the beginning of a line; `guest`: session
// 1 is open.
Suspicion find_suspicion(std::string_view tail, bool first, bool guest);

struct Farewell {
  std::size_t start;       // of the CR LF before it
  std::string_view words;  // its line; of two the one that is no report ("+CSSLCLOSE: 0")
  bool joined = false;     // only the modem's lines between it and the one before
};

// The modem's farewell in `stream`, which ends with it and what the modem said since; behind all of
// it where there is none. Counted from the end: the same kind of line a second time is data.
Farewell find_farewell(std::string_view stream, bool first);

// How much of `lines`, in whole lines and blocks, a modem in command mode may have printed that was
// asked nothing; nullopt: none of it.
std::optional<std::size_t> unasked_lines(std::string_view lines);

}  // namespace sim52xx
