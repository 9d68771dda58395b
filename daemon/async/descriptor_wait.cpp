#include "daemon/async/descriptor_wait.hpp"

#include <system_error>

namespace sim52xx::daemon {

void DescriptorWait::enter() {
  const int error = reactor_.register_descriptor(fd_, data_);
  if (error != 0) throw std::system_error(error, std::system_category(), "epoll");
}

void DescriptorWait::close() {
  if (data_ == nullptr) return;
  // Not "closing": the epoll set keeps a descriptor of which there are copies.
  reactor_.deregister_descriptor(fd_, data_, false);
  reactor_.cleanup_descriptor_data(data_);
}

// After close() it ends at once.
void ReadWait::start(Operation* operation) {
  reactor_.start_op(Reactor::read_op, fd_, data_, operation, false, true);
}

void WriteWait::start(Operation* operation) {
  if (data_ == nullptr) enter();
  reactor_.start_op(Reactor::write_op, fd_, data_, operation, false, false);
}

}  // namespace sim52xx::daemon
