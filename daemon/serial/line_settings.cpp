// Uses termios2 for every rate: the classic interface knows a fixed list only, and its header
// cannot be included beside this one. That is why this is a file of its own.
#include "daemon/serial/line_settings.hpp"

#include <cerrno>
#include <cstring>

#include <asm/termbits.h>
#include <sys/ioctl.h>

namespace sim52xx::daemon {
namespace {

termios2 wanted(const LineSettings& settings) {
  termios2 line{};  // all zero: no input, output or local processing of any kind
  line.c_iflag = IGNPAR;
  line.c_cflag = CS8 | CREAD | CLOCAL | BOTHER;
  if (settings.rtscts) line.c_cflag |= CRTSCTS;
  line.c_ispeed = line.c_ospeed = settings.baud;
  line.c_cc[VMIN] = 1;
  return line;
}

}  // namespace

std::string apply(int fd, const LineSettings& settings) {
  const termios2 want = wanted(settings);
  int done = 0;
  do {
    done = ioctl(fd, TCSETS2, &want);
  } while (done != 0 && errno == EINTR);
  if (done != 0) return std::string("cannot set the line: ") + std::strerror(errno);

  termios2 got{};
  if (ioctl(fd, TCGETS2, &got) != 0)
    return std::string("cannot read the line settings: ") + std::strerror(errno);
  constexpr tcflag_t checked = CSIZE | CSTOPB | PARENB | CRTSCTS | HUPCL;
  if (got.c_iflag != want.c_iflag || got.c_oflag != want.c_oflag || got.c_lflag != want.c_lflag ||
      (got.c_cflag & checked) != (want.c_cflag & checked))
    return "the driver did not take the line settings (raw 8N1" +
           std::string(settings.rtscts ? ", RTS/CTS)" : ", no flow control)");
  // A driver rounds to what its clock can do; more than 3 % off will not work.
  const auto off = got.c_ospeed > want.c_ospeed ? got.c_ospeed - want.c_ospeed
                                                : want.c_ospeed - got.c_ospeed;
  if (off * 100ULL > want.c_ospeed * 3ULL)
    return "the driver cannot do " + std::to_string(want.c_ospeed) + " baud (it set " +
           std::to_string(got.c_ospeed) + ")";
  return {};
}

}  // namespace sim52xx::daemon
