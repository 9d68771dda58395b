// Cuts what a client sends into lines, of bounded length.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sim52xx::daemon::control {

inline constexpr std::size_t line_limit = std::size_t{1} << 20U;

class LineBuffer {
 public:
  void push(std::string_view bytes);

  // The next line, without its LF.
  std::optional<std::string> next();
  // What stands after the last LF.
  std::string rest();

  // A line is longer than the limit: the stream is of no use any more.
  [[nodiscard]] bool too_long() const { return too_long_; }
  // That line has ended, or is so long that its end is not worth waiting for.
  [[nodiscard]] bool over() const { return over_; }
  // No line and no part of one is kept.
  [[nodiscard]] bool empty() const { return start_ == bytes_.size(); }

 private:
  void skip(std::string_view bytes);
  void compact();

  std::string bytes_;
  std::size_t start_ = 0;    // of the next line
  std::size_t scanned_ = 0;  // no LF from start_ to here
  std::size_t skipped_ = 0;
  bool too_long_ = false;
  bool over_ = false;
};

}  // namespace sim52xx::daemon::control
