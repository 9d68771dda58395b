// A lock for coroutines of the one thread: first come, first served is not promised, waiting is.
#pragma once

#include <utility>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/event.hpp"

namespace sim52xx::daemon {

class Lock {
 public:
  class Guard {
   public:
    explicit Guard(Lock& lock) : lock_(&lock) {}
    Guard(Guard&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)) {}
    Guard& operator=(Guard&&) = delete;
    ~Guard() {
      if (lock_ == nullptr) return;
      lock_->locked_ = false;
      lock_->freed_.notify();
    }

   private:
    Lock* lock_;
  };

  explicit Lock(Runtime& runtime) : freed_(runtime) {}

  asio::awaitable<Guard> acquire() {
    while (locked_) co_await freed_.wait();
    locked_ = true;
    co_return Guard(*this);
  }

 private:
  bool locked_ = false;
  Event freed_;
};

}  // namespace sim52xx::daemon
