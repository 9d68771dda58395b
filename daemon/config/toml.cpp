#define TOML_IMPLEMENTATION
#include "daemon/config/toml.hpp"

namespace sim52xx::daemon::config {

void toml_assertion(const char* expression) {
  throw TomlAssertion(expression);
}

}  // namespace sim52xx::daemon::config
