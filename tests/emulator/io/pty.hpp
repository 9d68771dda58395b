// The pseudo terminal that stands for the modem's serial port, and the link to it.
#pragma once

#include <string>

namespace sim52xx::sim {

class Pty {
 public:
  // Opens a pty in raw mode, then makes `link` (unless empty) point to it.
  // Throws std::system_error.
  explicit Pty(std::string link);
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;
  ~Pty();

  // The modem's side. Owned by this object.
  [[nodiscard]] int master() const { return master_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  // Lets everybody open it again (TIOCNXCL).
  void share() const;

 private:
  void open();
  void close_all();
  void publish() const;

  int master_ = -1;
  // Kept open: with no slave open at all, every read of the master fails at once.
  int slave_ = -1;
  std::string name_;
  std::string link_;
};

}  // namespace sim52xx::sim
