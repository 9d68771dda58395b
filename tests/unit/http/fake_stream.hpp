// A connection of which a test says what comes down, and looks at what went up.
#pragma once

#include <algorithm>
#include <deque>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/body/body.hpp"
#include "daemon/http/stream.hpp"

namespace sim52xx::daemon::http::test {

class FakeStream final : public Stream {
 public:
  asio::awaitable<Result<void>> connect(std::string, int) override { co_return Result<void>(); }
  [[nodiscard]] bool connected_to(std::string_view, int) const override { return true; }
  asio::awaitable<Result<void>> write(std::string_view bytes) override {
    if (write_error && up.size() + bytes.size() > write_limit) co_return *write_error;
    up += bytes;
    largest_write = std::max(largest_write, bytes.size());
    co_return Result<void>();
  }
  asio::awaitable<Result<void>> flush() override {
    ++flushes;
    co_return Result<void>();
  }
  asio::awaitable<Result<std::size_t>> read(char* to, std::size_t most) override {
    while (!down.empty() && down.front().empty())
      down.pop_front();
    if (down.empty()) {
      if (read_error) co_return *read_error;
      co_return std::size_t{0};
    }
    std::string& front = down.front();
    const std::size_t count = std::min(most, front.size());
    std::copy_n(front.begin(), count, to);
    front.erase(0, count);
    co_return count;
  }
  [[nodiscard]] bool readable() const override { return !down.empty(); }
  asio::awaitable<void> close() override { co_return; }
  void cancel() override {}
  [[nodiscard]] bool verified() const override { return true; }
  [[nodiscard]] bool in_order() const override { return true; }

  std::string up;
  std::size_t largest_write = 0;
  int flushes = 0;
  std::optional<Error> write_error;
  std::size_t write_limit = 0;  // bytes before the error
  std::deque<std::string> down;
  std::optional<Error> read_error;  // behind them; else the end
};

class FakeSource final : public Source {
 public:
  explicit FakeSource(std::string bytes) : announced(bytes.size()), bytes_(std::move(bytes)) {}

  asio::awaitable<Result<std::size_t>> read(char* to, std::size_t most) override {
    if (error && at_ == bytes_.size()) co_return *error;
    const std::size_t count = std::min({most, step, bytes_.size() - at_});
    bytes_.copy(to, count, at_);
    at_ += count;
    co_return count;
  }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return announced; }
  bool rewind() override {
    if (rewinds) at_ = 0;
    return rewinds;
  }
  void cancel() override {}

  std::optional<std::uint64_t> announced;
  bool rewinds = true;
  std::size_t step = 100000;   // the most that one read() gives
  std::optional<Error> error;  // at the end

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

class FakeSink final : public Sink {
 public:
  asio::awaitable<Result<void>> write(std::string_view bytes) override {
    if (error) co_return *error;
    got += bytes;
    largest = std::max(largest, bytes.size());
    co_return Result<void>();
  }
  void cancel() override {}

  std::string got;
  std::size_t largest = 0;
  std::optional<Error> error;
};

template <class T>
asio::awaitable<void> keep(asio::awaitable<T> body, std::optional<T>& result) {
  T value = co_await std::move(body);
  result.emplace(std::move(value));
}

// Runs a coroutine that never really waits.
template <class T>
T run(asio::awaitable<T> body) {
  asio::io_context io;
  std::optional<T> result;
  const auto rethrow = [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  };
  asio::co_spawn(io, keep(std::move(body), result), rethrow);
  io.run();
  return std::move(result.value());
}

}  // namespace sim52xx::daemon::http::test
