// Plays the modem's side of a dialogue: waits for what the host said, byte by byte (any byte where
// it is masked), then says what the modem said, with its pauses. Ends where the host says something
// else; behind the end of the dialogue it says no more. Pure: bytes and times in, bytes out.
//
// Questions about the network (AT+CSQ and the like) are asked when somebody looks at the daemon:
// they are answered at any place, and left out where nobody asks them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/core/timers.hpp"
#include "tests/emulator/core/transcript.hpp"

namespace sim52xx::sim {

class Replay {
 public:
  // `scale` multiplies the pauses; 0: none.
  Replay(std::vector<Step> steps, double scale, Time now);

  void receive(std::string_view bytes, Time now);
  void tick(Time now);
  // Something is to be done then.
  [[nodiscard]] std::optional<Time> deadline() const { return deadline_; }

  // To the host; take it.
  std::string output;
  // The port is there.
  [[nodiscard]] bool plugged() const { return plugged_; }
  [[nodiscard]] bool done() const { return next_ == steps_.size(); }
  // Where and how the host has left the dialogue; empty as long as it has not.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  // Each does what can be done now; false: it has to wait.
  bool play(Time now);
  bool hear(Time now);
  bool hear_other(Time now);
  [[nodiscard]] Time due() const;
  void finish(Time when);
  [[nodiscard]] std::string answer_to(std::string_view question) const;

  std::vector<Step> steps_;
  double scale_;
  std::size_t next_ = 0;
  std::size_t heard_ = 0;  // of the step that is waited for
  std::string input_;
  Time last_;                     // when the step before was finished
  std::optional<double> before_;  // and when it was in the trace
  std::optional<Time> deadline_;
  bool plugged_ = true;
  std::string problem_;
};

}  // namespace sim52xx::sim
