#include "tests/matrix/judge.hpp"

#include <filesystem>
#include <stdexcept>
#include <utility>

#include <unistd.h>

namespace sim52xx::test {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30min;        // of a client; more than any of the note's timers
constexpr auto recovery_patience = 2h;  // for the daemon to be ready again
constexpr int attempts = 4;             // of the same dialogue afterwards, until one goes well

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                       std::filesystem::directory_iterator());
}

// Where two texts part, in words.
std::string difference(std::string_view got, std::string_view wanted) {
  std::size_t same = 0;
  while (same < got.size() && same < wanted.size() && got[same] == wanted[same])
    ++same;
  return std::to_string(got.size()) + " bytes instead of " + std::to_string(wanted.size()) +
         ", the same up to byte " + std::to_string(same);
}

class Judge {
 public:
  Judge(World& world, Verdict& verdict) : world_(world), verdict_(verdict) {}

  void complain(End end, const std::string& words) { verdict_.complaints.push_back({end, words}); }

  // Plays the dialogue; whether all went well.
  bool play(const Dialogue& dialogue, const Blind& blind) {
    world_.network.forget();
    auto run = dialogue.begin(world_);
    const bool over = world_.stage.until([&] { return run->over(); }, patience);
    if (!over && !blind.waits) complain(client_waits, "the client hangs");
    if (!over) run->give_up();
    bool good = over;
    verdict_.outcomes = run->outcomes();
    for (const Outcome& outcome : verdict_.outcomes) {
      judge(outcome, blind);
      good = good && outcome.good;
      if (!outcome.failure.empty()) verdict_.told += outcome.who + ": " + outcome.failure + "; ";
      verdict_.quiet = verdict_.quiet || outcome.quiet;
    }
    return good;
  }

  bool settle() {
    const bool quiet = world_.stage.until([&] { return world_.quiet(); }, recovery_patience);
    if (!quiet) complain(restless, "the daemon does not come to rest: " + world_.unrest());
    return quiet;
  }

 private:
  void judge(const Outcome& outcome, const Blind& blind) {
    if (!outcome.good) return;
    const bool whole = blind.cut ? std::string_view(outcome.said).starts_with(outcome.got)
                                 : outcome.got == outcome.wanted;
    if (!blind.down && !whole)
      complain(wrong_data, outcome.who + " was told success with wrong data: " +
                               difference(outcome.got, outcome.wanted));
    if (!blind.up && !blind.cut && outcome.heard != outcome.written)
      complain(wrong_data, outcome.who + " was told success, but the server got wrong data: " +
                               difference(outcome.heard, outcome.written));
  }

  World& world_;
  Verdict& verdict_;
};

void after_the_fault(World& world, const Dialogue& dialogue, Judge& judge, Verdict& verdict) {
  const Dialogue& next = dialogue.from_bring_up ? *find_dialogue("ssl_counted") : dialogue;
  bool good = false;
  const std::string told = verdict.told;
  const bool quiet = verdict.quiet;
  for (int i = 0; i < attempts && !good; ++i) {
    world.note("once more, without fault");
    good = judge.play(next, {});
    if (!judge.settle()) return;
  }
  if (!good) judge.complain(out_of_service, "it does not work afterwards: " + verdict.told);
  verdict.told = told;
  verdict.quiet = quiet;
}

void play_in(World& world, const Case& what, const sim::FaultSteps::Log& log, Verdict& verdict) {
  Judge judge(world, verdict);
  const sim::StepFault fault{what.fault, what.step, "", what.at, sim::row_of(what.fault).seconds};
  if (what.dialogue->from_bring_up) world.sim.arm(fault);
  world.start();
  if (!what.dialogue->from_bring_up) {
    if (!judge.settle()) return;
    world.sim.arm(fault);
  }
  verdict.good = judge.play(*what.dialogue, blind_to(what, log));
  const std::vector<Outcome> outcomes = verdict.outcomes;
  verdict.wire = world.wire();
  const bool rests = judge.settle();
  verdict.struck = world.sim.steps().struck() > 0;
  world.sim.steps().disarm();
  if (rests) after_the_fault(world, *what.dialogue, judge, verdict);
  const bool asked = !blind_to(what, log).told;
  if (asked && world.sim.exclusion().violations() > 0)
    judge.complain(rules_broken, "a stack was started while another one ran");
  if (!world.stop()) judge.complain(restless, "the daemon does not stop");
  verdict.outcomes = outcomes;
}

}  // namespace

std::filesystem::path folder() {
  return std::filesystem::temp_directory_path() / ("sim52xx-matrix-" + std::to_string(getpid()));
}

sim::FaultSteps::Log play_without_fault(const Dialogue& dialogue) {
  World world(folder());
  Verdict verdict;
  Judge judge(world, verdict);
  if (dialogue.from_bring_up) world.sim.steps().keep_log(true);
  world.start();
  if (!dialogue.from_bring_up) {
    judge.settle();
    world.sim.steps().keep_log(true);
  }
  const bool good = judge.play(dialogue, {});
  judge.settle();
  const sim::FaultSteps::Log log = world.sim.steps().log();
  world.stop();
  if (good && verdict.complaints.empty()) return log;
  const std::string why =
      verdict.complaints.empty() ? verdict.told : verdict.complaints.front().words;
  throw std::runtime_error(std::string(dialogue.name) +
                           " does not even work without fault: " + why + "\n" + world.trace());
}

Verdict play(const Case& what, const sim::FaultSteps::Log& log) {
  Verdict verdict;
  const auto descriptors = open_descriptors();
  {
    World world(folder());
    play_in(world, what, log, verdict);
    verdict.trace = world.trace();
    verdict.log = world.stage.log();
  }
  if (const auto left = open_descriptors() - descriptors; left != 0)
    verdict.complaints.push_back({leak, std::to_string(left) + " descriptors are left"});
  return verdict;
}

namespace {

std::string told(const Outcome& outcome) {
  if (outcome.good) return "all went well";
  return outcome.failure.empty() ? "nothing" : outcome.failure;
}

}  // namespace

std::vector<std::string> replay(const Case& what, const Verdict& was) {
  std::vector<std::string> differences;
  World world(folder(), sim::read_transcript(was.wire));
  Verdict again;
  Judge judge(world, again);
  world.start();
  if (!what.dialogue->from_bring_up) judge.settle();
  judge.play(*what.dialogue, {});
  for (std::size_t i = 0; i < was.outcomes.size() && i < again.outcomes.size(); ++i) {
    const Outcome& first = was.outcomes[i];
    const Outcome& second = again.outcomes[i];
    if (told(first) != told(second))
      differences.push_back(first.who + " was told: " + told(first) +
                            "; in the replay: " + told(second));
    // What a job that failed had received until then, it keeps to itself.
    const bool shown = first.good || first.who != "job";
    if (shown && first.got != second.got)
      differences.push_back(first.who + " got " + difference(second.got, first.got) +
                            ", in the replay");
  }
  if (!world.astray().empty() && !differences.empty())
    differences.push_back("the daemon leaves the trace in line " + world.astray());
  world.stop();
  return differences;
}

}  // namespace sim52xx::test
