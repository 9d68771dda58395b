// The list of jobs in virtual time, with jobs that do what the test says.
#include "daemon/jobs/job_list.hpp"

#include <filesystem>

#include <malloc.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scripted/stage.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using std::string;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr uid_t alice = 1001;
constexpr uid_t bob = 1002;

Want wants_https() {
  Want want;
  want.https = true;
  return want;
}

Want wants_ftps() {
  Want want;
  want.ftps = true;
  return want;
}

Error cancelled() {
  return {ErrorKind::cancelled, "queued", "cancelled"};
}

// Ends when it is told to; unwinds for as long as it is told to.
class FakeJob final : public Job {
 public:
  FakeJob(Runtime& runtime, const string& id, Want wanted, std::map<string, FakeJob*>& running)
      : Job(runtime, id, wanted), running_(running), wake_(runtime) {}
  ~FakeJob() override { running_.erase(job_id); }

  asio::awaitable<Result<json>> run() override {
    running_[job_id] = this;
    set_state(JobState::connecting);
    while (!result_ && (!stopped() || unwinding))
      co_await wake_.wait();
    if (throws) throw std::runtime_error("oops");
    if (stopped() && !result_) co_return *stopped();
    co_return std::move(*result_);
  }
  void end(Result<json> result) {
    result_ = std::move(result);
    wake_.notify();
  }
  void unwound() {
    unwinding = false;
    wake_.notify();
  }
  void move(std::uint64_t bytes) {
    progress.down += bytes;
    changed.notify();
  }

  bool unwinding = false;
  bool throws = false;

 private:
  void on_stop() override { wake_.notify(); }

  std::map<string, FakeJob*>& running_;
  Event wake_;
  std::optional<Result<json>> result_;
};

class Witness final : public JobWatcher {
 public:
  void on_job_state(const JobRecord& job) override {
    states.push_back(job.id + " " + string(name(job.state())));
  }
  void on_job_progress(const JobRecord& job) override {
    progress.push_back(job.current_progress().down);
  }

  std::vector<string> states;
  std::vector<std::uint64_t> progress;
};

class JobListTest : public testing::Test {
 protected:
  ~JobListTest() override {
    jobs_.stop();
    for (auto& [id, job] : std::map(running_))
      job->unwound();
    EXPECT_TRUE(stage_.until([&] { return jobs_.waiting() == 0; }));
    stage_.run(jobs_.join());
  }

  static JobOrder order(uid_t uid = alice) {
    JobOrder order;
    order.kind = "https";
    order.owner = JobOwner{uid, 42};
    return order;
  }
  JobPtr add(JobOrder order = JobListTest::order(), Want want = wants_https(),
             std::vector<JobBody> bodies = {}) {
    Result<JobPtr> job = try_to_add(std::move(order), want, std::move(bodies));
    EXPECT_TRUE(job);
    return *job;
  }
  Result<JobPtr> try_to_add(JobOrder order, Want want = wants_https(),
                            std::vector<JobBody> bodies = {}) {
    auto job = jobs_.submit(std::move(order), [&](const string& id) -> Result<JobList::Parts> {
      JobList::Parts parts;
      parts.job = std::make_unique<FakeJob>(stage_.runtime, id, want, running_);
      parts.bodies = std::move(bodies);
      return parts;
    });
    stage_.settle();
    return job;
  }
  void end(const JobPtr& job, Result<json> result = json::object()) {
    running_.at(job->id)->end(std::move(result));
    stage_.settle();
  }
  void stop(const JobPtr& job, Error why = cancelled()) {
    jobs_.stop(*job, std::move(why));
    stage_.settle();
  }
  [[nodiscard]] static string state(const JobPtr& job) { return string(name(job->state())); }
  [[nodiscard]] bool exists(const JobPtr& job) const {
    return jobs_.find(job->id, JobReader{0, true}) != nullptr;
  }

  test::Stage stage_;
  std::map<string, FakeJob*> running_;
  Witness witness_;
  std::optional<WaitingFor> explanation_;
  JobList jobs_{stage_.runtime, JobList::Settings{1h},
                [this](const ArbiterUser&) { return explanation_; }, &witness_,
                [] { FAIL() << "internal error"; }};
};

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
