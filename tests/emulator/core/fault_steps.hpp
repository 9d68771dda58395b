// Wraps the modem's commands and what it prints: counts the steps of a dialogue and makes the
// faults that were armed for them. Knows the names of no command; does nothing while none is armed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/core/fault_list.hpp"

namespace sim52xx::sim {

// What the modem prints in one go.
enum class Answer : std::uint8_t { line, final, block, prompt, data };
std::string_view name(Answer answer);

class FaultSteps {
 public:
  // What passed, in order. Kept only when asked for.
  struct Command {
    std::string text;
    bool payload = false;  // a prompt or CONNECT followed
  };
  struct Printed {
    Answer kind = Answer::line;
    std::string text;         // without what is counted
    std::size_t size = 0;     // of all of it
    std::size_t payload = 0;  // where counted bytes or data begin; `size` where there are none
  };
  struct Log {
    std::vector<Command> commands;
    std::vector<Printed> answers;
  };

  // What becomes of something that is to be printed.
  struct Shape {
    std::string now{};
    std::string later{};  // so many seconds later
    double seconds = 0;
    bool silence = false;  // nothing else is printed until then
    bool busy = false;     // nor is the host heard
  };

  void arm(StepFault fault) { armed_.push_back(std::move(fault)); }
  [[nodiscard]] std::size_t armed() const { return armed_.size(); }
  // How many faults have struck.
  [[nodiscard]] std::size_t struck() const { return struck_; }
  void disarm();
  void keep_log(bool on);
  [[nodiscard]] const Log& log() const { return log_; }

  // A command line has come; it may be changed here. The rest is up to the modem.
  std::optional<StepFault> on_command(std::string& body);
  // A fault of what the host is about to send, behind a prompt or CONNECT.
  std::optional<StepFault> on_payload();
  // `payload`: where counted bytes or data begin.
  Shape on_answer(Answer kind, std::string bytes, std::size_t payload);
  // OK waits for a line; it comes without one.
  std::string take_held();
  // The modem has started anew.
  void restarted();

 private:
  std::optional<StepFault> take(FaultStep step, std::string_view text, Answer kind,
                                std::string_view whole);
  Shape shaped(const StepFault& fault, std::string bytes, std::size_t payload);
  Shape of_command(Answer kind, std::string bytes);
  Shape final_of(const StepFault& fault, std::string bytes);

  std::vector<StepFault> armed_;
  std::optional<StepFault> running_;  // of the command that is being carried out
  std::string held_final_;            // result_first
  std::string held_lines_;            // ok_first
  std::size_t struck_ = 0;
  bool logs_ = false;
  Log log_;
};

}  // namespace sim52xx::sim
