#include "tests/scripted/line.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sim52xx::test {
namespace {

// So fast that no byte takes any time: TIOCOUTQ of a socket counts more than the bytes in it.
constexpr unsigned baud = 4'000'000'000U;

}  // namespace

class Line::Lines final : public daemon::ControlLines {
 public:
  explicit Lines(Line& line) : line_(line) {}

  [[nodiscard]] std::optional<bool> carrier() const override { return line_.carrier; }
  bool set_terminal_ready(bool on) override {
    if (!line_.carrier) return false;
    const bool before = std::exchange(line_.terminal_ready, on);
    if (before != on && line_.terminal_ready_changed) line_.terminal_ready_changed(on);
    return true;
  }

 private:
  Line& line_;
};

Line::Line(Stage& stage) : stage_(stage) {
  stage_.add([this] { return move(); });
}

std::unique_ptr<daemon::Port> Line::connect() {
  hang_up();
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::runtime_error("socketpair");
  fd_ = ends[0];
  auto port = std::make_unique<daemon::Port>(stage_.runtime, ends[1], "script", baud, false,
                                             std::make_unique<Lines>(*this));
  port->set_flow_controlled(flow_controlled);
  return port;
}

void Line::hang_up() {
  if (fd_ < 0) return;
  ::close(std::exchange(fd_, -1));
  out_.clear();
}

void Line::print(std::string_view bytes) {
  for (const char byte : bytes) {
    const auto [first, last] = inserts_.equal_range(printed_++);
    for (auto insert = first; insert != last; ++insert)
      out_ += insert->second;
    out_ += byte;
  }
}

void Line::insert_at(std::size_t offset, std::string bytes) {
  inserts_.emplace(printed_ + offset, std::move(bytes));
}

bool Line::move() {
  if (fd_ < 0) return false;
  const bool taken = !deaf_ && read();
  const bool sent = write();
  return taken || sent;
}

bool Line::read() {
  std::array<char, 65536> buffer;  // NOLINT: filled by read
  const ssize_t count = ::read(fd_, buffer.data(), buffer.size());
  if (count > 0 && heard) heard(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
  return count > 0;
}

bool Line::write() {
  if (fd_ < 0 || out_.empty()) return false;
  std::size_t length = out_.size();
  if (piece) length = std::clamp<std::size_t>(piece(length), 1, length);
  if (cut_ > sent_ && cut_ < sent_ + length) length = cut_ - sent_;
  const ssize_t count = ::send(fd_, out_.data(), length, MSG_NOSIGNAL);
  if (count <= 0) return false;
  out_.erase(0, static_cast<std::size_t>(count));
  sent_ += static_cast<std::size_t>(count);
  return true;
}

}  // namespace sim52xx::test
