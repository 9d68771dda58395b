// Files that live as long as the emulator: its file system where --efs gives no folder.
#pragma once

#include <map>
#include <set>
#include <string>

#include "tests/emulator/core/file_store.hpp"

namespace sim52xx::sim {

class MemoryStore final : public FileStore {
 public:
  [[nodiscard]] std::optional<Listing> list(const std::string& folder) const override;
  [[nodiscard]] std::optional<Facts> facts(const std::string& file) const override;
  [[nodiscard]] std::int64_t used() const override;
  [[nodiscard]] std::string read(const std::string& file, std::int64_t offset,
                                 std::size_t count) const override;
  bool write(const std::string& file, std::int64_t offset, std::string_view bytes) override;
  bool remove(const std::string& file) override;
  bool rename(const std::string& from, const std::string& to) override;
  bool make_folder(const std::string& folder) override;
  bool remove_folder(const std::string& folder) override;

 private:
  // As they leave the factory.
  std::set<std::string, std::less<>> folders_{"C:", "C:/Audio", "C:/Picture", "C:/Video",
                                              "C:/VideoCall"};
  std::map<std::string, std::string, std::less<>> files_;
};

}  // namespace sim52xx::sim
