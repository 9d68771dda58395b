#include "daemon/control/passed_descriptors.hpp"

#include <cstring>
#include <string>
#include <utility>

#include "daemon/system/descriptor_limit.hpp"

namespace sim52xx::daemon::control {

bool PassedDescriptors::keep(msghdr& message) {
  // The kernel drops what this process has no number left for.
  if ((message.msg_flags & MSG_CTRUNC) != 0) refused_ = true;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part) + i * sizeof number, sizeof number);
      Fd fd(number);
      if (is_one_of_the_last(number))
        refused_ = true;
      else
        waiting_.push_back(std::move(fd));
    }
  }
  return waiting_.size() <= most;
}

Result<std::vector<Fd>> PassedDescriptors::take(std::size_t needed) {
  if (needed > 0 && refused_)
    return Error(ErrorKind::limit, "descriptors", "the daemon has too few descriptors left");
  if (needed > waiting_.size())
    return Error(ErrorKind::invalid, "descriptors",
                 "found " + std::to_string(waiting_.size()) + " passed descriptors, needed are " +
                     std::to_string(needed));
  std::vector<Fd> taken;
  while (taken.size() < needed) {
    taken.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return taken;
}

void PassedDescriptors::clear() {
  waiting_.clear();
  refused_ = false;
}

}  // namespace sim52xx::daemon::control
