// Passwords, from where nobody else reads them: a file, the environment, the terminal; or only the
// name of one that the daemon has. Never from the command line.
#pragma once

#include <string>

#include "daemon/ctl/failure.hpp"

namespace sim52xx::ctl {

struct PasswordOptions {
  std::string file;        // "-": the first line of standard input
  std::string credential;  // a name in the daemon's configuration
};

// Puts `password` or `password_credential` into the parameters. Asks on the terminal, with `what`,
// where nothing else says it.
Outcome<void> put_password(json& params, const PasswordOptions& options, const std::string& what);

}  // namespace sim52xx::ctl
