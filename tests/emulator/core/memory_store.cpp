#include "tests/emulator/core/memory_store.hpp"

namespace sim52xx::sim {
namespace {

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

std::string last_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

std::optional<FileStore::Listing> MemoryStore::list(const std::string& folder) const {
  if (!folders_.contains(folder)) return std::nullopt;
  Listing out;
  for (const auto& path : folders_)
    if (path != folder && folder_of(path) == folder) out.folders.push_back(last_of(path));
  for (const auto& [path, bytes] : files_)
    if (folder_of(path) == folder) out.files.push_back(last_of(path));
  return out;
}

std::optional<FileStore::Facts> MemoryStore::facts(const std::string& file) const {
  const auto found = files_.find(file);
  if (found == files_.end()) return std::nullopt;
  return Facts{static_cast<std::int64_t>(found->second.size()), "2012/08/22 00:00:00"};
}

std::int64_t MemoryStore::used() const {
  std::int64_t sum = 0;
  for (const auto& [path, bytes] : files_)
    sum += static_cast<std::int64_t>(bytes.size());
  return sum;
}

std::string MemoryStore::read(const std::string& file, std::int64_t offset,
                              std::size_t count) const {
  const auto found = files_.find(file);
  const auto begin = static_cast<std::size_t>(offset);
  if (found == files_.end() || begin >= found->second.size()) return {};
  return found->second.substr(begin, count);
}

bool MemoryStore::write(const std::string& file, std::int64_t offset, std::string_view bytes) {
  if (!folders_.contains(folder_of(file))) return false;
  std::string& content = files_[file];
  content.resize(static_cast<std::size_t>(offset));
  content += bytes;
  return true;
}

bool MemoryStore::remove(const std::string& file) {
  return files_.erase(file) > 0;
}

bool MemoryStore::rename(const std::string& from, const std::string& to) {
  if (!files_.contains(from) || !folders_.contains(folder_of(to))) return false;
  auto moved = files_.extract(from);
  moved.key() = to;
  return files_.insert(std::move(moved)).inserted;
}

bool MemoryStore::make_folder(const std::string& folder) {
  return folders_.contains(folder_of(folder)) && folders_.insert(folder).second;
}

bool MemoryStore::remove_folder(const std::string& folder) {
  const auto found = list(folder);
  if (!found || !found->files.empty() || !found->folders.empty() || folder == "C:") return false;
  folders_.erase(folder);
  return true;
}

}  // namespace sim52xx::sim
