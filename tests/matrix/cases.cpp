#include "tests/matrix/cases.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace sim52xx::test {
namespace {

using enum sim::FaultKind;
using sim::Answer;
using sim::FaultSteps;

// The places in what the modem prints where a fault does something of its own.
std::set<std::size_t> places(const FaultSteps::Printed& printed) {
  const std::size_t size = printed.size;
  const std::size_t head = std::min(printed.payload, size);
  std::set<std::size_t> all{0, size - 1};
  if (head > 6) all.insert({2, head / 2, head - 3, head - 2, head - 1});
  if (head < size) all.insert({head, (head + size) / 2, size - std::min<std::size_t>(size, 3)});
  return all;
}

std::set<std::size_t> places_of_command(std::string_view body) {
  if (body.empty()) return {};
  return {0, body.size() / 2, body.size() - 1};
}

bool of_payload(sim::FaultKind kind) {
  return kind == payload_drop || kind == payload_garble || kind == payload_repeat;
}

bool of_line(sim::FaultKind kind) {
  return kind == host_drop || kind == host_garble || kind == host_repeat;
}

bool has_block(const FaultSteps::Printed& printed) {
  return printed.kind == Answer::block;
}

bool has_session(const FaultSteps::Printed& printed) {
  return printed.text.starts_with("+CSSL") || printed.text.starts_with("+CCH_PEER");
}

bool suits(sim::FaultKind kind, const FaultSteps::Printed& printed) {
  const bool block = kind == long_data || kind == short_data;
  return block ? has_block(printed) : kind != wrong_id || has_session(printed);
}

// The faults that count only some of the answers: how many there are.
std::size_t suitable(const sim::FaultRow& row, const FaultSteps::Log& log) {
  const auto fits = [&](const FaultSteps::Printed& printed) { return suits(row.kind, printed); };
  return static_cast<std::size_t>(std::ranges::count_if(log.answers, fits));
}

void add_answers(std::vector<Case>& all, Case one, const sim::FaultRow& row,
                 const FaultSteps::Log& log) {
  const std::size_t steps = row.at ? log.answers.size() : suitable(row, log);
  for (one.step = 1; one.step <= steps; ++one.step) {
    one.at = 0;
    if (!row.at) {
      all.push_back(one);
      continue;
    }
    for (const std::size_t at : places(log.answers[one.step - 1])) {
      one.at = at;
      all.push_back(one);
    }
  }
}

void add_commands(std::vector<Case>& all, Case one, const sim::FaultRow& row,
                  const FaultSteps::Log& log) {
  for (one.step = 1; one.step <= log.commands.size(); ++one.step) {
    const FaultSteps::Command& command = log.commands[one.step - 1];
    std::set<std::size_t> at{0};
    if ((of_payload(row.kind) || row.kind == no_prompt) && !command.payload) continue;
    if (of_payload(row.kind)) at = {0, 60};
    if (of_line(row.kind)) at = places_of_command(command.text);
    for (const std::size_t place : at) {
      one.at = place;
      all.push_back(one);
    }
  }
}

template <class Number>
bool read(std::string_view text, Number& number) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

}  // namespace

std::string Case::name() const {
  const sim::FaultRow& row = sim::row_of(fault);
  std::string text =
      std::string(dialogue->name) + "/" + std::string(row.name) + "/" + std::to_string(step);
  if (row.at) text += "/" + std::to_string(at);
  return text;
}

std::optional<Case> Case::parse(std::string_view name) {
  std::vector<std::string_view> parts;
  for (auto slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/')) {
    parts.push_back(name.substr(0, slash));
    name.remove_prefix(slash + 1);
  }
  parts.push_back(name);
  if (parts.size() != 3 && parts.size() != 4) return std::nullopt;
  Case one;
  one.dialogue = find_dialogue(parts[0]);
  const sim::FaultRow* const row = sim::find_fault(parts[1]);
  if (one.dialogue == nullptr || row == nullptr || !read(parts[2], one.step)) return std::nullopt;
  if (parts.size() == 4 && !read(parts[3], one.at)) return std::nullopt;
  one.fault = row->kind;
  return one;
}

// In which part of what is printed that byte is.
std::string part_of(std::size_t at, const FaultSteps::Printed& printed) {
  if (printed.kind == Answer::data) return "bytes";
  if (at <= 2) return "begin";
  if (at < printed.payload) return "head";
  return at + 2 < printed.size ? "bytes" : "end";
}

std::string step_of(const Case& what, const FaultSteps::Log& log) {
  if (sim::row_of(what.fault).step == sim::FaultStep::command)
    return what.step > log.commands.size() ? "" : "AT" + log.commands[what.step - 1].text;
  std::size_t left = what.step;
  for (const FaultSteps::Printed& printed : log.answers) {
    if (!suits(what.fault, printed) || --left > 0) continue;
    const bool wordless = printed.kind == Answer::data || printed.kind == Answer::prompt;
    const std::string words = wordless ? std::string(name(printed.kind)) : printed.text;
    return sim::row_of(what.fault).at ? words + " " + part_of(what.at, printed) : words;
  }
  return {};
}

std::vector<Case> cases_of(const Dialogue& dialogue, const FaultSteps::Log& log) {
  std::vector<Case> all;
  for (const sim::FaultRow& row : sim::fault_list()) {
    Case one;
    one.dialogue = &dialogue;
    one.fault = row.kind;
    if (row.step == sim::FaultStep::answer)
      add_answers(all, one, row, log);
    else
      add_commands(all, one, row, log);
  }
  return all;
}

Blind blind_to(const Case& what, const FaultSteps::Log& log) {
  Blind blind;
  const sim::FaultRow& row = sim::row_of(what.fault);
  if (row.step == sim::FaultStep::answer) {
    if (!row.at) return blind;
    const FaultSteps::Printed& printed = log.answers.at(what.step - 1);
    // Bytes of the peer in transparent mode are what they are.
    if (printed.kind == Answer::data) blind.down = blind.waits = true;
    // In a counted block only their number is known.
    const bool counted = what.at >= printed.payload && what.at + 2 < printed.size;
    if (printed.kind == Answer::block && what.fault == garble && counted) blind.down = true;
    return blind;
  }
  const FaultSteps::Command& command = log.commands.at(what.step - 1);
  const bool online = command.text.starts_with("+CSSLOPEN=0") || command.text == "O";
  if (of_payload(what.fault)) {
    blind.up = what.fault != payload_drop || online;
    blind.waits = online;
  }
  // The modem was told something else, and did that.
  if (of_line(what.fault)) blind.up = blind.waits = blind.told = true;
  // It says of both what it says when a peer closes.
  if (what.fault == peer_close || what.fault == network_loss) blind.cut = true;
  return blind;
}

}  // namespace sim52xx::test
