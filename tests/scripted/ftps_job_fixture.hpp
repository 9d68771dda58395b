// An FTPS job, the arbiter it goes to, and the modem behind them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "daemon/jobs/ftps_job.hpp"
#include "tests/scripted/ftps_fixture.hpp"

namespace sim52xx::test {

using daemon::Arbiter;
using daemon::ArbiterUser;
using daemon::FtpsJob;
using daemon::FtpsOp;
using daemon::FtpsRequest;
using daemon::FtpsStep;
using daemon::JobState;
using nlohmann::json;

class Other final : public ArbiterUser {
 public:
  Other() : ArbiterUser("other", Want{.https = false, .ftps = true, .ssl = {}}) {}
  void evict(const std::string&) override {}
  [[nodiscard]] bool gone() const override { return false; }
};

class FtpsJobTest : public FtpsTest {
 protected:
  FtpsJobTest() {
    all.arbiter.linger = 24h;
    arbiter.add(ftps);
    request.host = host;
    request.port = 990;
    request.user = user;
    request.password = password;
  }
  void SetUp() override {
    FtpsTest::SetUp();
    modem.add_user(arbiter);
  }
  void TearDown() override {
    EXPECT_EQ(stage.log().find(password), std::string::npos);
    FtpsTest::TearDown();
  }

  FtpsStep& add(FtpsOp op, std::string path = {}) {
    FtpsStep& step = request.steps.emplace_back();
    step.op = op;
    step.path = std::move(path);
    return step;
  }
  FtpsStep& add_put(std::string path, std::string bytes) {
    FtpsStep& step = add(FtpsOp::put, std::move(path));
    step.body = std::make_unique<MemorySource>(std::move(bytes));
    return step;
  }
  // What it receives is in *sinks.back().
  void add_get(std::string path) {
    auto to = std::make_unique<TestSink>(stage.runtime);
    sinks.push_back(to.get());
    add(FtpsOp::get, std::move(path)).response = std::move(to);
  }

  void begin() {
    ASSERT_TRUE(FtpsJob::check(request));
    job.emplace(context, "7", std::move(request));
    running = stage.start(job->run());
  }
  void finish() {
    ASSERT_TRUE(stage.until([this] { return running.done(); }));
  }
  void run() {
    begin();
    finish();
  }
  void stop(ErrorKind kind = ErrorKind::cancelled) {
    job->stop(Error(kind, "job", "told to stop"));
  }
  void expect_stopped() {
    finish();
    ASSERT_FALSE(*running);
    EXPECT_EQ(running->error().kind, ErrorKind::cancelled);
    EXPECT_EQ(running->error().message, "told to stop");
    EXPECT_TRUE(script.finished());
  }
  void script_logout() { script.command("AT+CFTPSLOGOUT"); }
  void script_listing(const std::string& command, const std::string& text) {
    script.command(command).print(block("+CFTPSLIST", text)).say("+CFTPSLIST: 0");
  }
  static std::string file_line(const std::string& name, std::size_t size) {
    return "-rw-rw-rw-   1 user     group    " + std::to_string(size) + " Sep  1 2012 " + name +
           "\r\n";
  }

  config::Config all;
  Arbiter arbiter{stage.runtime, tasks, all.arbiter, [] { return true; }};
  daemon::FtpsContext context{stage.runtime, modem, ftps, arbiter, all};
  FtpsRequest request;
  std::vector<TestSink*> sinks;
  std::optional<FtpsJob> job;
  Task<Result<json>> running;
};

}  // namespace sim52xx::test
