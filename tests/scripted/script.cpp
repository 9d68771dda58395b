#include "tests/scripted/script.hpp"

#include <utility>

#include <gtest/gtest.h>

#include "protocol/bytes.hpp"

namespace sim52xx::test {

Script::Script(Stage& stage, Line& line)
    : stage_(stage), line_(line), timer_(stage.runtime.timers, [this] {
        waited_ = true;
        go_on();
      }) {
  line_.heard = [this](std::string_view bytes) { on_heard(bytes); };
  line_.terminal_ready_changed = [this](bool on) {
    switched_.push_back(on);
    go_on();
  };
}

Script& Script::expect(std::string bytes) {
  return add({std::move(bytes)});
}

Script& Script::expect_dtr(bool on) {
  Step step;
  step.dtr = on;
  return add(std::move(step));
}

Script& Script::print(std::string bytes) {
  return call([this, bytes = std::move(bytes)] { line_.print(bytes); });
}

Script& Script::wait(Duration duration) {
  return add({{}, [] {}, duration});
}

Script& Script::call(std::function<void()> action) {
  return add({{}, std::move(action)});
}

Script& Script::command(std::string_view text, std::string_view answer) {
  expect(std::string(text) + "\r");
  return answer.empty() ? *this : say(answer);
}

Script& Script::add(Step step) {
  steps_.push_back(std::move(step));
  go_on();
  return *this;
}

void Script::on_heard(std::string_view bytes) {
  heard_ += bytes;
  go_on();
}

void Script::go_on() {
  while (!failed_ && !timer_.armed()) {
    if (steps_.empty()) {
      failed_ = !heard_.empty() || !switched_.empty();
      if (failed_) ADD_FAILURE() << "not in the script: " << describe();
      return;
    }
    Step& step = steps_.front();
    if (step.dtr) {
      if (switched_.empty() && heard_.empty()) return;
      failed_ = !heard_.empty() || switched_.front() != *step.dtr;
      if (failed_) ADD_FAILURE() << "expected DTR, not " << describe();
      if (failed_) return;
      switched_.pop_front();
    } else if (!step.action) {
      const std::size_t common = std::min(step.expected.size(), heard_.size());
      if (heard_.compare(0, common, step.expected, 0, common) != 0) {
        failed_ = true;
        ADD_FAILURE() << "expected: " << printable(step.expected)
                      << "\n    sent: " << printable(heard_);
        return;
      }
      if (common < step.expected.size()) return;
      heard_.erase(0, common);
    } else if (step.pause > Duration::zero() && !std::exchange(waited_, false)) {
      timer_.arm(stage_.now() + step.pause);
      return;
    }
    const auto action = std::move(step.action);
    steps_.pop_front();
    if (action) action();
  }
}

std::string Script::describe() const {
  if (!heard_.empty()) return printable(heard_);
  return switched_.front() ? "DTR on" : "DTR off";
}

void Script::expect_finished() {
  if (failed_ || steps_.empty()) return;
  ADD_FAILURE() << "not said: "
                << (steps_.front().action ? "(the modem's turn)"
                                          : printable(steps_.front().expected));
}

}  // namespace sim52xx::test
