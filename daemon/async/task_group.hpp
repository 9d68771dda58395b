// Coroutines that belong together: started by name, waited for at the end. An exception that
// leaves a task is a broken invariant: it is logged and handed to the `failed` callback, never
// swallowed.
#pragma once

#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/event.hpp"
#include "daemon/async/runtime.hpp"

namespace sim52xx::daemon {

class TaskGroup {
 public:
  TaskGroup(Runtime& runtime, std::function<void()> failed)
      : runtime_(runtime), failed_(std::move(failed)), changed_(runtime) {}
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup();  // must be empty: join() first

  void spawn(std::string name, asio::awaitable<void> task);
  // Until no task is left.
  asio::awaitable<void> join();
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  Runtime& runtime_;
  std::function<void()> failed_;
  Event changed_;
  std::size_t size_ = 0;
};

}  // namespace sim52xx::daemon
