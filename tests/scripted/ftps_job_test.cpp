// FTPS jobs: steps and their results, failures half-way, and being told to stop at every stage.
#include "daemon/jobs/ftps_job.hpp"

#include "tests/scripted/ftps_fixture.hpp"

namespace sim52xx::test {
namespace {

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
  Other() : ArbiterUser("other", daemon::Want{.https = false, .ftps = true, .ssl = {}}) {}
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
    tasks.spawn("arbiter watch", arbiter.watch(modem));
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

TEST_F(FtpsJobTest, EveryStep) {
  add(FtpsOp::pwd);
  add(FtpsOp::mkdir, "testdir");
  add(FtpsOp::rmdir, "testdir");
  add(FtpsOp::remove, "testdelfile.txt");
  add(FtpsOp::cwd, "/mysubdir");
  add(FtpsOp::list);
  add(FtpsOp::get_efs, "testfile.jpg");
  add(FtpsOp::put_efs, "testfile.jpg").dir = 0;
  add_get("testfile.jpg");
  add_put("t1.txt", "test content");
  script_login();
  script.command("AT+CFTPSPWD", "+CFTPSPWD: \"/\"").say("OK");
  script.command("AT+CFTPSMKD=\"testdir\"").command("AT+CFTPSRMD=\"testdir\"");
  script.command("AT+CFTPSDELE=\"testdelfile.txt\"").command("AT+CFTPSCWD=\"/mysubdir\"");
  script_listing("AT+CFTPSLIST", file_line("M\xfcller.txt", 5) + "odd\r\n");
  script.command("AT+CFTPSTYPE=I");
  script.command("AT+CFTPSGETFILE=\"testfile.jpg\",1").say("+CFTPSGETFILE: 0");
  script.command("AT+CFTPSPUTFILE=\"testfile.jpg\",0").say("+CFTPSPUTFILE: 0");
  script.command("AT+CFTPSGET=\"testfile.jpg\"").print(block("+CFTPSGET", bait(1058)));
  script.say("+CFTPSGET: 0");
  script_put("AT+CFTPSPUT=\"t1.txt\",12", "test content");
  script.command("AT+CFTPSPUT").say("+CFTPSPUT: 0");
  script_logout();
  begin();
  finish();
  ASSERT_TRUE(*running) << running->error().message;
  const json expected = json::parse(R"({"steps": [
    {"op": "pwd", "path": "/"}, {"op": "mkdir"}, {"op": "rmdir"}, {"op": "delete"}, {"op": "cwd"},
    {"op": "list", "entries": [
      {"name": "M\u00fcller.txt", "type": "file", "size": 5, "modified": "2012-09-01",
       "raw": "-rw-rw-rw-   1 user     group    5 Sep  1 2012 M\u00fcller.txt"},
      {"type": "unknown", "raw": "odd"}]},
    {"op": "get_efs", "dir": 1}, {"op": "put_efs", "dir": 0},
    {"op": "get", "bytes": 1058}, {"op": "put", "bytes": 12}]})");
  EXPECT_EQ(**running, expected) << running->operator*().dump(2);
  EXPECT_EQ(sinks.back()->got, bait(1058));
  EXPECT_EQ(job->progress.down, 1058U);
  EXPECT_EQ(job->progress.up, 12U);
  EXPECT_TRUE(ftps.started());  // warm
  EXPECT_TRUE(arbiter.view().holders.empty());
}

