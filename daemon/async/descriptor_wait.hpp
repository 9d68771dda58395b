// Waits until a descriptor can be read, or written, with as few system calls as may be. What Asio
// has for that costs one for each wait (a read in vain, or epoll_ctl) and wakes the loop for things
// that nobody waits for. That is too much where a byte comes and goes for six of them, so this
// speaks to Asio's reactor itself, as asio::signal_set does, and resumes the coroutine that waits
// without one more in between. Nothing else in the daemon uses what is Asio's own (detail).
//
// Both need a descriptor that does not block and that nobody else has registered: where it is to be
// read and written, a copy (dup) for one of the two. It must be open until close().
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/detail/reactor.hpp>
#include <boost/asio/detail/reactor_op.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include "daemon/async/event.hpp"
#include "daemon/async/runtime.hpp"

namespace sim52xx::daemon {

class DescriptorWait {
  using Coroutine = asio::detail::awaitable_thread<asio::any_io_executor>;
  using Frame = asio::detail::awaitable_frame_base<asio::any_io_executor>;

 public:
  DescriptorWait(const DescriptorWait&) = delete;
  DescriptorWait& operator=(const DescriptorWait&) = delete;

  // To be awaited. Asio calls it when the coroutine has stopped.
  class Wait {
   public:
    explicit Wait(DescriptorWait& owner) : owner_(&owner) {}
    Coroutine* operator()(Frame* frame) const {
      owner_->start(new Waiting(frame));
      return nullptr;
    }

   private:
    DescriptorWait* owner_;
  };

  // Until it may be possible (an end or an error, too), or close(). One at a time.
  Wait wait() { return Wait(*this); }

 protected:
  using Reactor = asio::detail::reactor;
  using Operation = asio::detail::reactor_op;

  DescriptorWait(Runtime& runtime, int fd)
      : reactor_(asio::use_service<Reactor>(runtime.io)), fd_(fd) {
    reactor_.init_task();
  }
  ~DescriptorWait() = default;

  virtual void start(Operation* operation) = 0;

  Reactor& reactor_;
  Reactor::per_descriptor_data data_{};
  int fd_;

 private:
  class Stopped : Coroutine {
   public:
    explicit Stopped(Frame* frame)
        : Coroutine(std::move(*frame->detach_thread())), innermost_(frame) {}
    void resume() {
      innermost_->attach_thread(this);
      pump();
    }

   private:
    Frame* innermost_;
  };

  class Waiting final : public Operation {
   public:
    explicit Waiting(Frame* frame)
        : Operation({}, &Waiting::perform, &Waiting::complete), stopped_(frame) {}

    static void* operator new(std::size_t size) { return Memory().allocate(size); }
    static void operator delete(void* place, std::size_t size) {
      Memory().deallocate(static_cast<std::byte*>(place), size);
    }

   private:
    using Memory = asio::recycling_allocator<std::byte>;

    static status perform(Operation* /*operation*/) { return done_and_exhausted; }
    // `owner` is null where the event loop ends: then nobody is woken.
    static void complete(void* owner, asio::detail::operation* operation,
                         const boost::system::error_code& /*error*/, std::size_t /*count*/) {
      std::unique_ptr<Waiting> self(static_cast<Waiting*>(operation));
      Stopped stopped = std::move(self->stopped_);
      self.reset();
      if (owner != nullptr) stopped.resume();
    }

    Stopped stopped_;
  };
};

// Tells of changes only: whoever waits must have read all there was. What came since then ends the
// next wait at once. A hang-up is told besides: it may come together with the last bytes, and a
// reader that has got less than it asked for need not try again to learn of it.
//
// The end of what a socket's peer sends, without a hang-up (shutdown), is told as bytes are, so it
// may go unnoticed if it comes together with the last of them: there, look_again().
class ReadWait final : public DescriptorWait {
 public:
  ReadWait(Runtime& runtime, int fd);
  ~ReadWait() { close(); }

  // The other end is gone both ways, or the descriptor has failed.
  [[nodiscard]] bool hung_up();
  // Until that is so, or close().
  asio::awaitable<void> wait_hung_up();
  // Ends the wait, as if something had come.
  void look_again();
  // Lets go of the descriptor; waits end.
  void close();

  // For a reader that goes on without a wait, as there is more: true where it has done so often
  // enough in a row, and the others should have theirs. Then it awaits its next turn().
  [[nodiscard]] bool turns_spent() { return ++turns_ > turns_in_a_row; }
  Wait turn() {
    yield_ = true;
    return wait();
  }

 private:
  static constexpr unsigned turns_in_a_row = 16;

  // Stays with the descriptor and takes note of what epoll tells unasked.
  class Watch final : public Operation {
   public:
    explicit Watch(ReadWait& owner)
        : Operation({}, &Watch::perform, &Watch::forget), owner_(owner) {}

   private:
    static status perform(Operation* operation);
    static void forget(void* /*owner*/, asio::detail::operation* /*operation*/,
                       const boost::system::error_code& /*error*/, std::size_t /*count*/) {}

    ReadWait& owner_;
  };

  void start(Operation* operation) override;

  Watch watch_;
  Event told_changed_;
  bool told_ = false;
  unsigned turns_ = 0;
  bool yield_ = false;
};

// Is registered from the first wait until close(): otherwise each byte that leaves would wake the
// loop for ever after.
class WriteWait final : public DescriptorWait {
 public:
  WriteWait(Runtime& runtime, int fd) : DescriptorWait(runtime, fd) {}
  ~WriteWait() { close(); }

  // Lets go of the descriptor until the next wait; this one ends.
  void close();

 private:
  void start(Operation* operation) override;
};

}  // namespace sim52xx::daemon
