#include "tests/emulator/core/replay.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sim52xx::sim {
namespace {

constexpr Time patience = std::chrono::seconds(1);  // for a question that need not be asked
constexpr Time unplugging = std::chrono::milliseconds(50);
constexpr std::array<std::string_view, 5> questions{"AT+CSQ\r", "AT+CGREG?\r", "AT+CREG?\r",
                                                    "AT+COPS?\r", "AT+CNSMOD?\r"};

bool is_question(std::string_view bytes) {
  return std::ranges::find(questions, bytes) != questions.end();
}

// The question at the front of what the host has said.
std::string_view question_in(std::string_view input) {
  const auto found = std::ranges::find_if(
      questions, [&](std::string_view each) { return input.starts_with(each); });
  return found == questions.end() ? std::string_view() : *found;
}

bool may_become_question(std::string_view input) {
  return std::ranges::any_of(questions,
                             [&](std::string_view each) { return each.starts_with(input); });
}

}  // namespace

Replay::Replay(std::vector<Step> steps, double scale, Time now)
    : steps_(std::move(steps)), scale_(scale), last_(now) {
  tick(now);
}

void Replay::receive(std::string_view bytes, Time now) {
  if (problem_.empty()) input_ += bytes;
  tick(now);
}

void Replay::tick(Time now) {
  deadline_.reset();
  while (problem_.empty() && !done() && play(now)) {
  }
  if (!done()) return;
  for (auto question = question_in(input_); !question.empty(); question = question_in(input_)) {
    output += answer_to(question);
    input_.erase(0, question.size());
  }
  if (!may_become_question(input_)) input_.clear();
}

bool Replay::play(Time now) {
  const Step& step = steps_[next_];
  if (step.kind == Step::Kind::host) return hear(now);
  // A port that vanishes takes what has not been read with it.
  const Time when = due() + (step.kind == Step::Kind::vanished ? unplugging : Time(0));
  if (now < when) {
    deadline_ = when;
    return false;
  }
  if (step.kind == Step::Kind::modem) output += step.bytes;
  if (step.kind == Step::Kind::vanished) plugged_ = false;
  if (step.kind == Step::Kind::opened) plugged_ = true;
  finish(step.kind == Step::Kind::vanished ? now + unplugging : due());
  return true;
}

bool Replay::hear(Time now) {
  const Step& step = steps_[next_];
  for (; heard_ < std::min(step.bytes.size(), input_.size()); ++heard_)
    if (!step.masked[heard_] && step.bytes[heard_] != input_[heard_]) return hear_other(now);
  if (heard_ == step.bytes.size()) {
    input_.erase(0, heard_);
    finish(now);
    return true;
  }
  if (heard_ > 0 || !is_question(step.bytes)) return false;
  if (now >= due() + patience) {
    finish(now);
    return true;
  }
  deadline_ = due() + patience;
  return false;
}

// The host does not say what was expected: a question of its own, or one left out.
bool Replay::hear_other(Time now) {
  const std::string_view question = question_in(input_);
  if (!question.empty()) {
    output += answer_to(question);
    input_.erase(0, question.size());
    heard_ = 0;
    return true;
  }
  if (may_become_question(input_)) return false;  // the rest of it is still to come
  if (is_question(steps_[next_].bytes)) {
    finish(now);
    while (!done() && steps_[next_].kind == Step::Kind::modem)
      finish(now);
    return true;
  }
  const Step& step = steps_[next_];
  const auto heard = static_cast<std::ptrdiff_t>(heard_);
  problem_ = std::to_string(step.line) + ": expected: " +
             transcript_bytes(std::string_view(step.bytes).substr(heard_),
                              {step.masked.begin() + heard, step.masked.end()}) +
             "; the host says: " + transcript_bytes(std::string_view(input_).substr(heard_, 80));
  return false;
}

Time Replay::due() const {
  const Step& step = steps_[next_];
  if (!step.at || !before_ || *step.at <= *before_) return last_;
  const std::chrono::duration<double> pause((*step.at - *before_) * scale_);
  return last_ + std::chrono::duration_cast<Time>(pause);
}

void Replay::finish(Time when) {
  if (steps_[next_].at) before_ = steps_[next_].at;
  last_ = when;
  heard_ = 0;
  ++next_;
}

std::string Replay::answer_to(std::string_view question) const {
  for (std::size_t i = 0; i + 1 < steps_.size(); ++i)
    if (steps_[i].kind == Step::Kind::host && steps_[i].bytes == question &&
        steps_[i + 1].kind == Step::Kind::modem) {
      std::string answer;
      for (++i; i < steps_.size() && steps_[i].kind == Step::Kind::modem; ++i)
        answer += steps_[i].bytes;
      return answer;
    }
  return "\r\nERROR\r\n";
}

}  // namespace sim52xx::sim
