#include "daemon/system/journal.hpp"

#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

namespace sim52xx::daemon {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

namespace level = spdlog::level;

std::vector<std::string> fields_of(std::string_view text, LogFields fields = {}) {
  return journal_fields(level::info, text, fields, {"ssl0", "telemetry"});
}

TEST(JournalFields, EveryEntryHasTextPriorityAndName) {
  EXPECT_THAT(fields_of("all is well"), UnorderedElementsAre("MESSAGE=all is well", "PRIORITY=6",
                                                             "SYSLOG_IDENTIFIER=sim52xxd"));
}

// The numbers are syslog(3)'s.
TEST(JournalFields, PriorityIsThatOfSyslog) {
  const auto priority = [](level::level_enum level) {
    return journal_fields(level, "x", {}, {}).at(1);
  };
  EXPECT_EQ(priority(level::critical), "PRIORITY=2");
  EXPECT_EQ(priority(level::err), "PRIORITY=3");
  EXPECT_EQ(priority(level::warn), "PRIORITY=4");
  EXPECT_EQ(priority(level::info), "PRIORITY=6");
  EXPECT_EQ(priority(level::debug), "PRIORITY=7");
  EXPECT_EQ(priority(level::trace), "PRIORITY=7");
}

TEST(JournalFields, ASessionIsWhatALineBeginsWith) {
  EXPECT_THAT(fields_of("ssl0: connected"), testing::Contains("SIM52XX_SESSION=ssl0"));
  EXPECT_THAT(fields_of("telemetry: a: b"), testing::Contains("SIM52XX_SESSION=telemetry"));
  for (const char* other :
       {"modem: ssl0: x", "ssl1: not configured", "ssl0 is not told of", "ssl: x"})
    EXPECT_THAT(fields_of(other), testing::SizeIs(3)) << other;
}

TEST(JournalFields, AJobIsTold) {
  EXPECT_THAT(fields_of("job 17: done"), testing::Contains("SIM52XX_JOB=17"));
  for (const char* other : {"job x: y", "job : y", "jobs 1: y", "job 1 2: y"})
    EXPECT_THAT(fields_of(other), testing::SizeIs(3)) << other;
}

TEST(JournalFields, ACommandIsTold) {
  EXPECT_THAT(fields_of("tty > AT+CSQ"), testing::Contains("SIM52XX_AT=AT+CSQ"));
  EXPECT_THAT(fields_of("tty < AT+CSQ"), testing::SizeIs(3));
  EXPECT_THAT(fields_of("ssl0: refused", {"0123", "AT+CSSLOPEN=0"}),
              testing::IsSupersetOf(
                  {"MESSAGE_ID=0123", "SIM52XX_AT=AT+CSSLOPEN=0", "SIM52XX_SESSION=ssl0"}));
}

TEST(JournalFields, NoFieldIsEmpty) {
  EXPECT_THAT(fields_of(""), testing::Contains("MESSAGE= "));
}

// The whole way, from spdlog's call to what is sent.
TEST(JournalSink, SendsWhatIsLogged) {
  std::vector<std::vector<std::string>> sent;
  set_logged_sessions({"ssl1"});
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", journal_sink([&](const std::vector<std::string>& fields) {
        sent.push_back(fields);
        return true;
      })));
  log_event({message_id::session_failed, "AT+X"}, level::warn, "{}: {}", "ssl1", 5);
  spdlog::info("plain");
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("none"));
  set_logged_sessions({});
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_THAT(sent[0], ElementsAre("MESSAGE=ssl1: 5", "PRIORITY=4", "SYSLOG_IDENTIFIER=sim52xxd",
                                   "MESSAGE_ID=" + std::string(message_id::session_failed),
                                   "SIM52XX_SESSION=ssl1", "SIM52XX_AT=AT+X"));
  EXPECT_THAT(sent[1], testing::SizeIs(3)) << "fields belong to one line only";
}

TEST(JournalSink, WhatIsNotTakenGoesToStandardError) {
  testing::internal::CaptureStderr();
  const auto sink = journal_sink([](const std::vector<std::string>&) { return false; });
  spdlog::logger logger("test", sink);
  logger.set_level(level::debug);
  logger.debug("a");
  logger.error("b");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "<7>a\n<3>b\n");
}

}  // namespace
}  // namespace sim52xx::daemon
