// How many jobs there may be, how long they are kept, how often they report, and their end.
#include "tests/unit/jobs/job_list_fixture.hpp"

namespace sim52xx::daemon {
namespace {

TEST_F(JobListTest, WhatIsOverIsKeptForAWhile) {
  const JobPtr job = add();
  stage_.pass(2h);
  EXPECT_TRUE(exists(job)) << "the time counts from the end";
  end(job);
  stage_.pass(30min);
  const JobPtr second = add();
  end(second);
  stage_.pass(31min);
  EXPECT_FALSE(exists(job));
  EXPECT_TRUE(exists(second));
  jobs_.set_settings(JobList::Settings{10min});
  EXPECT_FALSE(exists(second));
  EXPECT_EQ(jobs_.kept(), 0U);
  EXPECT_EQ(jobs_.kept_memory(), 0U);
}

TEST_F(JobListTest, WhatIsKeptHasALimit) {
  static SpoolSpace space(std::filesystem::temp_directory_path(), 1U << 20U);  // outlives the jobs
  const string body(Spool::memory_most, 'x');
  std::vector<JobPtr> jobs;
  const std::size_t fit = JobList::kept_memory_most / Spool::memory_most - 1;
  for (std::size_t i = 0; i < fit + 2; ++i) {
    auto spool = std::make_shared<Spool>(space);
    ASSERT_TRUE(spool->append(body));
    jobs.push_back(add(order(), wants_https(), {{"", spool}}));
    if (i == 3) jobs.back()->delivered = true;
    end(jobs.back());
    ASSERT_LE(jobs_.kept_memory(), JobList::kept_memory_most);
  }
  EXPECT_FALSE(exists(jobs[3])) << "its client has been told";
  EXPECT_TRUE(exists(jobs.back()));
  EXPECT_GT(jobs_.counters().forgotten, 0U);
  EXPECT_LT(jobs_.counters().forgotten, 5U);
}

TEST_F(JobListTest, TooManyAreRefused) {
  JobOrder large = order();
  large.memory = JobList::waiting_memory_most;
  const JobPtr job = add(large);
  large.memory = 1;
  const Result<JobPtr> refused = try_to_add(large);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::limit);
  end(job);
  EXPECT_TRUE(try_to_add(large));
}

TEST_F(JobListTest, WhatIsRefusedIsNoJob) {
  const auto refused = jobs_.submit(order(), [](const string&) -> Result<JobList::Parts> {
    return Error(ErrorKind::invalid, "request", "url is empty");
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(jobs_.waiting(), 0U);
  EXPECT_EQ(add()->id, "1");
}

TEST_F(JobListTest, ReportsProgressNotTooOften) {
  const JobPtr job = add();
  FakeJob& fake = *running_.at("1");
  for (int i = 0; i < 100; ++i) {
    fake.move(10);
    stage_.settle();
  }
  EXPECT_THAT(witness_.progress, ElementsAre());
  stage_.pass(1s);
  for (int i = 0; i < 100; ++i) {
    fake.move(10);
    stage_.settle();
  }
  EXPECT_THAT(witness_.progress, ElementsAre(1010));
  fake.progress.stage = "step 2 of 3";
  fake.move(0);
  stage_.settle();
  EXPECT_THAT(witness_.progress, ElementsAre(1010, 2000)) << "a stage is told at once";
  end(job);
  EXPECT_EQ(job->current_progress().down, 2000U);
}

TEST_F(JobListTest, StopsAllAndAcceptsNoMore) {
  for (int i = 0; i < 40; ++i)
    add();
  for (auto& [id, job] : running_)
    job->unwinding = true;
  jobs_.stop();
  stage_.settle();
  EXPECT_EQ(jobs_.waiting(), JobList::at_the_arbiter) << "those are unwound";
  EXPECT_EQ(running_.at("1")->stopped()->kind, ErrorKind::interrupted);
  const Result<JobPtr> refused = try_to_add(order());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::interrupted);
}

// Ten thousand are fine: each is small, and nothing is asked of all of them at every turn.
TEST_F(JobListTest, TenThousandQueuedJobsAreSmall) {
  constexpr std::size_t many = 10000;
  const std::size_t before = ::mallinfo2().uordblks;
  std::vector<JobPtr> jobs;
  for (std::size_t i = 0; i < many; ++i)
    jobs.push_back(add());
  const std::size_t each = (::mallinfo2().uordblks - before) / many;
  RecordProperty("bytes_per_queued_job", static_cast<int>(each));
  std::cout << each << " bytes per queued job\n";
#ifndef __SANITIZE_ADDRESS__
  EXPECT_LT(each, 2048U);
#endif
  for (std::size_t i = 0; i < many; ++i)
    end(jobs[i]);
  EXPECT_EQ(jobs_.counters().done, many);
  EXPECT_EQ(jobs_.kept(), many);
}

}  // namespace
}  // namespace sim52xx::daemon
