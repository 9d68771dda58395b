// A file in the runtime directory that says: this modem was put into data mode and may still be
// there. It lets the next start begin with the escape, and a clean one save the guard time.
#pragma once

#include <filesystem>

namespace sim52xx::daemon {

class Marker {
 public:
  explicit Marker(std::filesystem::path path) : path_(std::move(path)) {}

  [[nodiscard]] bool is_set() const;
  void set() const;
  void clear() const;

 private:
  std::filesystem::path path_;
};

}  // namespace sim52xx::daemon
