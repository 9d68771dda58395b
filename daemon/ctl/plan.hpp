// What the command line came to: what holds for every verb, and what is to be done.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/ctl/client.hpp"
#include "daemon/ctl/failure.hpp"
#include "daemon/ctl/style.hpp"

namespace CLI {  // NOLINT: theirs
class App;
}

namespace sim52xx::ctl {

struct Globals {
  std::string socket = "/run/sim52xx/control.sock";
  bool json = false;  // results and errors as the daemon sends them
  Style out;          // of standard output
  Style err;
};

struct Plan {
  Globals globals;
  std::function<Outcome<void>()> action;
};

// To standard output. What cannot be written is found out by flush().
void print(std::string_view text);
Outcome<void> flush();

// A result object for scripts: one line, as it came.
void print_json(const json& value);

// Sets what the verb does; to be called by the verb's callback.
template <class Options>
std::function<void()> doing(Plan& plan, std::shared_ptr<Options> options,
                            Outcome<void> (*run)(const Globals&, const Options&)) {
  return [&plan, options, run] {
    plan.action = [&plan, options, run] { return run(plan.globals, *options); };
  };
}

}  // namespace sim52xx::ctl
