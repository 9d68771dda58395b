// How far a job is, as one line that is painted over and over.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "daemon/ctl/units.hpp"

namespace sim52xx::ctl {

class Progress {
 public:
  using Seconds = double;  // of a clock that nobody sets

  explicit Progress(Seconds now) : begin_(now) {}

  // What the daemon says: a job, or any object with some of its members.
  void update(const nlohmann::json& job, Seconds now);

  // At most `columns` wide. `wall` is for how long the job has been waiting.
  [[nodiscard]] std::string line(std::size_t columns, Seconds now, WallTime wall) const;

  // Bytes in the direction that counts, and how fast they go; of the last seconds.
  [[nodiscard]] std::uint64_t moved() const { return moved_; }
  [[nodiscard]] std::optional<double> rate() const;

 private:
  [[nodiscard]] std::string amounts(Seconds now) const;

  Seconds begin_;
  std::string state_;
  std::string stage_;
  nlohmann::json waiting_for_;
  std::uint64_t moved_ = 0;
  std::optional<std::uint64_t> total_;
  std::deque<std::pair<Seconds, std::uint64_t>> samples_;
};

}  // namespace sim52xx::ctl
