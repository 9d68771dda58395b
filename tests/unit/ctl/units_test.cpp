#include "daemon/ctl/units.hpp"

#include <cstdlib>
#include <ctime>
#include <limits>

#include <gtest/gtest.h>

namespace sim52xx::ctl {
namespace {

TEST(Units, Sizes) {
  EXPECT_EQ(size_text(0), "0 B");
  EXPECT_EQ(size_text(1023), "1023 B");
  EXPECT_EQ(size_text(1024), "1.0 KiB");
  EXPECT_EQ(size_text(1536), "1.5 KiB");
  EXPECT_EQ(size_text(10240), "10 KiB");
  EXPECT_EQ(size_text((1U << 20U) - 1), "1.0 MiB") << "not 1024 KiB";
  EXPECT_EQ(size_text(std::uint64_t{50} << 20U), "50 MiB");
  EXPECT_EQ(size_text(std::uint64_t{3} << 30U), "3.0 GiB");
  EXPECT_EQ(size_text(std::numeric_limits<std::uint64_t>::max()), "16777216 TiB");
}

TEST(Units, Durations) {
  EXPECT_EQ(duration_text(-5), "0.0 s");
  EXPECT_EQ(duration_text(0.44), "0.4 s");
  EXPECT_EQ(duration_text(9.96), "10 s");
  EXPECT_EQ(duration_text(59.4), "59 s");
  EXPECT_EQ(duration_text(60), "1 min");
  EXPECT_EQ(duration_text(185), "3 min 5 s");
  EXPECT_EQ(duration_text(1205), "20 min");
  EXPECT_EQ(duration_text(3600), "1 h");
  EXPECT_EQ(duration_text(7500), "2 h 5 min");
  EXPECT_EQ(duration_text(274000), "3 d 4 h");
}

TEST(Units, Clock) {
  EXPECT_EQ(clock_text(5.9), "0:05");
  EXPECT_EQ(clock_text(751), "12:31");
  EXPECT_EQ(clock_text(3609), "1:00:09");
}

TEST(Units, TimesOfTheDaemon) {
  const auto time = parse_time("2026-11-22T12:04:19.888Z");
  ASSERT_TRUE(time);
  const auto since = time->time_since_epoch();
  EXPECT_EQ(std::chrono::duration_cast<std::chrono::milliseconds>(since).count(), 1795349059888);
  EXPECT_EQ(parse_time("2026-11-22T12:04:19Z"), *time - std::chrono::milliseconds(888));
  for (const char* wrong : {"", "now", "2026-11-22", "2026-11-22T12:04:19", "2026-11-22T12:04:99Z",
                            "2026-11-22T12:04:19.888+01:00"})
    EXPECT_FALSE(parse_time(wrong)) << wrong;
}

TEST(Units, AgesAreNeverNegative) {
  const auto now = WallTime(std::chrono::hours(100));
  EXPECT_EQ(age(now - std::chrono::seconds(3), now), 3);
  EXPECT_EQ(age(now + std::chrono::seconds(3), now), 0) << "the clock was set";
}

TEST(Units, TimeOfDayIsLocal) {
  ::setenv("TZ", "XYZ-2", 1);  // two hours east
  ::tzset();
  EXPECT_EQ(time_of_day(*parse_time("2026-11-22T23:04:19.080Z")), "01:04:19.080");
  ::unsetenv("TZ");
  ::tzset();
}

TEST(Units, SizesThatAreTyped) {
  std::uint64_t size = 0;
  EXPECT_EQ(parse_size("300", size), "");
  EXPECT_EQ(size, 300U);
  EXPECT_EQ(parse_size("64K", size), "");
  EXPECT_EQ(size, 65536U);
  EXPECT_EQ(parse_size("2G", size), "");
  EXPECT_EQ(size, std::uint64_t{2} << 30U);
  for (const char* wrong :
       {"", "K", "1X", "1KB", "-1", "1.5M", "99999999999999999999", "9999999999999G"})
    EXPECT_NE(parse_size(wrong, size), "") << wrong;
}

TEST(Units, SecondsThatAreTyped) {
  EXPECT_EQ(check_seconds("0.5"), "");
  EXPECT_EQ(check_seconds("120"), "");
  for (const char* wrong : {"", "0", "-1", "soon", "1s", "inf", "nan"})
    EXPECT_NE(check_seconds(wrong), "") << wrong;
}

TEST(Units, Speed) {
  EXPECT_EQ(speed_text(1U << 20U, 12), "1.0 MiB in 12 s (85 KiB/s)");
  EXPECT_EQ(speed_text(0, 3), "0 B in 3.0 s");
}

}  // namespace
}  // namespace sim52xx::ctl
