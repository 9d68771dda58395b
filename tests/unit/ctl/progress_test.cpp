#include "daemon/ctl/progress.hpp"

#include <gtest/gtest.h>

namespace sim52xx::ctl {
namespace {

using nlohmann::json;

const WallTime wall = *parse_time("2026-11-22T12:00:40Z");

json job(std::string_view state, std::uint64_t down, json total = nullptr) {
  return {{"state", state},
          {"progress", {{"stage", ""}, {"up", 0}, {"down", down}, {"total", std::move(total)}}}};
}

TEST(ProgressLine, NothingIsKnown) {
  const Progress progress(100);
  EXPECT_EQ(progress.line(80, 112, wall), "starting  0:12");
}

TEST(ProgressLine, Waiting) {
  Progress progress(100);
  progress.update(json::parse(R"({"state": "acquiring", "waiting_for":
                  {"stack": "ftps", "holder": "ssl0", "since": "2026-11-22T12:00:00Z"}})"),
                  100);
  EXPECT_EQ(progress.line(80, 140, wall),
            "acquiring: waiting for the ftps stack, held by ssl0, for 40 s");
  EXPECT_EQ(progress.line(20, 140, wall), "acquiring: waiting f");
  progress.update(job("receiving", 0), 141);
  EXPECT_EQ(progress.line(80, 141, wall), "receiving  0:41") << "it waits no longer";
}

TEST(ProgressLine, ABarWithRateAndRest) {
  Progress progress(0);
  progress.update(job("receiving", 0, 1 << 20), 10);
  progress.update(job("receiving", 256 << 10, 1 << 20), 12);
  progress.update(job("receiving", 512 << 10, 1 << 20), 14);
  EXPECT_EQ(progress.line(80, 14, wall),
            "receiving  50%  [=========>         ]  512 KiB of 1.0 MiB  128 KiB/s  0:04 left");
}

TEST(ProgressLine, WithoutATotal) {
  Progress progress(0);
  progress.update(job("receiving", 0), 10);
  progress.update(job("receiving", 10240), 12);
  EXPECT_EQ(progress.line(80, 12, wall), "receiving  10 KiB  5.0 KiB/s  0:12");
}

TEST(ProgressLine, NarrowTerminalsGetNoBar) {
  Progress progress(0);
  progress.update(job("receiving", 512, 1024), 1);
  EXPECT_EQ(progress.line(40, 2, wall), "receiving  50%  512 B of 1.0 KiB  0:02");
  EXPECT_EQ(progress.line(10, 2, wall), "receiving ");
}

TEST(ProgressLine, MoreThanAllIsAll) {
  Progress progress(0);
  progress.update(job("receiving", 2000, 1000), 1);
  EXPECT_NE(progress.line(100, 2, wall).find("100%"), std::string::npos);
}

TEST(ProgressLine, TheStageIsToldBesideTheState) {
  Progress progress(0);
  progress.update(json::parse(R"({"state": "sending", "progress":
                              {"stage": "step 2 of 3: put", "up": 100, "down": 5000}})"),
                  1);
  EXPECT_EQ(progress.line(80, 2, wall), "sending (step 2 of 3: put)  100 B  0:02");
}

TEST(ProgressLine, TheRateBeginsAnewWithTheAnswer) {
  Progress progress(0);
  progress.update(json::parse(R"({"state": "sending", "progress": {"up": 1000, "down": 0}})"), 1);
  progress.update(json::parse(R"({"state": "receiving", "progress": {"up": 1000, "down": 10}})"),
                  2);
  EXPECT_EQ(progress.rate(), std::nullopt);
  EXPECT_EQ(progress.moved(), 10U);
}

TEST(ProgressLine, OnlyTheLastSecondsCount) {
  Progress progress(0);
  for (int second = 0; second <= 20; ++second)
    progress.update(job("receiving", second < 10 ? 0 : static_cast<unsigned>(second - 10) * 100),
                    second);
  ASSERT_TRUE(progress.rate());
  EXPECT_NEAR(*progress.rate(), 100, 1);
}

TEST(ProgressLine, WhateverComesIsNoReasonToCrash) {
  Progress progress(0);
  for (const char* odd : {"null", "[]", "7", R"({"state": 7, "progress": "far"})",
                          R"({"progress": {"up": -1, "down": "x", "total": {}}})"})
    progress.update(json::parse(odd), 1);
  EXPECT_FALSE(progress.line(80, 2, wall).empty());
}

}  // namespace
}  // namespace sim52xx::ctl
