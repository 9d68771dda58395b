// What the modem says to the host: lines framed as ATV and ATQ want them, in one queue of bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tests/emulator/core/faults.hpp"
#include "tests/emulator/core/settings.hpp"

namespace sim52xx::sim {

enum class ResultCode { success = 0, connect = 1, no_carrier = 3, failure = 4 };

class Output {
 public:
  explicit Output(const Settings& settings) : settings_(settings) {}

  // Bytes as they are: echo, prompts, data.
  void bytes(std::string_view bytes) { add(bytes); }
  // One line of text; `text` may hold line ends of its own.
  void line(std::string_view text);
  // A line followed by counted bytes and a line end: one frame that nothing may split.
  void block(std::string_view header, std::string_view payload);
  // A result code, or its number with ATV0; nothing with ATQ1.
  void result(ResultCode code) { result(code, {}); }
  // The same with other words ("CONNECT 115200", "+CME ERROR: 10").
  void result(ResultCode code, std::string_view words);

  [[nodiscard]] std::string_view front() const { return std::string_view(queue_).substr(taken_); }
  [[nodiscard]] std::size_t size() const { return queue_.size() - taken_; }
  // The first `count` bytes have left.
  void taken(std::size_t count);
  void clear();
  FaultyLine& faults() { return faults_; }

 private:
  void add(std::string_view bytes);
  void frame(std::string_view text);

  const Settings& settings_;
  FaultyLine faults_;
  std::string queue_;
  std::size_t taken_ = 0;
};

}  // namespace sim52xx::sim
