// sim52xxctl: the admin's and the scripts' client of the control socket.
#include <chrono>
#include <cstdio>

#include <unistd.h>

#include "daemon/ctl/command_line.hpp"
#include "daemon/ctl/error_text.hpp"

namespace sim52xx::ctl {
namespace {

void report(const Globals& globals, const Failure& failure) {
  const std::string words =
      globals.json
          ? error_object(failure).dump(-1, ' ', false, json::error_handler_t::replace) + "\n"
          : error_text(failure, globals.err, std::chrono::system_clock::now());
  std::fwrite(words.data(), 1, words.size(), stderr);
}

Exit run(int argc, const char* const* argv) {
  Plan plan;
  plan.globals.out = Style::of(STDOUT_FILENO);
  plan.globals.err = Style::of(STDERR_FILENO);
  const auto parsed = parse(argc, argv, plan);
  if (const Exit* exit = std::get_if<Exit>(&parsed)) return *exit;
  auto done = plan.action();
  const auto written = flush();
  if (done && !written) done = written.error();
  if (done) return Exit::ok;
  report(plan.globals, done.error());
  return done.error().exit;
}

}  // namespace
}  // namespace sim52xx::ctl

int main(int argc, char** argv) {
  return static_cast<int>(sim52xx::ctl::run(argc, argv));
}
