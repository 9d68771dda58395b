#include "protocol/probe_budget.hpp"

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

using namespace std::chrono_literals;
using Time = ProbeBudget::Time;

constexpr Time start = 100s;

TEST(ProbeBudget, ABurstMayBeMadeAtOnceAndThenOnePerInterval) {
  ProbeBudget budget;
  budget.begin(10s, start);
  for (int i = 0; i < ProbeBudget::burst; ++i) {
    EXPECT_LE(budget.next(), start) << i;
    budget.spend(start);
  }
  for (int i = 1; i <= 5; ++i) {
    EXPECT_EQ(budget.next(), start + i * 10s);
    budget.spend(budget.next());
  }
}

TEST(ProbeBudget, WhatIsNotUsedIsSavedUpToTheBurst) {
  ProbeBudget budget;
  budget.begin(10s, start);
  for (int i = 0; i < ProbeBudget::burst; ++i)
    budget.spend(start);
  Time now = start + 20s;
  for (int i = 0; i < 2; ++i) {
    EXPECT_LE(budget.next(), now);
    budget.spend(now);
  }
  EXPECT_GT(budget.next(), now);
  now += 24h;
  for (int i = 0; i < ProbeBudget::burst; ++i) {
    EXPECT_LE(budget.next(), now);
    budget.spend(now);
  }
  EXPECT_EQ(budget.next(), now + 10s);
}

// However they are made, as soon as may be.
TEST(ProbeBudget, InTheLongRunTheyAreAnIntervalApart) {
  ProbeBudget budget;
  budget.begin(3s, start);
  int made = 0;
  for (Time now = start; now < start + 1h; now += 100ms) {
    if (budget.next() > now) continue;
    budget.spend(now);
    ++made;
  }
  EXPECT_LE(made, 1200 + ProbeBudget::burst);
  EXPECT_GE(made, 1200);
}

TEST(ProbeBudget, ANewSessionBeginsAnew) {
  ProbeBudget budget;
  budget.begin(10s, start);
  for (int i = 0; i < 20; ++i)
    budget.spend(start);
  budget.begin(10s, start + 1s);
  EXPECT_LE(budget.next(), start + 1s);
}

}  // namespace
}  // namespace sim52xx
