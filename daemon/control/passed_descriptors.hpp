// Descriptors that a client has passed with its lines (SCM_RIGHTS), until the line comes that takes
// them. They are taken in the order in which they came.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include <sys/socket.h>

#include "daemon/system/fd.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon::control {

class PassedDescriptors {
 public:
  // Passed and not yet taken.
  static constexpr std::size_t most = 64;

  // Keeps those of a message; false: they are more than any line can ask for.
  bool keep(msghdr& message);
  // The next `needed` ones. Errors: invalid, where there are fewer; limit, where the daemon had no
  // room for them.
  Result<std::vector<Fd>> take(std::size_t needed);
  void clear();
  [[nodiscard]] bool empty() const { return waiting_.empty(); }

 private:
  std::deque<Fd> waiting_;
  bool refused_ = false;  // some could not be kept
};

}  // namespace sim52xx::daemon::control
