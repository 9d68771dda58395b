// The ladder of recovery, in a clock of its own.
#include "protocol/recovery.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

using namespace std::chrono_literals;
using Time = Recovery::Time;

// The pause, give or take the fifth that chance decides.
testing::AssertionResult about(Time pause, Time wanted) {
  if (pause >= wanted * 4 / 5 && pause <= wanted * 6 / 5) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << pause / 1ms << " ms instead of about " << wanted / 1ms << " ms";
}

TEST(Recovery, ASilentModemIsResetThenItsPowerIsCutThenAllBeginsAgain) {
  Recovery recovery(true, 1);
  EXPECT_EQ(recovery.on_failure(Trouble::silent, 0s).remedy, Remedy::reset);
  EXPECT_EQ(recovery.on_failure(Trouble::silent, 30s).remedy, Remedy::power);
  const RecoveryStep ground = recovery.on_failure(Trouble::silent, 120s);
  EXPECT_EQ(ground.remedy, Remedy::none);
  EXPECT_TRUE(about(ground.pause, 1s));
  EXPECT_EQ(recovery.on_failure(Trouble::silent, 130s).remedy, Remedy::reset);
  EXPECT_EQ(recovery.failures(), 4U);
}

TEST(Recovery, WithoutAResetCommandTheLadderIsShorter) {
  Recovery recovery(false, 1);
  for (int round = 0; round < 4; ++round) {
    EXPECT_EQ(recovery.on_failure(Trouble::faulty, 0s).remedy, Remedy::reset);
    EXPECT_EQ(recovery.on_failure(Trouble::faulty, 0s).remedy, Remedy::none);
  }
  EXPECT_EQ(recovery.on_absence(0s, 24h), Remedy::none);
}

TEST(Recovery, ThePausesDoubleUpToAMinuteForEver) {
  Recovery recovery(false, 7);
  for (const Time wanted : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s}) {
    recovery.on_failure(Trouble::silent, 0s);
    EXPECT_TRUE(about(recovery.on_failure(Trouble::silent, 0s).pause, wanted));
  }
  for (int i = 0; i < 1000; ++i)
    recovery.on_failure(Trouble::silent, 0s);
  EXPECT_TRUE(about(recovery.on_failure(Trouble::refused, 0s).pause, 60s));
}

TEST(Recovery, TheResetCommandIsNotRunOnEveryRound) {
  Recovery recovery(true, 3);
  std::vector<Time> runs;
  for (Time now = 0s; now < 24h; now += 10s)
    if (recovery.on_failure(Trouble::silent, now).remedy == Remedy::power) runs.push_back(now);
  ASSERT_GT(runs.size(), 10U);
  Time wanted = 1min;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    EXPECT_GE(runs[i] - runs[i - 1], wanted * 4 / 5) << i;
    EXPECT_LE(runs[i] - runs[i - 1], wanted * 6 / 5 + 40s) << i;
    wanted = std::min<Time>(wanted * 2, 30min);
  }
}

TEST(Recovery, AFleetDoesNotActInStep) {
  Recovery one(false, 1);
  Recovery other(false, 2);
  EXPECT_NE(one.on_failure(Trouble::refused, 0s).pause,
            other.on_failure(Trouble::refused, 0s).pause);
}

TEST(Recovery, ARestartWouldNotChangeARefusal) {
  Recovery recovery(true, 1);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(recovery.on_failure(Trouble::refused, 0s).remedy, Remedy::none);
}

TEST(Recovery, APortThatDiesAtOnceIsNotOpenedWithoutAPause) {
  Recovery recovery(true, 1);
  const RecoveryStep step = recovery.on_failure(Trouble::absent, 0s);
  EXPECT_EQ(step.remedy, Remedy::none);
  EXPECT_EQ(step.pause, 1s);
}

TEST(Recovery, AStableModemThatIsLostIsTriedAgainAtOnce) {
  Recovery recovery(true, 1);
  for (int i = 0; i < 5; ++i)
    recovery.on_failure(Trouble::silent, 0s);
  recovery.on_ready(100s);
  const RecoveryStep step = recovery.on_lost(160s);
  EXPECT_EQ(step.remedy, Remedy::none);
  EXPECT_EQ(step.pause, 0s);
  EXPECT_EQ(recovery.failures(), 0U);
  EXPECT_EQ(recovery.on_failure(Trouble::silent, 170s).remedy, Remedy::reset);
}

TEST(Recovery, LosingAnUnstableModemBecomesAHabit) {
  Recovery recovery(true, 1);
  std::vector<Remedy> remedies;
  Time pauses{};
  for (Time now = 0s; remedies.size() < 6; now += 40s) {
    recovery.on_ready(now);
    const RecoveryStep step = recovery.on_lost(now + 20s);
    remedies.push_back(step.remedy);
    pauses += step.pause;
  }
  using R = Remedy;
  EXPECT_EQ(remedies, (std::vector{R::none, R::none, R::none, R::reset, R::power, R::none}));
  EXPECT_GT(pauses, 0s);
}

TEST(Recovery, ADeviceThatStaysAwayIsPoweredAgain) {
  Recovery recovery(true, 1);
  EXPECT_EQ(recovery.on_absence(0s, 119s), Remedy::none);
  EXPECT_EQ(recovery.on_absence(0s, 120s), Remedy::power);
  EXPECT_EQ(recovery.on_absence(0s, 121s), Remedy::none);
  EXPECT_EQ(recovery.on_absence(0s, 120s + 80s), Remedy::power);
}

}  // namespace
}  // namespace sim52xx
