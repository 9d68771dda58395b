// One command of a command line, taken apart: "+CSSLOPEN=0,"host",443" or "&D1".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim52xx::sim {

enum class Form { exec, set, read, test };

// The values behind '='.
class Arguments {
 public:
  Arguments() = default;
  explicit Arguments(std::string_view text);

  [[nodiscard]] std::size_t size() const { return values_.size(); }
  // Value `i` is present and was written in quotes.
  [[nodiscard]] bool quoted(std::size_t i) const;
  [[nodiscard]] const std::string& text(std::size_t i) const;
  [[nodiscard]] std::optional<std::int64_t> number(std::size_t i) const;
  // A name or a path in quotes, or {non-ascii} and its bytes as quoted hex digits.
  [[nodiscard]] std::optional<std::string> name(std::size_t i) const;
  // The number, where it is within the limits.
  [[nodiscard]] std::optional<int> number(std::size_t i, int low, int high) const;

 private:
  struct Value {
    std::string text;
    bool quoted;
  };
  std::vector<Value> values_;
};

struct Call {
  std::string name;  // upper case: "+CSQ", "E", "&D"
  Form form = Form::exec;
  Arguments arguments;  // of a basic command: its digits, if any
};

// Takes the next command off the front of `rest`; nullopt when there is none left.
std::optional<Call> next_call(std::string& rest);

}  // namespace sim52xx::sim
