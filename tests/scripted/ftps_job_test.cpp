// FTPS jobs: steps, their results, and failures half-way.
#include "tests/scripted/ftps_job_fixture.hpp"

namespace sim52xx::test {
namespace {

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
    {"op": "pwd", "path": "/"}, {"op": "mkdir", "path": "testdir"}, {"op": "rmdir", "path": "testdir"},
    {"op": "delete", "path": "testdelfile.txt"}, {"op": "cwd", "path": "/mysubdir"},
    {"op": "list", "entries": [
      {"name": "M\u00fcller.txt", "type": "file", "size": 5, "modified": "2012-09-01",
       "raw": "-rw-rw-rw-   1 user     group    5 Sep  1 2012 M\u00fcller.txt"},
      {"type": "unknown", "raw": "odd"}]},
    {"op": "get_efs", "path": "testfile.jpg", "dir": 1},
    {"op": "put_efs", "path": "testfile.jpg", "dir": 0},
    {"op": "get", "path": "testfile.jpg", "bytes": 1058},
    {"op": "put", "path": "t1.txt", "bytes": 12}]})");
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
    json expected = json::parse(R"({"steps": [{"op": "put", "bytes": 12, "verified_size": 12}]})");
    expected["steps"][0]["path"] = path;
    EXPECT_EQ(**running, expected);
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

}  // namespace
}  // namespace sim52xx::test
