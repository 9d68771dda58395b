#include "daemon/async/descriptor_wait.hpp"

#include <system_error>

#include <poll.h>

namespace sim52xx::daemon {
namespace {

void check(int error) {
  if (error != 0) throw std::system_error(error, std::system_category(), "epoll");
}

}  // namespace

// In the queue of those who wait to write, for nobody does here and the reactor looks into it for
// a hang-up, too. (In the one for exceptions it would cost each wait an epoll_ctl.)
ReadWait::ReadWait(Runtime& runtime, int fd)
    : DescriptorWait(runtime, fd), watch_(*this), told_changed_(runtime) {
  check(reactor_.register_internal_descriptor(Reactor::write_op, fd_, data_, &watch_));
}

// After close() it ends at once.
void ReadWait::start(Operation* operation) {
  turns_ = 0;
  if (std::exchange(yield_, false)) {
    reactor_.post_immediate_completion(operation, false);
  } else {
    reactor_.start_op(Reactor::read_op, fd_, data_, operation, false, true);
  }
}

ReadWait::Operation::status ReadWait::Watch::perform(Operation* operation) {
  ReadWait& owner = static_cast<Watch*>(operation)->owner_;
  owner.told_ = true;
  owner.told_changed_.notify();
  return not_done;
}

// Asio gives the place of a closed descriptor to a new one within the same round of the loop, and
// with it what epoll still had to say of the old one. So poll() decides.
bool ReadWait::hung_up() {
  if (!told_ || data_ == nullptr) return false;
  pollfd look{fd_, 0, 0};
  told_ = ::poll(&look, 1, 0) > 0 && (look.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
  return told_;
}

asio::awaitable<void> ReadWait::wait_hung_up() {
  while (data_ != nullptr && !hung_up())
    co_await told_changed_.wait();
}

void ReadWait::look_again() {
  if (data_ != nullptr) reactor_.cancel_ops_by_key(fd_, data_, Reactor::read_op, nullptr);
}

// Not "closing": the epoll set keeps a descriptor of which there are copies.
void ReadWait::close() {
  if (data_ == nullptr) return;
  look_again();
  reactor_.deregister_internal_descriptor(fd_, data_);
  reactor_.cleanup_descriptor_data(data_);
  told_changed_.notify();
}

void WriteWait::start(Operation* operation) {
  const bool registered = data_ != nullptr;
  if (!registered) check(reactor_.register_descriptor(fd_, data_));
  // Where it is, what has come since the last wait counts; else epoll looks.
  reactor_.start_op(Reactor::write_op, fd_, data_, operation, false, registered);
}

void WriteWait::close() {
  if (data_ == nullptr) return;
  reactor_.deregister_descriptor(fd_, data_, false);
  reactor_.cleanup_descriptor_data(data_);
}

}  // namespace sim52xx::daemon
