#include "protocol/probe_budget.hpp"

#include <algorithm>

namespace sim52xx {

void ProbeBudget::begin(Time interval, Time now) {
  interval_ = interval;
  paid_ = now - (burst - 1) * interval;
}

void ProbeBudget::spend(Time now) {
  paid_ = std::max(paid_, now - (burst - 1) * interval_) + interval_;
}

}  // namespace sim52xx
