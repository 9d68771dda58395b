// A configuration: it is read, or every problem is told with its place; and what was read and is
// printed reads back as the same.
#include <string>

#include "daemon/config/reader.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace sim52xx::fuzz {
namespace {

using namespace daemon::config;

void run(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const Loaded loaded = load({Source{"f", std::string(input.rest())}});
  for (const std::string& problem : loaded.problems)
    check(problem.starts_with("f"), "a problem names its file");
  if (!loaded.ok()) return;
  const std::string printed = print_config(loaded.config, loaded.settings);
  const Loaded again = load({Source{"printed", printed}});
  check(again.ok(), "what is printed can be read");
  check(again.config == loaded.config, "and is the same");
}

}  // namespace
}  // namespace sim52xx::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sim52xx::fuzz::run(data, size);
  return 0;
}
