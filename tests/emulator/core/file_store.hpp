// The modem's flash and card, as its core sees them. Paths are whole: "C:/Picture/a.jpg".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim52xx::sim {

class FileStore {
 public:
  struct Listing {
    std::vector<std::string> folders;
    std::vector<std::string> files;
  };
  struct Facts {
    std::int64_t size = 0;
    std::string date;  // "2012/08/22 10:24:46"
  };

  FileStore() = default;
  FileStore(const FileStore&) = delete;
  FileStore& operator=(const FileStore&) = delete;
  virtual ~FileStore() = default;

  [[nodiscard]] virtual std::optional<Listing> list(const std::string& folder) const = 0;
  [[nodiscard]] virtual std::optional<Facts> facts(const std::string& file) const = 0;
  // Bytes in all files.
  [[nodiscard]] virtual std::int64_t used() const = 0;
  // At most `count` bytes; fewer at the end.
  [[nodiscard]] virtual std::string read(const std::string& file, std::int64_t offset,
                                         std::size_t count) const = 0;
  // Makes the file if need be and cuts it off behind `bytes`; false when there is no room.
  virtual bool write(const std::string& file, std::int64_t offset, std::string_view bytes) = 0;
  virtual bool remove(const std::string& file) = 0;
  virtual bool rename(const std::string& from, const std::string& to) = 0;
  virtual bool make_folder(const std::string& folder) = 0;
  // An empty one.
  virtual bool remove_folder(const std::string& folder) = 0;
};

}  // namespace sim52xx::sim
