// ftps://USER@HOST[:PORT]/PATH, as curl reads it: the path begins in the directory of the login,
// a second slash makes it absolute; %XX stands for a byte.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/ctl/failure.hpp"

namespace sim52xx::ctl {

struct FtpsUrl {
  std::string host;
  std::optional<int> port;
  std::string user;  // empty: not given
  std::string path;  // empty: the directory of the login
};

// Refuses a URL with a password: arguments can be read by everybody on the machine.
Outcome<FtpsUrl> parse_ftps_url(std::string_view url);

// The last part of a path: what a file is called.
std::string_view base_name(std::string_view path);

}  // namespace sim52xx::ctl
