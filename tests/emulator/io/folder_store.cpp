#include "tests/emulator/io/folder_store.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sim52xx::sim {
namespace {

namespace fs = std::filesystem;

class File {
 public:
  File(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

FolderStore::FolderStore(fs::path root) : root_(std::move(root)) {
  for (const char* name : {"Audio", "Picture", "Video", "VideoCall"})
    fs::create_directories(root_ / name);
}

fs::path FolderStore::real(const std::string& path) const {
  if (path.starts_with("D:")) return root_ / path;
  return path.size() > 3 ? root_ / path.substr(3) : root_;
}

std::optional<FileStore::Listing> FolderStore::list(const std::string& folder) const {
  std::error_code failure;
  fs::directory_iterator entries(real(folder), failure);
  if (failure) return std::nullopt;
  Listing out;
  for (const auto& entry : entries) {
    const std::string name = entry.path().filename();
    if (entry.is_directory(failure) && name != "D:") out.folders.push_back(name);
    if (entry.is_regular_file(failure)) out.files.push_back(name);
  }
  std::ranges::sort(out.folders);
  std::ranges::sort(out.files);
  return out;
}

std::optional<FileStore::Facts> FolderStore::facts(const std::string& file) const {
  struct stat found{};
  if (::stat(real(file).c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  std::tm local{};
  ::localtime_r(&found.st_mtime, &local);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y/%m/%d %H:%M:%S", &local);
  return Facts{found.st_size, date.data()};
}

std::int64_t FolderStore::used() const {
  std::int64_t sum = 0;
  std::error_code failure;
  for (const auto& entry : fs::recursive_directory_iterator(root_, failure)) {
    std::error_code gone;
    if (!entry.is_regular_file(gone)) continue;
    const auto size = entry.file_size(gone);
    if (!gone) sum += static_cast<std::int64_t>(size);
  }
  return sum;
}

std::string FolderStore::read(const std::string& path, std::int64_t offset,
                              std::size_t count) const {
  const File file(real(path), O_RDONLY);
  std::string bytes(count, '\0');
  const auto size = ::pread(file.get(), bytes.data(), count, offset);
  bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return bytes;
}

bool FolderStore::write(const std::string& path, std::int64_t offset, std::string_view bytes) {
  const File file(real(path), O_WRONLY | O_CREAT);
  if (file.get() < 0 || ::ftruncate(file.get(), offset) != 0) return false;
  while (!bytes.empty()) {
    const auto size = ::pwrite(file.get(), bytes.data(), bytes.size(), offset);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
    offset += size;
  }
  return true;
}

bool FolderStore::remove(const std::string& file) {
  std::error_code failure;
  return facts(file) && fs::remove(real(file), failure);
}

bool FolderStore::rename(const std::string& from, const std::string& to) {
  std::error_code failure;
  fs::rename(real(from), real(to), failure);
  return !failure;
}

bool FolderStore::make_folder(const std::string& folder) {
  std::error_code failure;
  return fs::create_directory(real(folder), failure);
}

bool FolderStore::remove_folder(const std::string& folder) {
  std::error_code failure;
  return folder != "C:" && list(folder) && fs::remove(real(folder), failure);
}

}  // namespace sim52xx::sim
