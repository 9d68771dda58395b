// "Label     words", one under the other; a line without words is left out.
#pragma once

#include <string>
#include <string_view>

#include "daemon/ctl/style.hpp"

namespace sim52xx::ctl {

class Labels {
 public:
  explicit Labels(const Style& style) : style_(style) {}

  void add(std::string_view label, std::string_view words);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  const Style& style_;
  std::string text_;
};

// Words put together with ", ", those that are not empty.
class Phrase {
 public:
  Phrase& add(std::string_view words);
  // Only where `words` is not empty.
  Phrase& add(std::string_view before, std::string_view words, std::string_view after = {});
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace sim52xx::ctl
