// The modem's end of the serial line: a socket pair, whose other end the daemon's Port takes over.
// What the modem prints goes out in pieces, each of which the daemon reads by itself.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/serial/port.hpp"
#include "tests/scripted/stage.hpp"

namespace sim52xx::test {

class Line {
 public:
  explicit Line(Stage& stage);
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { hang_up(); }

  // A new connection; the old one is gone.
  std::unique_ptr<daemon::Port> connect();
  [[nodiscard]] bool connected() const { return fd_ >= 0; }
  // The device is unplugged; what was printed and not read before is still read.
  void hang_up();

  void print(std::string_view bytes);
  // What the host has sent, as it comes.
  std::function<void(std::string_view)> heard;

  // The control lines; carrier is nullopt where there are none.
  std::optional<bool> carrier;
  bool terminal_ready = true;
  std::function<void(bool)> terminal_ready_changed;

  // How the rest of the output, of the given size, is to be cut: the length of its first piece.
  std::function<std::size_t(std::size_t)> piece;
  void dribble() {
    piece = [](std::size_t) { return std::size_t{1}; };
  }
  // A cut before the byte of that number, counted from now on.
  void cut_at(std::size_t offset) { cut_ = sent_ + out_.size() + offset; }
  // `bytes` come before the byte of that number, counted from now on.
  void insert_at(std::size_t offset, std::string bytes);
  // Of the next connection: the modem waits when the host does not read.
  bool flow_controlled = true;
  // The modem does not take what the host sends, or takes it again.
  void deaf(bool on) { deaf_ = on; }

 private:
  class Lines;

  bool move();
  bool read();
  bool write();

  Stage& stage_;
  int fd_ = -1;
  std::string out_;
  std::size_t printed_ = 0;  // by print(), in all
  std::size_t sent_ = 0;     // to the host, in all
  std::size_t cut_ = 0;
  std::multimap<std::size_t, std::string> inserts_;
  bool deaf_ = false;
};

}  // namespace sim52xx::test
