// Colours, where somebody looks at them: on a terminal, unless NO_COLOR is set or it is a dumb one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sim52xx::ctl {

enum class Ink : std::uint8_t { plain, bold, dim, good, fair, bad, accent };

class Style {
 public:
  // Without colours.
  Style() = default;
  explicit Style(bool coloured) : coloured_(coloured) {}
  // As fits that file descriptor.
  static Style of(int fd);

  [[nodiscard]] std::string paint(std::string_view text, Ink ink) const;
  [[nodiscard]] bool coloured() const { return coloured_; }

 private:
  bool coloured_ = false;
};

// The ink for a state of the daemon, a session or a job.
Ink ink_of_state(std::string_view state);

// How many columns the terminal behind `fd` has; 80 where it does not say.
std::size_t columns_of(int fd);

}  // namespace sim52xx::ctl
