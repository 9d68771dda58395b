#include "daemon/config/diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/reader.hpp"

namespace sim52xx::daemon::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Config read(const std::string& text) {
  const Loaded loaded = load({Source{"test.toml", text}});
  EXPECT_TRUE(loaded.ok());
  return loaded.config;
}

TEST(Difference, OfEqualOnesIsNothing) {
  const Config config = read("[ssl0]\nhost = 'a'\n[timeouts]\nconnect = 5\n");
  EXPECT_THAT(difference(config, config), IsEmpty());
}

TEST(Difference, NamesKeysAndSections) {
  const Config before = read(
      "[modem]\nbaud = 9600\n[ssl0]\nhost = 'a'\n[endpoint.x]\nhost = 'x'\n[endpoint.y]\nhost = "
      "'y'\n");
  const Config after = read(
      "[modem]\napn = 'internet'\n[ssl0]\nhost = 'b'\nbusy = 'kick'\n[ssl1]\nhost = 'c'\n"
      "[endpoint.y]\nhost = 'y'\nsession = 1\n[control]\njob_ttl = 1\n[https]\n"
      "accept_alerts = ['bad-issuer']\n");
  EXPECT_THAT(difference(before, after),
              ElementsAre("modem.baud", "modem.apn", "ssl0.host", "ssl0.busy", "endpoint.x",
                          "endpoint.y.session", "endpoint.y.transparent", "ssl1",
                          "https.accept_alerts", "control.job_ttl"));
}

TEST(Difference, ATimerOfAllIsOneOfEach) {
  EXPECT_THAT(
      difference(read(""), read("[timeouts]\nconnect = 5\n[timeouts.ftps]\nconnect = 120\n")),
      ElementsAre("timeouts.connect", "timeouts.https.connect", "timeouts.ssl.connect"));
}

}  // namespace
}  // namespace sim52xx::daemon::config
