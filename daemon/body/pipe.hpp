// Bodies in pipes. A pipe that looks ready may be emptied, or filled, by its other owners before
// our turn, and then a plain read or write would block the daemon; so bytes go through a pipe of
// our own by splice(2), which can be told not to block whatever the flags of the shared pipe are.
#pragma once

#include <string_view>

#include "daemon/body/body.hpp"
#include "daemon/body/readiness.hpp"
#include "daemon/system/fd.hpp"

namespace sim52xx::daemon {

// A pipe of our own, non-blocking; made when it is needed first.
class OwnPipe {
 public:
  bool make();
  [[nodiscard]] int in() const { return in_.get(); }    // to write to
  [[nodiscard]] int out() const { return out_.get(); }  // to read from

 private:
  Fd in_;
  Fd out_;
};

class PipeSource final : public Source {
 public:
  PipeSource(Runtime& runtime, Fd fd);

  asio::awaitable<Result<std::size_t>> read(char* to, std::size_t most) override;
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
  bool rewind() override { return false; }
  void cancel() override {
    ready_.close();
    cancelled_ = true;
  }

 private:
  const Fd fd_;
  OwnPipe own_;
  Readiness ready_;
  bool cancelled_ = false;
};

class PipeSink final : public Sink {
 public:
  PipeSink(Runtime& runtime, Fd fd);

  asio::awaitable<Result<void>> write(std::string_view bytes) override;
  void cancel() override {
    ready_.close();
    cancelled_ = true;
  }

 private:
  asio::awaitable<Result<void>> pass_on(std::size_t count);

  const Fd fd_;
  OwnPipe own_;
  Readiness ready_;
  bool cancelled_ = false;
};

}  // namespace sim52xx::daemon
