// Command mode: collects what the host types into command lines, as V.250 has it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sim52xx::sim {

class LineEditor {
 public:
  // Longer lines are answered by ERROR. Host, user and password of 256 bytes each must fit.
  static constexpr std::size_t capacity = 2048;

  struct Line {
    std::string body;  // behind "AT"
    bool overlong = false;
  };
  // One byte; a line when it ended one that holds a command. What to echo is added to `echo`.
  std::optional<Line> feed(char byte, std::string& echo);

  // A command line has begun: nothing may be printed into it.
  [[nodiscard]] bool editing() const;
  void clear() { buffer_.clear(); }

 private:
  std::optional<Line> finish();

  std::string buffer_;
  std::string last_;  // for A/
};

}  // namespace sim52xx::sim
