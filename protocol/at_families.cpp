#include "protocol/at_families.hpp"

#include <array>

namespace sim52xx {

std::string_view name(AtFamily family) {
  constexpr std::array<std::string_view, 6> names{"", "tcpip", "mms", "gps", "http", "ftp"};
  return names.at(static_cast<std::size_t>(family));
}

}  // namespace sim52xx
