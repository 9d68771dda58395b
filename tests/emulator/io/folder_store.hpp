// The modem's file system as a folder of the host: C: is the folder itself, D: (the card, when
// there is one) the folder "D:" in it.
#pragma once

#include <filesystem>
#include <string>

#include "tests/emulator/core/file_store.hpp"

namespace sim52xx::sim {

class FolderStore final : public FileStore {
 public:
  // Makes the factory's folders where they are missing.
  explicit FolderStore(std::filesystem::path root);

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
  [[nodiscard]] std::filesystem::path real(const std::string& path) const;

  std::filesystem::path root_;
};

}  // namespace sim52xx::sim
