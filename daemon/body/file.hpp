// Bodies in regular files, in bounded pieces.
#pragma once

#include <memory>
#include <string_view>

#include <sys/types.h>

#include "daemon/body/body.hpp"
#include "daemon/system/fd.hpp"

namespace sim52xx::daemon {

// From where the file stood to the end that it had then. Others may move its position meanwhile.
class FileSource final : public Source {
 public:
  static Result<std::unique_ptr<Source>> open(Fd fd);
  // `end`: nullopt for a file that does not tell its size (those of /proc).
  FileSource(Fd fd, off_t start, std::optional<off_t> end);

  asio::awaitable<Result<std::size_t>> read(char* to, std::size_t most) override;
  [[nodiscard]] std::optional<std::uint64_t> size() const override;
  bool rewind() override;
  void cancel() override { cancelled_ = true; }

 private:
  Result<std::size_t> read_now(char* to, std::size_t most);

  const Fd fd_;
  const off_t start_;
  const std::optional<off_t> end_;
  off_t position_;
  bool cancelled_ = false;
};

class FileSink final : public Sink {
 public:
  explicit FileSink(Fd fd) : fd_(std::move(fd)) {}

  asio::awaitable<Result<void>> write(std::string_view bytes) override;
  void cancel() override { cancelled_ = true; }

 private:
  const Fd fd_;
  bool cancelled_ = false;
};

// Why a descriptor of a client's failed, from errno.
Error body_failed(std::string_view what);

}  // namespace sim52xx::daemon
