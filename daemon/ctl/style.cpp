#include "daemon/ctl/style.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

namespace sim52xx::ctl {
namespace {

constexpr std::array<std::string_view, 7> codes{"",         "\x1b[1m",  "\x1b[2m", "\x1b[32m",
                                                "\x1b[33m", "\x1b[31m", "\x1b[36m"};

struct StateInk {
  std::string_view state;
  Ink ink;
};

constexpr std::array state_inks{
    StateInk{"ready", Ink::good},     StateInk{"open", Ink::good},
    StateInk{"done", Ink::good},      StateInk{"starting", Ink::fair},
    StateInk{"bring_up", Ink::fair},  StateInk{"recovering", Ink::fair},
    StateInk{"stopping", Ink::fair},  StateInk{"waiting", Ink::fair},
    StateInk{"queued", Ink::fair},    StateInk{"acquiring", Ink::fair},
    StateInk{"opening", Ink::fair},   StateInk{"connecting", Ink::accent},
    StateInk{"sending", Ink::accent}, StateInk{"receiving", Ink::accent},
    StateInk{"closing", Ink::accent}, StateInk{"modem_absent", Ink::bad},
    StateInk{"failed", Ink::bad},     StateInk{"cancelled", Ink::bad},
    StateInk{"idle", Ink::dim},       StateInk{"closed", Ink::dim},
};

}  // namespace

Style Style::of(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool unwanted = no_color != nullptr && *no_color != '\0';
  const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return Style(!unwanted && !dumb && ::isatty(fd) == 1);
}

std::string Style::paint(std::string_view text, Ink ink) const {
  const std::string_view code = codes.at(static_cast<std::size_t>(ink));
  if (!coloured_ || code.empty() || text.empty()) return std::string(text);
  std::string painted(code);
  painted += text;
  painted += "\x1b[0m";
  return painted;
}

Ink ink_of_state(std::string_view state) {
  const auto* at = std::find_if(state_inks.begin(), state_inks.end(),
                                [&](const StateInk& known) { return known.state == state; });
  return at == state_inks.end() ? Ink::plain : at->ink;
}

std::size_t columns_of(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace sim52xx::ctl
