// Calls methods of the table as the connection does, without a connection: parameters are checked,
// the handler runs in virtual time, jobs do what the test says.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <stdlib.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/control/job_answers.hpp"
#include "tests/scripted/stage.hpp"

namespace sim52xx::daemon::control::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using std::string;

class FakeClient final : public Client {
 public:
  explicit FakeClient(uid_t uid, bool admin = false) : peer_{4711, uid, {}}, admin_(admin) {}

  [[nodiscard]] const Peer& peer() const override { return peer_; }
  [[nodiscard]] bool is_admin() const override { return admin_; }
  bool notify(std::string_view, json) override { return !gone_; }
  [[nodiscard]] std::size_t backlog() const override { return 0; }
  [[nodiscard]] bool gone() const override { return gone_; }
  Token on_gone(std::function<void()> callback) override {
    callbacks_.emplace(++last_token_, std::move(callback));
    return last_token_;
  }
  void forget(Token token) override { callbacks_.erase(token); }
  void keep() override { kept = true; }
  void set_feed(std::shared_ptr<Feed> given) override { feed = std::move(given); }
  void wake() override { ++woken; }

  void go() {
    gone_ = true;
    for (const auto& [token, callback] : std::exchange(callbacks_, {}))
      callback();
  }
  [[nodiscard]] std::size_t callbacks() const { return callbacks_.size(); }

  std::shared_ptr<Feed> feed;
  int woken = 0;
  bool kept = false;

 private:
  Peer peer_;
  bool admin_;
  bool gone_ = false;
  std::map<Token, std::function<void()>> callbacks_;
  Token last_token_ = 0;
};

class FakeJob final : public Job {
 public:
  FakeJob(Runtime& runtime, const string& id, Want wanted)
      : Job(runtime, id, wanted), wake_(runtime) {}

  asio::awaitable<Result<json>> run() override {
    set_state(JobState::connecting);
    while (!result_ && (!stopped() || unwinding))
      co_await wake_.wait();
    if (stopped()) co_return *stopped();
    co_return std::move(*result_);
  }
  void end(Result<json> result) {
    result_ = std::move(result);
    wake_.notify();
  }

  bool unwinding = false;

 private:
  void on_stop() override { wake_.notify(); }

  Event wake_;
  std::optional<Result<json>> result_;
};

// What came of a call.
struct Called {
  Called(std::shared_ptr<Client> client, json params, std::vector<Fd> fds)
      : call(std::move(client), std::move(params), std::move(fds)) {}

  [[nodiscard]] bool done() const { return refused || (task && task->done()); }
  // The result, or null.
  [[nodiscard]] json result() {
    if (!done() || refused || !**task) return nullptr;
    return ***task;
  }
  // The object "error" of the answer, or null.
  [[nodiscard]] json error() {
    if (refused) return (*refused)["error"];
    if (!done() || **task) return nullptr;
    return failure(1, (**task).error())["error"];
  }

  Call call;
  std::optional<json> refused;
  std::optional<sim52xx::test::Task<Result<json>>> task;
};

class CallsTest : public testing::Test {
 protected:
  static constexpr uid_t alice = 1001;
  static constexpr uid_t bob = 1002;

  CallsTest() {
    string name = fs::temp_directory_path() / "sim52xx-calls-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    space_.emplace(folder_, std::uint64_t{8} << 20U);
    context_.emplace(JobsContext{stage_.runtime, jobs_, *space_});
  }
  ~CallsTest() override {
    jobs_.stop();
    for (FakeJob* job : running())
      job->end(json());
    EXPECT_TRUE(stage_.until([&] { return jobs_.waiting() == 0; }));
    stage_.run(jobs_.join());
    fs::remove_all(folder_);
  }

  std::shared_ptr<Called> call(const string& method, json params, std::vector<Fd> fds = {}) {
    return call_as(client_, method, std::move(params), std::move(fds));
  }
  std::shared_ptr<Called> call_as(std::shared_ptr<Client> client, const string& method, json params,
                                  std::vector<Fd> fds = {}) {
    const Method* row = methods_.find(method);
    EXPECT_NE(row, nullptr) << method;
    Request request(1, method, params, false);
    auto called = std::make_shared<Called>(std::move(client), std::move(params), std::move(fds));
    called->refused = check_parameters(*row, request);
    if (!called->refused) called->task.emplace(stage_.start(row->handler(called->call)));
    calls_.push_back(called);
    return called;
  }
  // The error object of a call that is refused at once.
  json refusal(const string& method, json params, std::vector<Fd> fds = {}) {
    const auto called = call(method, std::move(params), std::move(fds));
    EXPECT_TRUE(called->done());
    EXPECT_TRUE(called->result().is_null()) << called->result();
    return called->error();
  }
  json result(const string& method, json params) {
    const auto called = call(method, std::move(params));
    EXPECT_TRUE(called->done());
    EXPECT_TRUE(called->error().is_null()) << called->error();
    return called->result();
  }

  std::vector<FakeJob*> running() {
    std::vector<FakeJob*> found;
    for (const JobPtr& job :
         jobs_.select(JobReader{0, true}, 1000, [](const JobRecord& each) { return !each.over(); }))
      found.push_back(static_cast<FakeJob*>(job->job.get()));
    return found;
  }
  FakeJob& job(const string& id = "1") {
    return *static_cast<FakeJob*>(jobs_.find(id, JobReader{0, true})->job.get());
  }
  void end(const string& id, Result<json> result = json::object()) {
    job(id).end(std::move(result));
    stage_.settle();
  }
  void write(Sink& sink, const string& bytes) {
    const auto written = stage_.run(sink.write(bytes));
    EXPECT_TRUE(written);
  }
  string read(Source& source) {
    string bytes(65536, '\0');
    const auto count = stage_.run(source.read(bytes.data(), bytes.size()));
    bytes.resize(count ? *count : 0);
    return bytes;
  }

  sim52xx::test::Stage stage_;
  fs::path folder_;
  std::optional<SpoolSpace> space_;
  JobList jobs_{stage_.runtime, JobList::Settings{1h},
                [](const ArbiterUser&) { return std::optional<WaitingFor>(); }, nullptr,
                [] { FAIL() << "internal error"; }};
  std::optional<JobsContext> context_;
  Methods methods_;
  std::shared_ptr<FakeClient> client_ = std::make_shared<FakeClient>(alice);
  std::vector<std::shared_ptr<Called>> calls_;
};

}  // namespace sim52xx::daemon::control::test
