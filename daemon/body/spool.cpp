#include "daemon/body/spool.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "daemon/body/memory.hpp"

namespace sim52xx::daemon {
namespace {

Error spool_failed() {
  return {ErrorKind::interrupted, "body",
          std::string("the spool file failed: ") + std::strerror(errno)};
}

// A file without a name. Not every file system has O_TMPFILE.
Fd make_file(const std::filesystem::path& folder) {
  Fd file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file) return file;
  std::string name = (folder / "spool-XXXXXX").string();
  file.reset(::mkostemp(name.data(), O_CLOEXEC));
  if (file) ::unlink(name.c_str());
  return file;
}

}  // namespace

bool SpoolSpace::take(std::uint64_t count) {
  if (used_ + count > limit_) return false;
  used_ += count;
  return true;
}

Result<void> Spool::append(std::string_view bytes) {
  if (!file_ && memory_.size() + bytes.size() > memory_most) {
    if (Result<void> moved = move_to_file(); !moved) return moved;
  }
  if (file_) return write(bytes);
  memory_.append(bytes);
  return {};
}

Result<void> Spool::move_to_file() {
  file_ = make_file(space_.folder_);
  if (!file_) return spool_failed();
  const std::string bytes = std::exchange(memory_, {});
  return write(bytes);
}

Result<void> Spool::write(std::string_view bytes) {
  if (!space_.take(bytes.size()))
    return Error(ErrorKind::limit, "body",
                 "the bodies of all jobs together are larger than spool_limit (" +
                     std::to_string(space_.limit()) + " bytes); pass a descriptor as response_fd");
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::pwrite(file_.get(), bytes.data() + done, bytes.size() - done,
                                   static_cast<off_t>(in_file_ + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      space_.give_back(bytes.size());
      return spool_failed();
    }
    done += static_cast<std::size_t>(count);
  }
  in_file_ += bytes.size();
  return {};
}

Result<std::string> Spool::read(std::uint64_t offset, std::size_t most) const {
  if (offset >= size()) return std::string();
  const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(most, size() - offset));
  if (!file_) return memory_.substr(static_cast<std::size_t>(offset), length);
  std::string bytes(length, '\0');
  std::size_t done = 0;
  while (done < length) {
    const ssize_t count =
        ::pread(file_.get(), bytes.data() + done, length - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return spool_failed();
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

asio::awaitable<Result<void>> SpoolSink::write(std::string_view bytes) {
  if (cancelled_) co_return body_cancelled();
  co_return spool_->append(bytes);
}

}  // namespace sim52xx::daemon
