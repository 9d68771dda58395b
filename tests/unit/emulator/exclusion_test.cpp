// Chapter 7 of the note: which families refuse to run beside which.
#include <gtest/gtest.h>

#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

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
  const std::vector<std::string> stacks{"SSL", "HTTPS", "FTPS"};
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

struct Family {
  const char* begin;
  const char* end;  // where it has one; else it ends by itself
};
const std::vector<Family> families{
    {"AT+NETOPEN\r", "AT+NETCLOSE\r"},       // TCP/IP
    {"AT+CMMSEDIT=1\r", "AT+CMMSEDIT=0\r"},  // MMS
    {"AT+CGPS=1\r", "AT+CGPS=0\r"},          // GPS
    {"AT+CHTTPACT=\"a\",80\r", nullptr},     // HTTP
    {"AT+CFTPGETFILE=\"a\",0\r", nullptr},   // FTP
};

TEST(Exclusion, TheOtherFamiliesAndTheStacks) {
  for (const char* stack : {"SSL", "HTTPS", "FTPS"})
    for (const auto& family : families) {
      Rig rig;
      rig.say("ATE0\r");
      const std::string start = std::string("AT+C") + stack + "START\r";
      EXPECT_EQ(rig.say(start), ok_line);
      EXPECT_EQ(rig.say(family.begin), error_line) << stack << family.begin;
      EXPECT_EQ(rig.say(std::string("AT+C") + stack + "STOP\r"), ok_line);
      EXPECT_TRUE(rig.say(family.begin).starts_with(ok_line)) << stack << family.begin;
      EXPECT_EQ(rig.say(start), error_line) << stack << family.begin;
      if (family.end != nullptr)
        EXPECT_TRUE(rig.say(family.end).starts_with(ok_line));
      else
        EXPECT_NE(rig.wait(milliseconds(500)), "");
      EXPECT_EQ(rig.say(start), ok_line) << stack << family.begin;
    }
}

TEST(Exclusion, TheOtherFamiliesAmongThemselves) {
  Rig rig;
  rig.say("ATE0\r");
  EXPECT_EQ(rig.say("AT+NETCLOSE\r"), error_line);
  EXPECT_EQ(rig.say("AT+NETOPEN\r"), ok_line + "\r\n+NETOPEN: 0\r\n");
  EXPECT_EQ(rig.say("AT+NETOPEN\r"), error_line);
  EXPECT_EQ(rig.say("AT+NETOPEN?\r"), "\r\n+NETOPEN: 1,0\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CGPS=1\r"), ok_line);
  EXPECT_EQ(rig.say("AT+CGPS?\r"), "\r\n+CGPS: 1\r\n" + ok_line);
  EXPECT_EQ(rig.say("AT+CFTPGET=\"a\"\r"), ok_line);
  EXPECT_EQ(rig.wait(milliseconds(500)), "\r\n+CFTPGET: 0\r\n");
  EXPECT_EQ(rig.say("AT+CGPS=0\r"), ok_line);
  EXPECT_EQ(rig.say("AT+CGPS=0\r"), error_line);
  EXPECT_EQ(rig.say("AT+NETCLOSE\r"), ok_line + "\r\n+NETCLOSE: 0\r\n");
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
