// A condition to wait for, and nothing more: waking up only means "look at the state again", so no
// result can be lost on the way. Waiters loop on their predicate:
//
//   while (!ready_) {
//     const bool in_time = co_await changed_.wait_until(deadline);
//     if (!in_time) ...
//   }
#pragma once

#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/async/runtime.hpp"

namespace sim52xx::daemon {

class Event {
 public:
  explicit Event(Runtime& runtime) : runtime_(runtime) {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() {
    while (parked_ != nullptr) delete std::exchange(parked_, parked_->next);
  }

  // Wakes everyone who waits now, in the order of their coming.
  void notify() {
    Parked* list = std::exchange(parked_, nullptr);
    last_ = &parked_;
    while (list != nullptr) std::exchange(list, list->next)->wake(runtime_.io);
  }

  // Until the next notify().
  asio::awaitable<void> wait() {
    return asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        [this](auto handler) { park(new Waiting<decltype(handler)>(std::move(handler))); },
        asio::use_awaitable);
  }

  // Until the next notify() or the deadline; false: the deadline has passed.
  asio::awaitable<bool> wait_until(Time deadline) {
    if (runtime_.now() >= deadline) co_return false;
    Timer timer(runtime_.timers, [this] { notify(); });
    timer.arm(deadline);
    co_await wait();
    co_return runtime_.now() < deadline;
  }

 private:
  struct Parked {
    virtual ~Parked() = default;
    virtual void wake(asio::io_context& io) = 0;  // deletes itself
    Parked* next = nullptr;
  };

  template <class Handler>
  struct Waiting final : Parked {
    explicit Waiting(Handler h) : handler(std::move(h)) {}
    void wake(asio::io_context& io) override {
      Handler ready = std::move(handler);
      delete this;
      asio::post(io, std::move(ready));
    }
    Handler handler;
  };

  void park(Parked* parked) {
    *last_ = parked;
    last_ = &parked->next;
  }

  Runtime& runtime_;
  Parked* parked_ = nullptr;
  Parked** last_ = &parked_;
};

}  // namespace sim52xx::daemon
