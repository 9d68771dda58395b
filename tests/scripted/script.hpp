// A conversation written down in advance: what the host must send, byte for byte, and what the
// modem prints then, at once or after a time. A byte that is not in the script is a failure.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "tests/scripted/line.hpp"

namespace sim52xx::test {

class Script {
 public:
  Script(Stage& stage, Line& line);
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  // The host sends exactly this.
  Script& expect(std::string bytes);
  // The modem prints this.
  Script& print(std::string bytes);
  // Time passes before what follows.
  Script& wait(Duration duration);
  Script& call(std::function<void()> action);

  // The host switches DTR.
  Script& expect_dtr(bool on);

  // A command with its CR, and the answer in CR LF; none where it is empty.
  Script& command(std::string_view text, std::string_view answer = "OK");
  // One line as a modem prints it.
  Script& say(std::string_view text) { return print(line(text)); }
  static std::string line(std::string_view text) { return "\r\n" + std::string(text) + "\r\n"; }

  [[nodiscard]] bool finished() const {
    return steps_.empty() && heard_.empty() && switched_.empty();
  }
  // Fails the test where something was not said.
  void expect_finished();

 private:
  struct Step {
    std::string expected{};
    std::function<void()> action{};  // where nothing is expected
    Duration pause{};
    std::optional<bool> dtr{};
  };

  void on_heard(std::string_view bytes);
  Script& add(Step step);
  void go_on();
  [[nodiscard]] std::string describe() const;

  Stage& stage_;
  Line& line_;
  std::deque<Step> steps_;
  std::string heard_;
  daemon::Timer timer_;
  std::deque<bool> switched_;  // DTR, and not expected yet
  bool waited_ = false;
  bool failed_ = false;
};

}  // namespace sim52xx::test
