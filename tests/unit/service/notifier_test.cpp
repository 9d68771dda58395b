#include "daemon/service/notifier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scripted/stage.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class NotifierTest : public testing::Test {
 protected:
  Notifier::Send send() {
    return [this](const std::string& message) { sent.push_back(message); };
  }

  test::Stage stage;
  std::vector<std::string> sent;
};

TEST_F(NotifierTest, WithoutAWatchdogNobodyWakesUp) {
  Notifier notifier(stage.runtime, send(), Duration::zero());
  notifier.ready();
  EXPECT_THAT(sent, ElementsAre("READY=1"));
  EXPECT_FALSE(stage.step()) << "there is a timer";
}

TEST_F(NotifierTest, TheWatchdogIsFedTwiceInItsTime) {
  Notifier notifier(stage.runtime, send(), 30s);
  EXPECT_FALSE(stage.step()) << "not before it is ready";
  notifier.ready();
  EXPECT_THAT(sent, ElementsAre("READY=1", "WATCHDOG=1"));
  const Time begin = stage.now();
  ASSERT_TRUE(stage.step());
  ASSERT_TRUE(stage.step());
  EXPECT_EQ(stage.now() - begin, 30s);
  EXPECT_THAT(sent, ElementsAre("READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"));
}

TEST_F(NotifierTest, AReloadDoesNotFeedTwice) {
  Notifier notifier(stage.runtime, send(), 30s);
  notifier.ready();
  notifier.reloading();
  notifier.ready();
  EXPECT_EQ(std::count(sent.begin(), sent.end(), "WATCHDOG=1"), 1);
}

// sd_notify(3): RELOADING=1 and MONOTONIC_USEC= are of one message.
TEST_F(NotifierTest, AReloadTellsItsTime) {
  Notifier notifier(stage.runtime, send(), Duration::zero());
  notifier.reloading();
  const auto usec =
      std::chrono::duration_cast<std::chrono::microseconds>(stage.now().time_since_epoch());
  EXPECT_THAT(sent, ElementsAre("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(usec.count())));
}

TEST_F(NotifierTest, AStatusIsOneLineAndToldOnce) {
  Notifier notifier(stage.runtime, send(), Duration::zero());
  notifier.status("a\nREADY=1");
  notifier.status("a\nREADY=1");
  notifier.status("b");
  notifier.stopping();
  EXPECT_THAT(sent, ElementsAre("STATUS=a READY=1", "STATUS=b", "STOPPING=1"));
}

}  // namespace
}  // namespace sim52xx::daemon
