// A body that came with the request itself.
#pragma once

#include <string>
#include <utility>

#include "daemon/body/body.hpp"

namespace sim52xx::daemon {

class MemorySource final : public Source {
 public:
  explicit MemorySource(std::string bytes) : bytes_(std::move(bytes)) {}

  asio::awaitable<Result<std::size_t>> read(char* to, std::size_t most) override;
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return bytes_.size(); }
  bool rewind() override;
  void cancel() override { cancelled_ = true; }

 private:
  const std::string bytes_;
  std::size_t position_ = 0;
  bool cancelled_ = false;
};

// What read() and write() of a cancelled body answer.
Error body_cancelled();

}  // namespace sim52xx::daemon
