// A job from its acceptance to its end: results, owners, timeouts, cancelling, references.
#include "tests/unit/jobs/job_list_fixture.hpp"

namespace sim52xx::daemon {
namespace {

TEST_F(JobListTest, RunsAJobToItsResult) {
  const JobPtr job = add();
  EXPECT_EQ(job->id, "1");
  EXPECT_EQ(state(job), "connecting");
  EXPECT_FALSE(job->decided());
  running_.at("1")->set_state(JobState::receiving);
  stage_.settle();
  end(job, json::parse(R"({"status":200})"));
  EXPECT_EQ(state(job), "done");
  EXPECT_EQ(job->result, R"({"status":200})");
  EXPECT_TRUE(job->over());
  EXPECT_THAT(witness_.states,
              ElementsAre("1 queued", "1 acquiring", "1 connecting", "1 receiving", "1 done"));
  EXPECT_EQ(jobs_.counters().done, 1U);
  EXPECT_TRUE(running_.empty()) << "the job itself is gone";
}

TEST_F(JobListTest, AFailureIsKeptWithWhatThereIs) {
  const JobPtr job = add();
  running_.at("1")->partial = json::parse(R"({"steps":[]})");
  end(job, Error(ErrorKind::connect_failed, "open", "no route"));
  EXPECT_EQ(state(job), "failed");
  EXPECT_EQ(job->failure()->message, "no route");
  EXPECT_EQ(job->result, R"({"steps":[]})");
  const JobPtr other = add();
  end(other, cancelled());
  EXPECT_EQ(state(other), "cancelled");
}

TEST_F(JobListTest, AMistakeEndsTheJobNotTheDaemon) {
  const JobPtr job = add();
  running_.at("1")->throws = true;
  end(job);
  EXPECT_EQ(state(job), "failed");
  EXPECT_TRUE(stage_.logged("internal error in job 1: oops"));
}

TEST_F(JobListTest, OnlyOwnerAndAdminKnowOfIt) {
  const JobPtr job = add();
  EXPECT_EQ(jobs_.find("1", JobReader{alice, false}), job);
  EXPECT_EQ(jobs_.find("1", JobReader{bob, false}), nullptr);
  EXPECT_EQ(jobs_.find("1", JobReader{bob, true}), job);
  for (const char* wrong :
       {"", "2", "0", "01", "1 ", " 1", "+1", "-1", "1x", "99999999999999999999"})
    EXPECT_EQ(jobs_.find(wrong, JobReader{alice, true}), nullptr) << wrong;
  add(order(bob));
  const auto all = [](const JobRecord&) { return true; };
  EXPECT_EQ(jobs_.select(JobReader{alice, false}, 10, all).size(), 1U);
  EXPECT_EQ(jobs_.select(JobReader{alice, true}, 10, all).size(), 2U);
  EXPECT_EQ(jobs_.select(JobReader{alice, true}, 1, all).front()->id, "2") << "the newest first";
}

TEST_F(JobListTest, TheTimeoutCountsFromAcceptance) {
  JobOrder late = order();
  late.timeout = 30s;
  const JobPtr job = add(late);
  running_.at("1")->unwinding = true;
  explanation_ = WaitingFor{"ssl", "ssl0", stage_.now() - 10s};
  stage_.pass(29s);
  EXPECT_FALSE(job->decided());
  stage_.pass(2s);
  ASSERT_TRUE(job->decided()) << "its client can be answered";
  EXPECT_FALSE(job->over()) << "the modem is still being unwound";
  EXPECT_EQ(state(job), "closing");
  EXPECT_EQ(job->failure()->kind, ErrorKind::timeout);
  EXPECT_EQ(job->failure()->waiting_for->holder, "ssl0");
  EXPECT_THAT(job->failure()->message, HasSubstr("waiting for ssl, which ssl0 has"));
  running_.at("1")->unwound();
  stage_.settle();
  EXPECT_EQ(state(job), "failed");
  EXPECT_THAT(witness_.states,
              ElementsAre("1 queued", "1 acquiring", "1 connecting", "1 closing", "1 failed"));
}

TEST_F(JobListTest, AQueuedJobTimesOutToo) {
  for (std::size_t i = 0; i < JobList::at_the_arbiter; ++i)
    add();
  JobOrder late = order();
  late.timeout = 30s;
  const JobPtr job = add(late);
  EXPECT_EQ(state(job), "queued");
  EXPECT_EQ(jobs_.waiting_for(*job)->holder, "job 1");
  EXPECT_EQ(jobs_.waiting_for(*job)->stack, "https");
  stage_.pass(31s);
  EXPECT_EQ(state(job), "failed");
  EXPECT_EQ(job->failure()->waiting_for->holder, "job 1");
}

TEST_F(JobListTest, ATimeoutAfterTheEndIsNone) {
  JobOrder late = order();
  late.timeout = 30s;
  const JobPtr job = add(late);
  end(job);
  stage_.pass(1min);
  EXPECT_EQ(state(job), "done");
}

TEST_F(JobListTest, CancelsAtEveryStage) {
  const JobPtr job = add();
  stop(job);
  EXPECT_EQ(state(job), "cancelled");
  stop(job, Error(ErrorKind::timeout, "", ""));
  EXPECT_EQ(state(job), "cancelled") << "the first reason stays";

  const JobPtr slow = add();
  running_.at(slow->id)->unwinding = true;
  stop(slow);
  stop(slow, Error(ErrorKind::timeout, "", ""));
  EXPECT_EQ(state(slow), "closing");
  EXPECT_EQ(slow->failure()->kind, ErrorKind::cancelled);
  end(slow, json("it was done after all"));
  EXPECT_EQ(state(slow), "cancelled") << "what was told stays true";
  EXPECT_EQ(slow->result, "");
}

TEST_F(JobListTest, OnlySomeOfAKindWaitAtTheArbiter) {
  std::vector<JobPtr> jobs;
  for (std::size_t i = 0; i < JobList::at_the_arbiter + 3; ++i)
    jobs.push_back(add());
  EXPECT_EQ(running_.size(), JobList::at_the_arbiter);
  const JobPtr other = add(order(), wants_ftps());
  EXPECT_EQ(state(other), "connecting") << "kinds do not hold up each other";
  stop(jobs[JobList::at_the_arbiter]);
  EXPECT_EQ(state(jobs[JobList::at_the_arbiter]), "cancelled")
      << "without ever having been started";
  end(jobs[5]);
  EXPECT_EQ(state(jobs[JobList::at_the_arbiter + 1]), "connecting") << "the next in order";
  EXPECT_EQ(state(jobs[JobList::at_the_arbiter + 2]), "queued");
}

TEST_F(JobListTest, AnAttachedJobLeavesWithItsLastClient) {
  const JobPtr job = add();
  JobList::attach(*job);
  JobList::attach(*job);
  jobs_.leave(*job);
  stage_.settle();
  EXPECT_EQ(state(job), "connecting");
  jobs_.leave(*job);
  stage_.settle();
  EXPECT_EQ(state(job), "cancelled");

  JobOrder detached = order();
  detached.detached = true;
  const JobPtr survivor = add(detached);
  JobList::attach(*survivor);
  jobs_.leave(*survivor);
  stage_.settle();
  EXPECT_EQ(state(survivor), "connecting");
  end(survivor);
}

TEST_F(JobListTest, AReferenceIsTheSameJob) {
  JobOrder first = order();
  first.client_ref = "backup";
  first.fingerprint = 7;
  const JobPtr job = add(first);
  EXPECT_EQ(add(first), job);
  EXPECT_EQ(jobs_.counters().accepted, 1U);

  JobOrder other = first;
  other.fingerprint = 8;
  const Result<JobPtr> refused = try_to_add(other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
  EXPECT_THAT(refused.error().message, HasSubstr("job 1"));

  JobOrder of_bob = other;
  of_bob.owner.uid = bob;
  EXPECT_NE(add(of_bob), job) << "references are per user";

  end(job);
  EXPECT_EQ(add(first), job) << "also when it is over";
  stage_.pass(59min);
  EXPECT_EQ(add(first), job);
  stage_.pass(2min);
  EXPECT_NE(add(first), job) << "job_ttl is over";
}

}  // namespace
}  // namespace sim52xx::daemon
