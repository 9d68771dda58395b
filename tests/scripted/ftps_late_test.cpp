// Firmware that says OK to FTPS commands before they are done, and the result behind it, or before.
#include "tests/scripted/ftps_fixture.hpp"

namespace sim52xx::test {
namespace {

using Op = std::function<Result<void>()>;

class FtpsLate : public FtpsTest {
 protected:
  static constexpr const char* login_line =
      "AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"";
  static constexpr const char* login_note =
      "AT+CFTPLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"";

  Result<void> cwd(const std::string& path) { return stage.run(ftps.cwd(path)); }
  Duration took(const Op& operation) {
    const Time began = stage.now();
    EXPECT_TRUE(operation());
    return stage.now() - began;
  }
  // How long it took to be told that one cannot log in.
  Duration refused_after() {
    const Time began = stage.now();
    EXPECT_FALSE(login());
    return stage.now() - began;
  }
  // The stack's own start takes 4 s more than its OK said, and is waited for.
  void expect_second_login() {
    script.command("AT+CFTPSSTART").wait(1s).expect(std::string(login_line) + "\r").say("ERROR");
    script.expect(std::string(login_note) + "\r");
    script.say("ERROR").wait(4s).say("+CFTPSSTART: 0");
    script.command(login_line).wait(2s).say("+CFTPSLOGIN: 0");
    EXPECT_EQ(took([this] { return login(); }), 7s);
  }
};

// The SIM5320's later manual: OK, then the result, for start, login, logout and stop.
TEST_F(FtpsLate, ResultsBehindTheOk) {
  script.command("AT+CFTPSSTART").wait(500ms).say("+CFTPSSTART: 0");
  script.command(login_line).wait(20s).say("+CFTPSLOGIN: 0");
  script.command("AT+CFTPSCWD=\"a\"");
  script.command("AT+CFTPSLOGOUT").wait(20s).say("+CFTPSLOGOUT: 0");
  script.command("AT+CFTPSSTOP").wait(20s).say("+CFTPSSTOP: 0");
  EXPECT_EQ(took([this] { return login(); }), 20500ms);
  EXPECT_TRUE(cwd("a"));
  EXPECT_EQ(took([this] { return stage.run(ftps.logout()); }), 20s);
  stage.run(ftps.stop());
  EXPECT_TRUE(script.finished());
}

TEST_F(FtpsLate, ResultsBeforeTheOk) {
  script.expect("AT+CFTPSSTART\r").wait(3s).say("+CFTPSSTART: 0").say("OK");
  script.expect(std::string(login_line) + "\r").wait(20s).say("+CFTPSLOGIN: 0").say("OK");
  script.expect("AT+CFTPSLOGOUT\r").say("+CFTPSLOGOUT: 0").say("OK");
  script.expect("AT+CFTPSSTOP\r").say("+CFTPSSTOP: 0").say("OK");
  EXPECT_EQ(took([this] { return login(); }), 23s);
  EXPECT_EQ(took([this] { return stage.run(ftps.logout()); }), 0s);
  stage.run(ftps.stop());
}

// Either order is known to be possible once one of them was seen.
TEST_F(FtpsLate, ResultsInBothOrders) {
  script.expect("AT+CFTPSSTART\r").say("+CFTPSSTART: 0").say("OK");
  script.command(login_line).wait(20s).say("+CFTPSLOGIN: 0");
  script.expect("AT+CFTPSLOGOUT\r").say("+CFTPSLOGOUT: 0").say("OK");
  script.expect(std::string(login_line) + "\r").say("+CFTPSLOGIN: 0").say("OK");
  script.command("AT+CFTPSLOGOUT").wait(20s).say("+CFTPSLOGOUT: 0");
  EXPECT_EQ(took([this] { return login(); }), 20s);
  EXPECT_TRUE(stage.run(ftps.logout()));
  EXPECT_EQ(took([this] { return login(); }), 0s);
  EXPECT_EQ(took([this] { return stage.run(ftps.logout()); }), 20s);
}

// SIM7x00: every command.
TEST_F(FtpsLate, ResultsOfEverything) {
  script.command("AT+CFTPSSTART").say("+CFTPSSTART: 0");
  script.command(login_line).wait(5s).say("+CFTPSLOGIN: 0");
  script.command("AT+CFTPSCWD=\"a\"").wait(200ms).say("+CFTPSCWD: 0");
  script.command("AT+CFTPSCWD=\"b\"").wait(20s).say("+CFTPSCWD: 0");
  script.command("AT+CFTPSPWD").wait(20s).say("+CFTPSPWD: \"/a/b\"");
  script.command("AT+CFTPSCWD=\"c\"").wait(20s).say("+CFTPSCWD: 9");
  ASSERT_TRUE(login());
  EXPECT_TRUE(cwd("a"));
  EXPECT_EQ(took([this] { return cwd("b"); }), 20s);
  EXPECT_EQ(*stage.run(ftps.pwd()), "/a/b");
  auto refused = cwd("c");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_FALSE(ftps.unclear());
}

// A result where none was to be expected, after the next command of that name was begun.
TEST_F(FtpsLate, AnExtraResultDisturbsNothing) {
  be_logged_in();
  script.command("AT+CFTPSMKD=\"a\"").command("AT+CFTPSMKD=\"b\"");
  EXPECT_TRUE(stage.run(ftps.mkdir("a")));
  line.print("\r\n+CFTPSMKD: 0\r\n");
  stage.settle();
  EXPECT_TRUE(stage.logged("AT+CFTPSMKD"));
  script.command("AT+CFTPSRMD=\"a\"").say("+CFTPSRMD: 0");
  line.print("");
  auto made = stage.start(ftps.mkdir("b"));
  stage.pass(1s);
  line.print("\r\n+CFTPSMKD: 0\r\n");
  ASSERT_TRUE(stage.until([&] { return made.done(); }));
  EXPECT_TRUE(*made);
  EXPECT_TRUE(stage.run(ftps.rmdir("a")));
}

// Firmware that is later than the note's, and says so in bring-up.
class FtpsLaterFirmware : public FtpsLate {
 protected:
  void SetUp() override {
    other_family_answer = "+CCHOPEN: (0,1)";
    bring_up();
  }
};

// The stack's own start was not over with its OK, and took longer than one waits for that.
TEST_F(FtpsLaterFirmware, LoginBeforeTheStackIsUp) {
  expect_second_login();
}

// Of other firmware it is known by the number in its refusal.
TEST_F(FtpsLate, LoginBeforeTheStackIsUpWithANumber) {
  script.command("AT+CFTPSSTART").wait(1s).expect(std::string(login_line) + "\r");
  script.say("+CFTPSLOGIN: 2").say("ERROR").wait(4s).say("+CFTPSSTART: 0");
  script.command(login_line).wait(2s).say("+CFTPSLOGIN: 0");
  EXPECT_EQ(took([this] { return login(); }), 7s);
}

class FtpsLateStop : public FtpsLate {
 protected:
  void SetUp() override {
    ftps_stop_answer = "OK\r\n\r\n+CFTPSSTOP: 0";
    bring_up();
  }
};

// Or by what followed an OK in bring-up.
TEST_F(FtpsLateStop, LoginBeforeTheStackIsUp) {
  expect_second_login();
}

// Firmware that has shown no sign of being like that is given a little time.
TEST_F(FtpsLate, LoginBeforeTheStackIsUpWithoutASign) {
  script.command("AT+CFTPSSTART").wait(1s).expect(std::string(login_line) + "\r").say("ERROR");
  script.expect(std::string(login_note) + "\r");
  script.say("ERROR").wait(3s).say("+CFTPSSTART: 0");
  script.command(login_line).wait(2s).say("+CFTPSLOGIN: 0");
  EXPECT_EQ(took([this] { return login(); }), 6s);
}

// The note's firmware: a wrong password is told soon after the modem has told it.
TEST_F(FtpsLate, NobodyWaitsLongForAStartThatWasDone) {
  script.command("AT+CFTPSSTART").wait(1s).expect(std::string(login_line) + "\r").say("ERROR");
  script.expect(std::string(login_note) + "\r").say("ERROR");
  EXPECT_EQ(refused_after(), 5s);
}

// A server that has refused was reached by a stack that had started.
TEST_F(FtpsLaterFirmware, NobodyWaitsWhenTheServerHasSpoken) {
  script.command("AT+CFTPSSTART").wait(1s).expect(std::string(login_line) + "\r");
  script.say("+CFTPSLOGIN: 9").say("ERROR");
  EXPECT_EQ(refused_after(), 1s);
}

}  // namespace
}  // namespace sim52xx::test
