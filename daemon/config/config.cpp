#include "daemon/config/config.hpp"

namespace sim52xx::daemon::config {

const StackTimeouts& Timeouts::of(Stack stack) const {
  switch (stack) {
    case Stack::https:
      return https;
    case Stack::ftps:
      return ftps;
    case Stack::ssl:
      return ssl;
    case Stack::none:
      break;
  }
  return common;
}

const Endpoint* Config::endpoint(std::string_view name) const {
  for (const Endpoint& candidate : endpoints)
    if (candidate.name == name) return &candidate;
  return nullptr;
}

}  // namespace sim52xx::daemon::config
