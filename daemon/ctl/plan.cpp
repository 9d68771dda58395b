#include "daemon/ctl/plan.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace sim52xx::ctl {

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

Outcome<void> flush() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return {};
  return Failure(Exit::failed,
                 "cannot write to standard output: " + std::system_category().message(errno));
}

void print_json(const json& value) {
  print(value.dump(-1, ' ', false, json::error_handler_t::replace) + '\n');
}

}  // namespace sim52xx::ctl
