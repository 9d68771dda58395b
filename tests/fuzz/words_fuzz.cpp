// What is read out of one line: fields, numbers, unsolicited codes with their alerts, raw AT
// commands of an admin. Any bytes are read in bounds, and a number is what it says.
#include <string>

#include "protocol/alert.hpp"
#include "protocol/at_families.hpp"
#include "protocol/fields.hpp"
#include "protocol/raw_command.hpp"
#include "protocol/urc.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace sim52xx::fuzz {
namespace {

bool within(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() &&
                          part.data() + part.size() <= whole.data() + whole.size());
}

void fields(std::string_view line) {
  const Fields read(line);
  check(within(read.name(), line) && within(read.rest(), line), "views are of the line");
  check(read.size() <= Fields::capacity, "there is room for so many");
  for (std::size_t i = 0; i < Fields::capacity + 2; ++i) {
    check(within(read.text(i), line), "a field is of the line");
    if (const auto length = read.length(i)) check(*length <= Fields::max_block, "a bounded block");
    const auto number = read.number(i);
    if (!number) continue;
    check(to_number(std::to_string(*number)) == number, "a number says itself");
  }
}

void alert(std::string_view line) {
  const Urc urc = parse_urc(line);
  check(may_become_urc(line.substr(0, 1)) || std::holds_alternative<urc::Unknown>(urc),
        "what begins unlike every code is none");
  const auto* said = std::get_if<urc::SslAlert>(&urc);
  if (said == nullptr) return;
  check(!alert_names(said->alert.bits).empty() || said->alert.bits == 0, "every bit has a name");
  const auto verdict = answer(said->alert, 0);
  check(verdict != AlertAnswer::go_on, "nothing is accepted that nobody accepts");
}

void run(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::string line(input.rest());
  fields(line);
  alert(line);
  if (const auto raw = check_raw_command(line))
    check(raw->line.wire.find('\r') == raw->line.wire.size() - 1, "one command is one line");
}

}  // namespace
}  // namespace sim52xx::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sim52xx::fuzz::run(data, size);
  return 0;
}
