// What the modem says to the host: lines framed as ATV and ATQ want them, in one queue of bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "tests/emulator/core/fault_steps.hpp"
#include "tests/emulator/core/faults.hpp"
#include "tests/emulator/core/settings.hpp"

namespace sim52xx::sim {

enum class ResultCode { success = 0, connect = 1, no_carrier = 3, failure = 4 };

class Output {
 public:
  explicit Output(const Settings& settings) : settings_(settings) {}

  // Bytes as they are: echo.
  void bytes(std::string_view bytes) { add(bytes); }
  void prompt(std::string_view text) { emit(Answer::prompt, std::string(text)); }
  // Bytes of the peer in data mode.
  void data(std::string_view bytes) {
    if (!bytes.empty()) emit(Answer::data, std::string(bytes), 0);
  }
  // One line of text; `text` may hold line ends of its own.
  void line(std::string_view text);
  // A line followed by counted bytes and a line end: one frame that nothing may split.
  void block(std::string_view header, std::string_view payload);
  // A result code, or its number with ATV0; nothing with ATQ1.
  void result(ResultCode code) { result(code, {}); }
  // The same with other words ("CONNECT 115200", "+CME ERROR: 10").
  void result(ResultCode code, std::string_view words);

  [[nodiscard]] std::string_view front() const {
    return std::string_view(queue_).substr(0, barrier_).substr(taken_);
  }
  [[nodiscard]] std::size_t size() const { return queue_.size() - taken_; }
  // The first `count` bytes have left.
  void taken(std::size_t count);
  void clear();
  FaultyLine& faults() { return faults_; }
  FaultSteps& steps() { return steps_; }
  // Told what a fault wants to happen later.
  void on_later(std::function<void(FaultSteps::Shape)> call) { later_ = std::move(call); }
  // What is printed from now on waits for resume().
  void pause() { barrier_ = std::min(barrier_, queue_.size()); }
  void resume() { barrier_ = std::string::npos; }
  // Prints what a fault kept back.
  void late(std::string_view bytes) { add(bytes); }

 private:
  void add(std::string_view bytes);
  void emit(Answer kind, std::string bytes, std::size_t payload = std::string::npos);
  [[nodiscard]] std::string framed(std::string_view text) const;
  void frame(Answer kind, std::string_view text) { emit(kind, framed(text)); }
  void finish(Answer kind, std::string_view text);

  const Settings& settings_;
  FaultyLine faults_;
  FaultSteps steps_;
  std::function<void(FaultSteps::Shape)> later_;
  std::string queue_;
  std::size_t taken_ = 0;
  std::size_t barrier_ = std::string::npos;  // of queue_; what is behind it waits
};

}  // namespace sim52xx::sim
