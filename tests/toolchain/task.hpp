#pragma once
// The smallest coroutine that can be awaited, and a payload that owns memory: what the canaries are
// made of. No Asio, so that what they show is the compiler's alone.
#include <coroutine>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace canary {

template <typename T>
class Task {
 public:
  struct promise_type {
    T value{};
    std::coroutine_handle<> waiter = std::noop_coroutine();

    Task get_return_object() {
      return Task{std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct Resume {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> done) noexcept {
          return done.promise().waiter;
        }
        void await_resume() noexcept {}
      };
      return Resume{};
    }
    void return_value(T result) { value = std::move(result); }
    void unhandled_exception() { std::terminate(); }
  };

  explicit Task(std::coroutine_handle<promise_type> frame) : frame_{frame} {}
  Task(Task&& other) noexcept : frame_{std::exchange(other.frame_, nullptr)} {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (frame_) frame_.destroy();
  }

  bool await_ready() const { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiter) {
    frame_.promise().waiter = waiter;
    return frame_;
  }
  T await_resume() { return std::move(frame_.promise().value); }

  T run() {
    frame_.resume();
    return std::move(frame_.promise().value);
  }

 private:
  std::coroutine_handle<promise_type> frame_;
};

// An aggregate with a member that owns memory: too long for the small-string optimisation.
struct Payload {
  std::string host;
  int port = 0;
};

inline std::string long_text() {
  return std::string(100, 'x');
}

inline Task<std::size_t> size_of(Payload payload) {
  co_return payload.host.size();
}

template <typename F>
Task<std::size_t> call(F function) {
  co_return function();
}

inline Task<std::string> text() {
  co_return long_text();
}

}  // namespace canary
