#include "daemon/modem/marker.hpp"

#include <fstream>
#include <system_error>

#include <spdlog/spdlog.h>

namespace sim52xx::daemon {

bool Marker::is_set() const {
  std::error_code ignored;
  return std::filesystem::exists(path_, ignored);
}

void Marker::set() const {
  std::ofstream file(path_);
  if (!file) spdlog::warn("cannot write {}: a restart may take longer", path_.string());
}

void Marker::clear() const {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace sim52xx::daemon
