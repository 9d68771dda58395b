// Secrets are named in the configuration and read when they are needed; nothing keeps them.
#pragma once

#include <string>

#include "daemon/config/config.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon::config {

// The secret without its trailing line end: from $CREDENTIALS_DIRECTORY/<credential>, or from the
// file. Errors name the file, never its content; ErrorKind::invalid where `name` is not set.
Result<std::string> read_secret(const SecretName& name);

// The same with another credentials directory; empty stands for none.
Result<std::string> read_secret(const SecretName& name, const std::string& credentials_directory);

}  // namespace sim52xx::daemon::config
