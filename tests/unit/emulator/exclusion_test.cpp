// Chapter 7 of the note: which families refuse to run beside which.
#include <gtest/gtest.h>

#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

const std::string ok_line = "\r\nOK\r\n";
const std::string error_line = "\r\nERROR\r\n";

TEST(Exclusion, TheRuleForEveryPair) {
  const auto count = static_cast<int>(User::count_);
  for (int first = 0; first < count; ++first)
    for (int second = 0; second < count; ++second) {
      Exclusion exclusion;
      const auto held = static_cast<User>(first);
      const auto wanted = static_cast<User>(second);
      ASSERT_TRUE(exclusion.take(held));
      const bool both_others = held > User::ftps && wanted > User::ftps;
      EXPECT_EQ(exclusion.take(wanted), both_others) << first << " " << second;
      exclusion.release(held);
      exclusion.release(wanted);
      EXPECT_TRUE(exclusion.take(wanted)) << first << " " << second;
    }
}

TEST(Exclusion, ASecondStackIsRefused) {
  const std::vector<std::string> stacks{"SSL", "HTTPS"};
  for (const auto& held : stacks)
    for (const auto& wanted : stacks) {
      Rig rig;
      rig.say("ATE0\r");
      EXPECT_EQ(rig.say("AT+C" + held + "START\r"), ok_line);
      EXPECT_EQ(rig.say("AT+C" + wanted + "START\r"), error_line) << held << " " << wanted;
      EXPECT_EQ(rig.say("AT+C" + held + "STOP\r"), ok_line);
      EXPECT_EQ(rig.say("AT+C" + wanted + "START\r"), ok_line) << held << " " << wanted;
    }
}

TEST(Exclusion, ARestartReleasesEverything) {
  Rig rig;
  rig.say("AT+CHTTPSSTART\r");
  rig.modem.reboot(rig.time);
  rig.wait(seconds(20));
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+CSSLSTART\r"), ok_line);
}

}  // namespace
}  // namespace sim52xx::sim
