// Bodies in connected stream sockets.
#pragma once

#include <string_view>

#include "daemon/body/body.hpp"
#include "daemon/body/readiness.hpp"
#include "daemon/system/fd.hpp"

namespace sim52xx::daemon {

class SocketSource final : public Source {
 public:
  SocketSource(Runtime& runtime, Fd fd);

  asio::awaitable<Result<std::size_t>> read(char* to, std::size_t most) override;
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
  bool rewind() override { return false; }
  void cancel() override {
    ready_.close();
    cancelled_ = true;
  }

 private:
  const Fd fd_;
  Readiness ready_;
  bool cancelled_ = false;
};

class SocketSink final : public Sink {
 public:
  SocketSink(Runtime& runtime, Fd fd);

  asio::awaitable<Result<void>> write(std::string_view bytes) override;
  void cancel() override {
    ready_.close();
    cancelled_ = true;
  }

 private:
  const Fd fd_;
  Readiness ready_;
  bool cancelled_ = false;
};

}  // namespace sim52xx::daemon
