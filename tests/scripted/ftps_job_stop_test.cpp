// FTPS jobs that are told to stop, at every stage: the modem is unwound, and its stack left in
// order or stopped.
#include "tests/scripted/ftps_job_fixture.hpp"

namespace sim52xx::test {
namespace {

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
  ASSERT_TRUE(stage.until([this] { return !ftps.started(); }));
  EXPECT_TRUE(script.finished());
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
  ASSERT_TRUE(stage.until([this] { return !ftps.started(); }));
  EXPECT_TRUE(script.finished());
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
  ASSERT_TRUE(stage.until([this] { return !ftps.started(); }));
  EXPECT_TRUE(script.finished());
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
  stage.pass(4s);
  EXPECT_TRUE(ftps.started());
  ASSERT_TRUE(stage.until([this] { return !ftps.started(); }, 2s));
  EXPECT_TRUE(script.finished());
}

}  // namespace
}  // namespace sim52xx::test
