#include "daemon/system/descriptor_limit.hpp"

#include <sys/resource.h>

namespace sim52xx::daemon {
namespace {

constexpr rlim_t reserve = 128;

}  // namespace

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlimit raised{limit.rlim_max, limit.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  return static_cast<std::size_t>(limit.rlim_cur);
}

bool is_one_of_the_last(int fd) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  return static_cast<rlim_t>(fd) + reserve >= limit.rlim_cur;
}

}  // namespace sim52xx::daemon
