#include "daemon/body/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

#include "daemon/body/memory.hpp"

namespace sim52xx::daemon {
namespace {

constexpr std::size_t piece = 65536;  // what one turn of the event loop may read or write

ssize_t read_at(int fd, char* to, std::size_t most, off_t from) {
  ssize_t count = -1;
  do
    count = ::pread(fd, to, most, from);
  while (count < 0 && errno == EINTR);
  return count;
}

}  // namespace

Result<std::unique_ptr<Source>> FileSource::open(Fd fd) {
  struct stat status{};
  const off_t start = ::lseek(fd.get(), 0, SEEK_CUR);
  if (start < 0 || ::fstat(fd.get(), &status) != 0) return body_failed("read");
  std::optional<off_t> end = std::max(start, status.st_size);
  char first = 0;
  // A file without a size may have a content all the same, which nobody knows before it is read.
  if (status.st_size == 0 && read_at(fd.get(), &first, 1, start) > 0) end.reset();
  std::unique_ptr<Source> source = std::make_unique<FileSource>(std::move(fd), start, end);
  return source;
}

FileSource::FileSource(Fd fd, off_t start, std::optional<off_t> end)
    : fd_(std::move(fd)), start_(start), end_(end), position_(start) {}

asio::awaitable<Result<std::size_t>> FileSource::read(char* to, std::size_t most) {
  co_return read_now(to, std::min(most, piece));
}

Result<std::size_t> FileSource::read_now(char* to, std::size_t most) {
  if (cancelled_) return body_cancelled();
  if (end_) most = std::min(most, static_cast<std::size_t>(*end_ - position_));
  if (most == 0) return std::size_t{0};
  const ssize_t count = read_at(fd_.get(), to, most, position_);
  if (count < 0) return body_failed("read");
  if (count == 0 && end_)
    return Error(ErrorKind::interrupted, "body",
                 "the file of the body became shorter while it was sent");
  position_ += count;
  return static_cast<std::size_t>(count);
}

std::optional<std::uint64_t> FileSource::size() const {
  if (!end_) return std::nullopt;
  return static_cast<std::uint64_t>(*end_ - start_);
}

bool FileSource::rewind() {
  position_ = start_;
  return true;
}

asio::awaitable<Result<void>> FileSink::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (cancelled_) co_return body_cancelled();
    const ssize_t count = ::write(fd_.get(), bytes.data(), std::min(bytes.size(), piece));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) co_return body_failed("written");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  co_return Result<void>();
}

Error body_failed(std::string_view what) {
  return {ErrorKind::interrupted, "body",
          "the passed descriptor cannot be " + std::string(what) + ": " + std::strerror(errno)};
}

}  // namespace sim52xx::daemon
