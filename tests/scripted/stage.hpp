// Where the daemon's classes are put on trial: an event loop in virtual time. Nothing here waits;
// settle() runs until nothing moves at this moment, then the clock jumps to the next timer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>

#include "daemon/async/runtime.hpp"

namespace sim52xx::test {

namespace asio = boost::asio;

using daemon::Duration;
using daemon::Runtime;
using daemon::Time;

// What a coroutine that was started came to.
template <class T>
class Task {
 public:
  using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

  Task() : value_(std::make_shared<std::optional<Value>>()) {}
  [[nodiscard]] bool done() const { return value_->has_value(); }
  Value& operator*() { return value_->value(); }
  Value* operator->() { return &value_->value(); }

  static asio::awaitable<void> follow(asio::awaitable<T> body, Task task) {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(body);
      task.value_->emplace();
    } else {
      T value = co_await std::move(body);
      task.value_->emplace(std::move(value));
    }
  }

 private:
  std::shared_ptr<std::optional<Value>> value_;
};

class Stage {
 public:
  Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage();

  Runtime runtime;

  [[nodiscard]] Time now() const { return runtime.now(); }

  // Something that moves bytes outside of the event loop; returns whether it moved any.
  void add(std::function<bool()> mover) { movers_.push_back(std::move(mover)); }

  // Runs all that can run at this moment.
  void settle();
  // To the next timer, and all that follows from it; false: there is none.
  bool step();
  // Time passes.
  void pass(Duration duration);
  // Until `true_now` holds; false: it does not within `most`, or nothing is left to happen.
  bool until(const std::function<bool()>& true_now, Duration most = std::chrono::hours(1));

  // Starts a coroutine, which runs as far as it can at this moment.
  template <class T>
  Task<T> start(asio::awaitable<T> body) {
    Task<T> task;
    asio::co_spawn(runtime.io, Task<T>::follow(std::move(body), task), rethrow);
    settle();
    return task;
  }
  // Starts a coroutine and runs until it has ended. Throws where it does not end within an hour.
  template <class T>
  typename Task<T>::Value run(asio::awaitable<T> body) {
    Task<T> task = start(std::move(body));
    if (!until([&] { return task.done(); })) throw std::runtime_error("a coroutine did not end");
    return std::move(*task);
  }

  void forget_log() { log_->str({}); }
  // All that the daemon has logged.
  [[nodiscard]] std::string log() const { return log_->str(); }
  [[nodiscard]] bool logged(std::string_view words) const {
    return log().find(words) != std::string::npos;
  }

 private:
  static void rethrow(const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  }

  std::vector<std::function<bool()>> movers_;
  std::shared_ptr<std::ostringstream> log_;
};

}  // namespace sim52xx::test
