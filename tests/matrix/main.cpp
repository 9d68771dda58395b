// fault_matrix: plays every fault at every step of every dialogue (tests/matrix/run starts it).
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <string>

#include <malloc.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tests/matrix/judge.hpp"
#include "tests/matrix/known_cases.hpp"

namespace {

using namespace sim52xx;
using namespace sim52xx::test;
using nlohmann::json;
using Logs = std::map<std::string_view, sim::FaultSteps::Log>;

constexpr std::size_t most_traces = 1;  // of the cases of a dialogue that fail, unless asked for

struct Options {
  std::vector<std::string> cases;
  std::string dialogue;
  std::string json_file;
  std::string command = "fault_matrix";
  unsigned shard = 0;
  unsigned shards = 1;
  unsigned every = 1;
  unsigned first = 0;
  bool list = false;
  bool steps = false;
  bool verbose = false;
  unsigned replay = 0;  // the trace of every so many-th case is played, too
};

struct Sum {
  std::size_t cases = 0;
  std::size_t good = 0;    // in spite of the fault
  std::size_t failed = 0;  // clearly
  std::size_t quiet = 0;   // of these, told by status alone
  std::size_t missed = 0;  // the fault had nothing to strike
  std::size_t replayed = 0;
  std::size_t known = 0;
  std::size_t wrong = 0;
};

void show(const Case& what, const std::string& step, const Verdict& verdict, const Options& options,
          bool traced) {
  std::cout << (verdict.complaints.empty() ? "ok " : "FAILED ") << what.name() << " at " << step
            << "\n";
  for (const Complaint& complaint : verdict.complaints)
    std::cout << "  " << complaint.words << "\n";
  std::cout << "  again: " << options.command << " --case " << what.name() << "\n";
  if (!traced) return;
  std::cout << "--- what the client was told: " << verdict.told << "\n--- wire trace:\n"
            << verdict.trace << "--- the same as the daemon keeps it:\n"
            << verdict.wire << "--- log of the daemon:\n"
            << verdict.log << std::flush;
}

void count(Sum& sum, const Verdict& verdict) {
  ++sum.cases;
  if (!verdict.struck) ++sum.missed;
  if (verdict.good)
    ++sum.good;
  else
    ++sum.failed;
  if (verdict.quiet && !verdict.good) ++sum.quiet;
}

// What one case leaves allocated; 0 where the allocator does not tell (sanitizers, which look
// themselves).
std::int64_t allocated() {
  return static_cast<std::int64_t>(mallinfo2().uordblks);
}

// The line of the list that allows all that is wrong; nullptr: there is none.
const KnownCase* excuse(const Case& what, const std::string& step, const Verdict& verdict) {
  const KnownCase* known = nullptr;
  for (const Complaint& complaint : verdict.complaints) {
    known = find_known(what.dialogue->name, sim::row_of(what.fault).name, step, complaint.end);
    if (known == nullptr) return nullptr;
  }
  return known;
}

std::int64_t held_by(const Verdict& verdict) {
  std::size_t held = verdict.trace.capacity() + verdict.log.capacity() + verdict.wire.capacity();
  held += verdict.outcomes.capacity() * sizeof(test::Outcome);
  for (const test::Outcome& one : verdict.outcomes)
    held += one.got.capacity() + one.wanted.capacity() + one.said.capacity() +
            one.heard.capacity() + one.written.capacity();
  return static_cast<std::int64_t>(held);
}

json play_one(const Case& what, const Logs& logs, const Options& options, Sum& sum,
              std::int64_t& leak) {
  const std::int64_t before = allocated();
  Verdict verdict = play(what, logs.at(what.dialogue->name));
  if (options.replay > 0 && sum.cases % options.replay == 0) {
    ++sum.replayed;
    for (const std::string& difference : replay(what, verdict))
      verdict.complaints.push_back({replays_otherwise, difference});
  }
  const std::int64_t kept = held_by(verdict);
  leak += allocated() - before - kept;
  count(sum, verdict);
  const bool wrong = !verdict.complaints.empty();
  const std::string step = step_of(what, logs.at(what.dialogue->name));
  const KnownCase* const known = wrong ? excuse(what, step, verdict) : nullptr;
  const bool failed = wrong && known == nullptr;
  if (known != nullptr) ++sum.known;
  if (failed) ++sum.wrong;
  if (failed || options.verbose)
    show(what, step, verdict, options, options.verbose || sum.wrong <= most_traces);
  json test = json::object();
  test["name"] = "matrix." + what.name();
  test["outcome"] = failed ? "failed" : "passed";
  if (known != nullptr) test["known"] = known->pattern();
  return test;
}

std::vector<Case> wanted(const Options& options, Logs& logs) {
  std::vector<Case> all;
  std::vector<Case> named;
  for (const std::string& name : options.cases) {
    const auto one = Case::parse(name);
    if (!one) throw CLI::ValidationError("--case", "no such case: " + name);
    named.push_back(*one);
  }
  for (const Dialogue& dialogue : dialogues()) {
    if (!options.dialogue.empty() && options.dialogue != dialogue.name) continue;
    const auto asked = [&](const Case& one) { return one.dialogue == &dialogue; };
    if (!named.empty() && std::ranges::none_of(named, asked)) continue;
    logs[dialogue.name] = play_without_fault(dialogue);
    const auto cases = cases_of(dialogue, logs[dialogue.name]);
    all.insert(all.end(), cases.begin(), cases.end());
  }
  if (!named.empty()) return named;
  std::vector<Case> mine;
  for (std::size_t i = options.first; i < all.size(); i += options.every)
    if (i / options.every % options.shards == options.shard) mine.push_back(all[i]);
  return mine;
}

void show_steps(const Logs& logs) {
  for (const auto& [name, log] : logs) {
    std::cout << name << ": " << log.commands.size() << " commands, " << log.answers.size()
              << " answers\n";
    for (std::size_t i = 0; i < log.commands.size(); ++i)
      std::cout << "  command " << i + 1 << ": AT" << log.commands[i].text << "\n";
    for (std::size_t i = 0; i < log.answers.size(); ++i)
      std::cout << "  answer " << i + 1 << ": " << sim::name(log.answers[i].kind) << ", "
                << log.answers[i].size << " bytes " << log.answers[i].text << "\n";
  }
}

json to_json(const Sum& sum) {
  json out = json::object();
  out["cases"] = sum.cases;
  out["good"] = sum.good;
  out["failed"] = sum.failed;
  out["quiet"] = sum.quiet;
  out["missed"] = sum.missed;
  out["replayed"] = sum.replayed;
  out["known"] = sum.known;
  out["wrong"] = sum.wrong;
  return out;
}

int run(const Options& options) {
  Logs logs;
  const std::vector<Case> cases = wanted(options, logs);
  if (options.steps) show_steps(logs);
  if (options.list)
    for (const Case& one : cases)
      std::cout << one.name() << "\n";
  if (options.list || options.steps) return 0;
  json out = json::object();
  out["tests"] = json::array();
  out["sums"] = out["known"] = json::object();
  std::map<std::string_view, Sum> sums;
  std::int64_t leak = 0;
  for (const Case& one : cases)
    out["tests"].push_back(play_one(one, logs, options, sums[one.dialogue->name], leak));
  out["leak"] = leak;
  for (const KnownCase& known : known_cases())
    out["known"][known.pattern()] = std::string(known.reason);
  std::size_t wrong = 0;
  for (const auto& [name, sum] : sums) {
    wrong += sum.wrong;
    out["sums"][std::string(name)] = to_json(sum);
  }
  if (!options.json_file.empty()) std::ofstream(options.json_file) << out.dump(1) << "\n";
  if (options.json_file.empty() || options.verbose) std::cout << out["sums"].dump(1) << "\n";
  return wrong == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  options.command = argv[0];  // NOLINT: argv has its name
  CLI::App app("Every fault at every step of every dialogue, in virtual time");
  app.add_option("--case", options.cases,
                 "only that one: DIALOGUE/FAULT/STEP[/BYTE]; with its trace");
  app.add_option("--dialogue", options.dialogue, "only those of that dialogue");
  app.add_option("--json", options.json_file, "write the results there");
  app.add_option("--shard", options.shard, "which part of --shards");
  app.add_option("--shards", options.shards, "how many parts");
  app.add_option("--every", options.every, "only every so many-th case");
  app.add_option("--first", options.first, "and which one is the first, from 0");
  app.add_option("--replay", options.replay,
                 "the trace of every so many-th case is played to another daemon: the same end");
  app.add_flag("--list", options.list, "only the names of the cases");
  app.add_flag("--steps", options.steps, "only the steps of the dialogues");
  app.add_flag("--verbose", options.verbose, "the trace of each case");
  CLI11_PARSE(app, argc, argv);
  if (!options.cases.empty()) options.verbose = true;
  int code = 2;
  try {
    code = run(options);
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << "\n";
  }
  std::error_code gone;
  std::filesystem::remove_all(folder(), gone);
  return code;
}
