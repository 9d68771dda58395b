// Where the body of an answer waits for a client that has passed no descriptor: in memory as long
// as it can go into the answer itself, then in an unlinked file. All spools share one allowance.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/body/body.hpp"
#include "daemon/system/fd.hpp"

namespace sim52xx::daemon {

// What the files of all spools may take together (spool_limit), and where they are.
class SpoolSpace {
 public:
  SpoolSpace(std::filesystem::path folder, std::uint64_t limit)
      : folder_(std::move(folder)), limit_(limit) {}

  void set_limit(std::uint64_t limit) { limit_ = limit; }
  [[nodiscard]] std::uint64_t limit() const { return limit_; }
  [[nodiscard]] std::uint64_t used() const { return used_; }

 private:
  friend class Spool;

  bool take(std::uint64_t count);
  void give_back(std::uint64_t count) { used_ -= count; }

  std::filesystem::path folder_;
  std::uint64_t limit_;
  std::uint64_t used_ = 0;
};

class Spool {
 public:
  // Up to here a body stays in memory.
  static constexpr std::size_t memory_most = std::size_t{256} * 1024;

  explicit Spool(SpoolSpace& space) : space_(space) {}
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool() { space_.give_back(in_file_); }

  // Errors: limit; interrupted, where the file fails.
  Result<void> append(std::string_view bytes);
  // What is there from `offset` on, at most `most` bytes.
  [[nodiscard]] Result<std::string> read(std::uint64_t offset, std::size_t most) const;
  [[nodiscard]] std::uint64_t size() const { return memory_.size() + in_file_; }
  // All of it, where it is in memory.
  [[nodiscard]] const std::string* text() const { return file_ ? nullptr : &memory_; }
  // How much memory it takes.
  [[nodiscard]] std::size_t memory() const { return memory_.capacity(); }

 private:
  Result<void> move_to_file();
  Result<void> write(std::string_view bytes);

  SpoolSpace& space_;
  std::string memory_;
  Fd file_;
  std::uint64_t in_file_ = 0;
};

// Fills a spool, which outlives it: the job is over when its answer is read.
class SpoolSink final : public Sink {
 public:
  explicit SpoolSink(std::shared_ptr<Spool> spool) : spool_(std::move(spool)) {}

  asio::awaitable<Result<void>> write(std::string_view bytes) override;
  void cancel() override { cancelled_ = true; }

 private:
  std::shared_ptr<Spool> spool_;
  bool cancelled_ = false;
};

}  // namespace sim52xx::daemon
