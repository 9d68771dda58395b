// Writes metrics in the text format that Prometheus reads, version 0.0.4.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim52xx::daemon {

class Exposition {
 public:
  using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

  // The samples that follow are of this metric. `type` is "counter" or "gauge".
  Exposition& metric(std::string_view name, std::string_view type, std::string_view help);
  Exposition& sample(double value, const Labels& labels = {});

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string name_;
  std::string text_;
};

}  // namespace sim52xx::daemon
