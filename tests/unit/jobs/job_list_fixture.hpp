// The list of jobs in virtual time, with jobs that do what the test says.
#pragma once

#include <filesystem>

#include <malloc.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/jobs/job_list.hpp"
#include "tests/scripted/stage.hpp"

namespace sim52xx::daemon {

using namespace std::chrono_literals;
using nlohmann::json;
using std::string;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr uid_t alice = 1001;
constexpr uid_t bob = 1002;

inline Want wants_https() {
  Want want;
  want.https = true;
  return want;
}

inline Want wants_ftps() {
  Want want;
  want.ftps = true;
  return want;
}

inline Error cancelled() {
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

}  // namespace sim52xx::daemon
