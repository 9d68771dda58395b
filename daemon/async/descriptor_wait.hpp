// Waits until a descriptor can be read, or written, with as few system calls as may be. What Asio
// has for that costs one for each wait (a read in vain, or epoll_ctl) and wakes the loop for things
// that nobody waits for. That is too much where a byte comes and goes for six of them, so this
// speaks to Asio's reactor itself, as asio::signal_set does.
//
// Both need a descriptor that does not block and that nobody else has registered: a copy (dup), as
// a rule. It must be open until close().
#pragma once

#include <memory>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/detail/reactor.hpp>
#include <boost/asio/detail/reactor_op.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/async/runtime.hpp"

namespace sim52xx::daemon {

class DescriptorWait {
 public:
  DescriptorWait(const DescriptorWait&) = delete;
  DescriptorWait& operator=(const DescriptorWait&) = delete;

  // Until it may be possible (an end or an error, too), or close(). One at a time.
  asio::awaitable<void> wait() {
    return asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        [this](auto handler) { start(new Waiting<decltype(handler)>(std::move(handler))); },
        asio::use_awaitable);
  }
  // Lets go of the descriptor; a wait ends.
  void close();

 protected:
  using Reactor = asio::detail::reactor;
  using Operation = asio::detail::reactor_op;

  DescriptorWait(Runtime& runtime, int fd)
      : reactor_(asio::use_service<Reactor>(runtime.io)), fd_(fd) {
    reactor_.init_task();
  }
  ~DescriptorWait() { close(); }

  virtual void start(Operation* operation) = 0;
  void enter();

  Reactor& reactor_;
  Reactor::per_descriptor_data data_{};
  int fd_;

 private:
  template <class Handler>
  class Waiting final : public Operation {
   public:
    explicit Waiting(Handler handler)
        : Operation({}, &Waiting::perform, &Waiting::complete), handler_(std::move(handler)) {}

   private:
    static status perform(Operation* /*operation*/) { return done_and_exhausted; }
    // `owner` is null where the event loop ends: then nobody is woken.
    static void complete(void* owner, asio::detail::operation* operation,
                         const boost::system::error_code& /*error*/, std::size_t /*count*/) {
      std::unique_ptr<Waiting> self(static_cast<Waiting*>(operation));
      Handler handler = std::move(self->handler_);
      self.reset();
      if (owner != nullptr) std::move(handler)();
    }

    Handler handler_;
  };
};

// Tells of changes only: whoever waits must have read until EAGAIN (a short read is not enough: an
// end may have come with the last bytes). What came since then ends the next wait at once.
class ReadWait final : public DescriptorWait {
 public:
  ReadWait(Runtime& runtime, int fd) : DescriptorWait(runtime, fd) { enter(); }

 private:
  void start(Operation* operation) override;
};

// Is registered while somebody waits, and until close(): otherwise each byte that leaves would wake
// the loop for ever after.
class WriteWait final : public DescriptorWait {
 public:
  WriteWait(Runtime& runtime, int fd) : DescriptorWait(runtime, fd) {}

 private:
  void start(Operation* operation) override;
};

}  // namespace sim52xx::daemon
