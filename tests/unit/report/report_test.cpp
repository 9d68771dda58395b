// Errors and times as JSON has them.
#include <gtest/gtest.h>

#include "daemon/report/error_json.hpp"
#include "daemon/report/times.hpp"

namespace sim52xx::daemon {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

TEST(Times, AreRfc3339InUtc) {
  EXPECT_EQ(rfc3339(WallTime()), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(WallTime(1751371200250ms)), "2025-07-01T12:00:00.250Z");
  EXPECT_EQ(rfc3339(WallTime(-1ms)), "1969-12-31T23:59:59.999Z");
}

TEST(Times, OfTheMonotonicClock) {
  const auto now = std::chrono::steady_clock::now();
  const auto ago = std::chrono::system_clock::now() - wall_time(now - 90s, now);
  EXPECT_GE(ago, 89s);
  EXPECT_LT(ago, 95s);
}

TEST(ErrorJson, HasWhatIsKnown) {
  Error error(ErrorKind::timeout, "acquiring", "too late");
  EXPECT_EQ(error_data(error),
            json::parse(R"({"kind":"timeout","stage":"acquiring","retryable":true})"));
  error.waiting_for = Waited{"ssl", "ssl0", WallTime(1751371200250ms)};
  error.at = "AT+X";
  error.response = "ERROR";
  error.alert = Alert{0, AlertLevel::suspend, 134218240};
  EXPECT_EQ(error_object(error), json::parse(R"({"kind":"timeout","stage":"acquiring",
      "retryable":true,"message":"too late","at":"AT+X","response":"ERROR",
      "alert":{"level":"suspend","err":134218240,"bits":["bad-issuer","view-certificate"]},
      "waiting_for":{"stack":"ssl","holder":"ssl0","since":"2025-07-01T12:00:00.250Z"}})"));
}

}  // namespace
}  // namespace sim52xx::daemon
