#include "daemon/system/log.hpp"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

namespace sim52xx::daemon {
namespace {

TEST(Log, LevelsAreWords) {
  EXPECT_EQ(log_level("trace"), spdlog::level::trace);
  EXPECT_EQ(log_level("error"), spdlog::level::err);
  EXPECT_EQ(log_level("Error"), std::nullopt);
  EXPECT_EQ(log_level("off"), std::nullopt);
}

std::string logged(spdlog::level::level_enum level) {
  testing::internal::CaptureStderr();
  set_up_log(level, LogFormat::terminal);
  spdlog::debug("a {}", 1);
  spdlog::info("b");
  spdlog::warn("c");
  spdlog::error("d");
  spdlog::critical("e");
  return testing::internal::GetCapturedStderr();
}

TEST(Log, TerminalLinesCarryTimeAndLevel) {
  EXPECT_THAT(logged(spdlog::level::critical),
              testing::MatchesRegex("[0-9]+-[0-9]+-[0-9]+ [0-9]+:[0-9]+:[0-9.]+ critical: e\n"));
}

TEST(Log, TheJournalIsKnownByDeviceAndInode) {
  ::unsetenv("JOURNAL_STREAM");
  EXPECT_EQ(log_format(), LogFormat::terminal);
  ::setenv("JOURNAL_STREAM", "1:1", 1);
  EXPECT_EQ(log_format(), LogFormat::terminal) << "standard error is redirected";
  struct stat status{};
  ASSERT_EQ(::fstat(STDERR_FILENO, &status), 0);
  const std::string own = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
  ::setenv("JOURNAL_STREAM", own.c_str(), 1);
  EXPECT_EQ(log_format(), LogFormat::journal);
  ::unsetenv("JOURNAL_STREAM");
}

}  // namespace
}  // namespace sim52xx::daemon
