// Both ends of a bridge between a serial line and a Unix socket: the modem's (the other side of a
// pty, raw) and the application's. Never blocks.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sim52xx::bench {

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

double now();  // seconds, monotonic
void sleep_until(double when);
bool wait_for(int fd, short events, double seconds);
// 0: nothing now. A Failure when the other side has gone.
std::size_t write_some(int fd, const char* bytes, std::size_t size);
std::size_t read_some(int fd, char* bytes, std::size_t size);

class Line {
 public:
  explicit Line(bool direct);  // direct: the application has the slave of the pty, without a bridge
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line();

  [[nodiscard]] const std::string& device() const { return device_; }
  // The bridge's socket, as soon as it listens; AT commands are answered meanwhile, until one has
  // asked for a transparent session where `commands` says that there are any. Then a mark goes each
  // way. Returns the seconds that all this took.
  double connect(const std::string& socket, bool commands);

  [[nodiscard]] int modem() const { return modem_; }
  [[nodiscard]] int app() const { return app_; }

 private:
  void answer_commands();
  void answer(std::string_view line);
  void pass_mark(int from, int to) const;

  int modem_ = -1;
  int slave_ = -1;  // kept open, so that the modem's side never sees a hang-up
  int app_ = -1;
  std::string device_;
  std::string command_;
  bool online_ = false;
};

}  // namespace sim52xx::bench
