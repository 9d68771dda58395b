// Ctrl-C and SIGTERM as something one can poll for, so that a job is cancelled and half a file does
// not stay behind. A signal that nobody has taken does its usual work when the last of these ends.
#pragma once

#include <csignal>

#include "daemon/system/fd.hpp"

namespace sim52xx::ctl {

class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  // Readable when there was a signal.
  [[nodiscard]] int fd() const { return signals_.get(); }
  // The number of the next one; 0: none.
  int take();

 private:
  daemon::Fd signals_;
  sigset_t before_{};
};

}  // namespace sim52xx::ctl