TEST_F(FtpsJobTest, StatesAndStages) {
  add(FtpsOp::cwd, "a");
  add_put("b", std::string(512, 'x') + "y");
  add_get("c");
  script.command("AT+CFTPSSTART", "");
  begin();
  std::vector<std::string> seen;
  const auto look = [&] {
    seen.push_back(std::string(daemon::name(job->state)) + " " + job->progress.stage + " " +
                   std::to_string(job->progress.up) + "/" +
                   std::to_string(job->progress.total.value_or(0)));
  };
  const auto step = [&](const std::string& command, std::string_view answer) {
    look();
    script.say(answer).expect(command + "\r");
    ASSERT_TRUE(stage.until([&] { return script.finished(); })) << command;
  };
  step("AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"", "OK");
  step("AT+CFTPSCWD=\"a\"", "OK");
  step("AT+CFTPSTYPE=I", "OK");
  step("AT+CFTPSPUT=\"b\",512", "OK");
  script.print("\r\n>").expect(std::string(512, 'x'));
  step("AT+CFTPSPUT=1", "OK");
  script.print("\r\n>").expect("y");
  step("AT+CFTPSPUT", "OK");
  script.say("OK");
  step("AT+CFTPSGET=\"c\"", "+CFTPSPUT: 0");
  script.say("OK");
  step("AT+CFTPSLOGOUT", "+CFTPSGET: 0");
  look();
  script.say("OK");
  finish();
  EXPECT_TRUE(*running);
  EXPECT_EQ(seen, (std::vector<std::string>{
                      "connecting  0/0", "connecting  0/0", "sending step 1 of 3: cwd 0/0",
                      "sending step 2 of 3: put 0/513", "sending step 2 of 3: put 0/513",
                      "sending step 2 of 3: put 512/513", "sending step 2 of 3: put 513/513",
                      "receiving step 3 of 3: get 513/0", "closing step 3 of 3: get 513/0"}));
}

TEST_F(FtpsJobTest, TextIsSentAsText) {
  request.type = 'A';
  add_put("a", "x");
  add_put("b", "y");
  script_login();
  script.command("AT+CFTPSTYPE=A");
  script_put("AT+CFTPSPUT=\"a\",1", "x");
  script.command("AT+CFTPSPUT").say("+CFTPSPUT: 0");
  script_put("AT+CFTPSPUT=\"b\",1", "y");
  script.command("AT+CFTPSPUT").say("+CFTPSPUT: 0");
  script_logout();
  run();
  EXPECT_TRUE(*running);
}

TEST_F(FtpsJobTest, AStepFails) {
  add(FtpsOp::pwd);
  add(FtpsOp::cwd, "/gone");
  add(FtpsOp::list);
  script_login();
  script.command("AT+CFTPSPWD", "+CFTPSPWD: \"/\"").say("OK");
  script.command("AT+CFTPSCWD=\"/gone\"", "+CFTPSCWD: 9").say("ERROR");
  script_logout();
  run();
  ASSERT_FALSE(*running);
  const Error& error = running->error();
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_EQ(error.stage, "step 2 of 3: cwd");
  EXPECT_EQ(error.message,
            "step 2 of 3 (cwd /gone): the modem could not change to /gone: rejected by the server "
            "(9); the steps before it were done");
  EXPECT_EQ(error.at, "AT+CFTPSCWD=\"/gone\"");
  EXPECT_EQ(job->partial, json::parse(R"({"steps": [{"op": "pwd", "path": "/"}]})"));
  EXPECT_TRUE(ftps.started());
  EXPECT_TRUE(arbiter.view().holders.empty());
}

TEST_F(FtpsJobTest, LoginFails) {
  add(FtpsOp::pwd);
  script.command("AT+CFTPSSTART");
  script.expect("AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"\r").wait(2s);
  script.say("+CFTPSLOGIN: 9").say("ERROR");
  run();
  ASSERT_FALSE(*running);
  EXPECT_EQ(running->error().kind, ErrorKind::denied);
  EXPECT_EQ(running->error().stage, "open");
  EXPECT_EQ(running->error().message,
            "the modem could not log in to www.myftpsserver.com:990 as myname: rejected by the "
            "server (9)");
  EXPECT_EQ(running->error().at, "AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"***\"");
  EXPECT_TRUE(job->partial.is_null());
}

TEST_F(FtpsJobTest, EmptyPipeIsUnsupported) {
  auto pipe = std::make_unique<TestSource>(stage.runtime);
  pipe->close();
  add(FtpsOp::put, "t1.txt").body = std::move(pipe);
  script_login();
  script.command("AT+CFTPSTYPE=I");
  script_logout();
  run();
  ASSERT_FALSE(*running);
  EXPECT_EQ(running->error().kind, ErrorKind::unsupported);
}

TEST_F(FtpsJobTest, ServerCloses) {
  add(FtpsOp::cwd, "a");
  add(FtpsOp::cwd, "b");
  script_login();
  script.command("AT+CFTPSCWD=\"a\"").say("+CFTPSNOTIFY: PEER CLOSED");
  script.command("AT+CFTPSLOGOUT", "ERROR");
  run();
  ASSERT_FALSE(*running);
  EXPECT_EQ(running->error().kind, ErrorKind::peer_closed);
  EXPECT_TRUE(ftps.started());
}

TEST_F(FtpsJobTest, VerifiedPut) {
  for (const std::string path : {"t1.txt", "/pub/t1.txt"}) {
    add_put(path, "test content").verify = true;
    script_login();
    script.command("AT+CFTPSTYPE=I");
    script_put("AT+CFTPSPUT=\"" + path + "\",12", "test content");
    script.command("AT+CFTPSPUT").say("+CFTPSPUT: 0");
    script_listing("AT+CFTPSLIST=\"" + path + "\"", file_line(path, 12));
    script_logout();
    run();
    ASSERT_TRUE(*running) << running->error().message;
    EXPECT_EQ(**running,
              json::parse(R"({"steps": [{"op": "put", "bytes": 12, "verified_size": 12}]})"));
    script.command("AT+CFTPSSTOP");
    stage.run(ftps.stop());
    request.steps.clear();
    request.host = host;
    request.user = user;
    request.password = password;
  }
}

TEST_F(FtpsJobTest, VerifiedInTheDirectory) {
  for (const auto& [path, directory] : std::vector<std::pair<std::string, std::string>>{
           {"/pub/t1.txt", "=\"/pub\""}, {"/t1.txt", "=\"/\""}, {"t1.txt", ""}}) {
    add_put(path, "test content").verify = true;
    script_login();
    script.command("AT+CFTPSTYPE=I");
    script_put("AT+CFTPSPUT=\"" + path + "\",12", "test content");
    script.command("AT+CFTPSPUT").say("+CFTPSPUT: 0");
    script.command("AT+CFTPSLIST=\"" + path + "\"", "+CFTPSLIST: 9").say("ERROR");
    script_listing("AT+CFTPSLIST" + directory,
                   file_line("t1.txt.old", 5) + file_line("t1.txt", 12));
    script_logout();
    run();
    ASSERT_TRUE(*running) << running->error().message;
    script.command("AT+CFTPSSTOP");
    stage.run(ftps.stop());
    request.steps.clear();
    request.host = host;
    request.user = user;
    request.password = password;
  }
}

TEST_F(FtpsJobTest, VerificationFails) {
  add_put("t1.txt", "test content").verify = true;
  script_login();
  script.command("AT+CFTPSTYPE=I");
  script_put("AT+CFTPSPUT=\"t1.txt\",12", "test content");
  script.command("AT+CFTPSPUT").say("+CFTPSPUT: 0");
  script_listing("AT+CFTPSLIST=\"t1.txt\"", file_line("t1.txt", 11));
  script_logout();
  run();
  ASSERT_FALSE(*running);
  EXPECT_EQ(running->error().kind, ErrorKind::interrupted);
  EXPECT_NE(running->error().message.find("12 bytes were put, but the server has 11"),
            std::string::npos);
}

TEST_F(FtpsJobTest, ListingsHaveALimitTogether) {
  const std::string listing(FtpsStack::longest_listing, 'x');
  script_login();
  for (int i = 0; i < 5; ++i) {
    add(FtpsOp::list);
    script_listing("AT+CFTPSLIST", listing);
  }
  script_logout();
  run();
  ASSERT_FALSE(*running);
  EXPECT_EQ(running->error().kind, ErrorKind::limit);
  EXPECT_EQ(running->error().stage, "step 5 of 5: list");
}

TEST_F(FtpsJobTest, ModemIsNotThere) {
  modem.fail("pulled");
  plugged = false;
  stage.settle();
  add(FtpsOp::pwd);
  const Time began = stage.now();
  run();
  ASSERT_FALSE(*running);
  EXPECT_EQ(running->error().kind, ErrorKind::modem_absent);
  EXPECT_EQ(stage.now() - began, 2min);
}

TEST_F(FtpsJobTest, ModemIsLostInTheMiddle) {
  add(FtpsOp::cwd, "a");
  script_login();
  script.expect("AT+CFTPSCWD=\"a\"\r");
  begin();
  ASSERT_TRUE(stage.until([this] { return script.finished(); }));
  plugged = false;
  modem.fail("pulled");
  finish();
  ASSERT_FALSE(*running);
  EXPECT_EQ(running->error().kind, ErrorKind::modem_absent);
  EXPECT_TRUE(arbiter.view().holders.empty());
}

// --- told to stop

TEST_F(FtpsJobTest, StoppedWhileTheModemIsAwaited) {
  modem.fail("pulled");
  plugged = false;
  stage.settle();
  add(FtpsOp::pwd);
  begin();
  stop();
  stage.settle();
  ASSERT_TRUE(running.done());
  expect_stopped();
}

TEST_F(FtpsJobTest, StoppedInTheQueue) {
  Other other;
  auto held = stage.run(arbiter.take(other, Arbiter::Busy::wait));
  ASSERT_TRUE(held);
  add(FtpsOp::pwd);
  begin();
  const auto waiting = arbiter.waiting_for(*job);
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting->holder, "other");
  EXPECT_EQ(job->state, JobState::acquiring);
  stop();
  stage.settle();
  ASSERT_TRUE(running.done());
  expect_stopped();
  held->clean();
}

TEST_F(FtpsJobTest, StoppedWhileStarting) {
  add(FtpsOp::pwd);
  script.expect("AT+CFTPSSTART\r").wait(5s).say("OK");
  begin();
  stop();
  expect_stopped();
  EXPECT_TRUE(ftps.started());  // in order, for the next one
}

TEST_F(FtpsJobTest, StoppedWhileLoggingIn) {
  add(FtpsOp::pwd);
  script.command("AT+CFTPSSTART");
  script.expect("AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"\r");
  begin();
  ASSERT_TRUE(stage.until([this] { return script.finished(); }));
  stop();
  stage.pass(60s);
  EXPECT_FALSE(running.done());
  script.say("OK");
  script_logout();
  expect_stopped();
}

TEST_F(FtpsJobTest, StoppedInACommand) {
  add(FtpsOp::cwd, "a");
  add(FtpsOp::cwd, "b");
  script_login();
  script.expect("AT+CFTPSCWD=\"a\"\r");
  begin();
  ASSERT_TRUE(stage.until([this] { return script.finished(); }));
  stop();
  stage.pass(60s);
  script.say("OK");
  script_logout();
  expect_stopped();
  EXPECT_TRUE(ftps.started());
}

// The file is not committed; whether a logout is enough to give it up nobody knows.
TEST_F(FtpsJobTest, StoppedInAPut) {
  auto pipe = std::make_unique<TestSource>(stage.runtime);
  pipe->fill(std::string(512, 'x'));
  add(FtpsOp::put, "t1.txt").body = std::move(pipe);
  script_login();
  script.command("AT+CFTPSTYPE=I");
  script_put("AT+CFTPSPUT=\"t1.txt\",512", std::string(512, 'x'));
  begin();
  ASSERT_TRUE(stage.until([this] { return script.finished(); }));
  script_logout();
  script.command("AT+CFTPSSTOP");
  stop();
  expect_stopped();
  ASSERT_TRUE(stage.until([this] { return script.finished(); }));
  EXPECT_FALSE(ftps.started());
}

TEST_F(FtpsJobTest, StoppedInAGet) {
  add_get("t1.txt");
  script_login();
  script.command("AT+CFTPSTYPE=I");
  script.command("AT+CFTPSGET=\"t1.txt\"").print(block("+CFTPSGET", bait(1058)));
  begin();
  ASSERT_TRUE(stage.until([this] { return job->progress.down == 1058; }));
  sinks.back()->shut = true;
  script.print(block("+CFTPSGET", bait(1058)));
  stage.settle();
  stop();
  stage.pass(60s);
  EXPECT_FALSE(running.done());
  script.say("+CFTPSGET: 0");
  script_logout();
  expect_stopped();
  EXPECT_TRUE(ftps.started());
}

TEST_F(FtpsJobTest, StoppedInAGetThatDoesNotEnd) {
  add_get("t1.txt");
  script_login();
  script.command("AT+CFTPSTYPE=I");
  script.command("AT+CFTPSGET=\"t1.txt\"");
  begin();
  ASSERT_TRUE(stage.until([this] { return script.finished(); }));
  stop();
  stage.pass(119s);
  EXPECT_FALSE(running.done());
  script.expect("AT+CGSN\r").print(std::string(number));
  script.command("AT+CFTPSSTOP");
  expect_stopped();
  ASSERT_TRUE(stage.until([this] { return script.finished(); }));
  EXPECT_FALSE(ftps.started());
}

TEST_F(FtpsJobTest, StoppedWhileLoggingOut) {
  add(FtpsOp::cwd, "a");
  script_login();
  script.command("AT+CFTPSCWD=\"a\"").expect("AT+CFTPSLOGOUT\r");
  begin();
  ASSERT_TRUE(stage.until([this] { return job->state == JobState::closing; }));
  stop();
  script.say("OK");
  expect_stopped();
  EXPECT_TRUE(ftps.started());
}

TEST_F(FtpsJobTest, ACommandWithoutAnswerLeavesADirtyStack) {
  add(FtpsOp::cwd, "a");
  script_login();
  script.command("AT+CFTPSCWD=\"a\"", "");
  script.wait(121s).expect("AT+CGSN\r").print(std::string(number)).command("AT+CFTPSSTOP");
  begin();
  finish();
  ASSERT_FALSE(*running);
  EXPECT_EQ(running->error().kind, ErrorKind::timeout);
  EXPECT_EQ(running->error().stage, "step 1 of 1: cwd");
  ASSERT_TRUE(stage.until([this] { return script.finished(); }));
  EXPECT_FALSE(ftps.started());
}

// The next one logs in on the same stack; that one lingers and is then stopped.
TEST_F(FtpsJobTest, TwoJobsShareTheStack) {
  all.arbiter.linger = 5s;
  add(FtpsOp::cwd, "a");
  script_login();
  script.command("AT+CFTPSCWD=\"a\"");
  script_logout();
  run();
  EXPECT_TRUE(*running);
  request.steps.clear();
  request.host = host;
  request.user = user;
  request.password = password;
  add(FtpsOp::cwd, "b");
  script.command("AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"");
  script.command("AT+CFTPSCWD=\"b\"");
  script_logout();
  run();
  EXPECT_TRUE(*running);
  script.command("AT+CFTPSSTOP");
  stage.pass(5s);
  EXPECT_TRUE(script.finished());
  EXPECT_FALSE(ftps.started());
}

}  // namespace
}  // namespace sim52xx::test
