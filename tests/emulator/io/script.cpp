#include "tests/emulator/io/script.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "tests/emulator/io/control.hpp"
#include "tests/emulator/io/log.hpp"

namespace sim52xx::sim {

using nlohmann::json;

namespace {

constexpr double longest = 1e6;  // seconds

// Why this is no line of a script; empty where it is.
std::string why_not(const json& act) {
  if (!act.is_object()) return "a JSON object is wanted";
  if (!act.contains("at") || !act["at"].is_number()) return "\"at\" (seconds) is missing";
  const auto at = act["at"].get<double>();
  if (at < 0 || at > longest) return "\"at\" is not within 0 to 1000000 seconds";
  if (!act.contains("cmd") || !act["cmd"].is_string()) return "\"cmd\" is missing";
  const auto name = act["cmd"].get<std::string>();
  const auto commands = control_commands();
  const bool known =
      std::ranges::any_of(commands, [&](const auto& row) { return row.first == name; });
  return known ? "" : "there is no command " + name;
}

}  // namespace

Script::Script(asio::io_context& io, Emulator& emulator, std::string path, double scale)
    : emulator_(emulator), path_(std::move(path)), timer_(io) {
  std::ifstream file(path_);
  if (!file) throw std::runtime_error(path_ + " cannot be read");
  std::string text;
  for (std::size_t line = 1; std::getline(file, text); ++line) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first != std::string::npos && text[first] != '#') acts_.push_back(read_act(text, line));
  }
  for (Act& act : acts_)
    act.at *= scale;
  std::ranges::sort(acts_, [](const Act& a, const Act& b) {
    return std::tie(a.at, a.line) < std::tie(b.at, b.line);
  });
  wait();
}

Script::Act Script::read_act(const std::string& text, std::size_t line) const {
  json act = json::parse(text, nullptr, false);
  if (const auto why = why_not(act); !why.empty())
    throw std::runtime_error(path_ + ":" + std::to_string(line) + ": " + why);
  const std::chrono::duration<double> at(act["at"].get<double>());
  act.erase("at");
  return {at, line, act.dump()};
}

void Script::wait() {
  if (next_ == acts_.size()) return;
  const Act& act = acts_[next_];
  timer_.expires_at(start_ + std::chrono::duration_cast<std::chrono::nanoseconds>(act.at));
  timer_.async_wait([this, &act](const error_code& failure) {
    if (failure) return;
    carry_out(act);
    ++next_;
    wait();
  });
}

void Script::carry_out(const Act& act) {
  const json answer = json::parse(control_answer(emulator_, act.command), nullptr, false);
  if (answer.value("ok", false)) return;
  say(path_ + ":" + std::to_string(act.line) + ": " + answer.value("error", std::string()));
}

}  // namespace sim52xx::sim
