// A line of the control socket: requests, or the answers that refuse it. Whatever it is, the
// answer is one line of JSON, and what is deeper or more than the limits is refused.
#include <string>

#include "daemon/control/methods.hpp"
#include "daemon/control/rpc.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace sim52xx::fuzz {
namespace {

using namespace daemon::control;

const Method& method() {
  static const Method made(
      "ftps.run", Who::user, "", {{"host", Type::text, "", true},
                                  {"port", Type::integer, ""},
                                  {"detach", Type::boolean, ""},
                                  {"headers", Type::object, ""},
                                  {"body_fd", Type::descriptor, ""},
                                  {"steps", std::vector<Parameter>{{"op", Type::text, "", true}}, ""}},
      "", nullptr);
  return made;
}

void run(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const Message message = parse(input.rest());
  check(message.entries.size() <= batch_limit, "no batch is longer");
  for (const auto& entry : message.entries) {
    if (const auto* refused = std::get_if<json>(&entry)) {
      const std::string line = to_line(*refused);
      check(line.find('\n') == line.size() - 1, "an answer is one line");
      continue;
    }
    const auto& request = std::get<Request>(entry);
    check(request.params.is_object(), "parameters are an object");
    check_parameters(method(), request);
    descriptors_needed(method(), request.params);
    to_line(answer(request.id, request.params));
  }
}

}  // namespace
}  // namespace sim52xx::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sim52xx::fuzz::run(data, size);
  return 0;
}
