// What comes of FTPS commands that are refused, with a number or without, and of servers and modems
// that go away.
#include "tests/scripted/ftps_fixture.hpp"

namespace sim52xx::test {
namespace {

using Op = std::function<Result<void>()>;

class FtpsAnswers : public FtpsTest {
 protected:
  static constexpr const char* login_line =
      "AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"";

  Result<void> cwd(const std::string& path) { return stage.run(ftps.cwd(path)); }
};

// Firmware of the note: a wrong password costs time on the network, and no more than that.
TEST_F(FtpsAnswers, WrongPasswordIsNotTriedAgain) {
  script.command("AT+CFTPSSTART").expect(std::string(login_line) + "\r").wait(3s).say("ERROR");
  script.expect("AT+CFTPLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"\r");
  script.say("ERROR");
  auto refused = login();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::connect_failed);
  EXPECT_EQ(refused.error().at, "AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"***\"");
  EXPECT_EQ(refused.error().response, "ERROR");
  EXPECT_EQ(refused.error().message.find(password), std::string::npos);
  EXPECT_FALSE(ftps.unclear());
  EXPECT_EQ(stage.log().find(password), std::string::npos);
}

struct Refusal {
  std::vector<std::string> lines;
  ErrorKind at_login;
  ErrorKind else_where;
  std::string words;
};

TEST_F(FtpsAnswers, RefusalsByNumber) {
  const std::vector<Refusal> refusals{
      {{": 1", "ERROR"}, ErrorKind::tls_alert, ErrorKind::tls_alert, "SSL verify alert (1)"},
      {{": 2", "ERROR"}, ErrorKind::connect_failed, ErrorKind::modem_error, "unknown error (2)"},
      {{": 3", "ERROR"}, ErrorKind::modem_error, ErrorKind::modem_error, "busy (3)"},
      {{": 5", "ERROR"}, ErrorKind::timeout, ErrorKind::timeout, "timeout (5)"},
      {{": 6", "ERROR"}, ErrorKind::interrupted, ErrorKind::interrupted, "transfer failed (6)"},
      {{": 7", "ERROR"}, ErrorKind::modem_error, ErrorKind::modem_error, "out of memory (7)"},
      {{": 8", "ERROR"}, ErrorKind::invalid, ErrorKind::invalid, "invalid parameter (8)"},
      {{": 9", "ERROR"}, ErrorKind::denied, ErrorKind::denied, "rejected by the server (9)"},
      {{": 9", "OK"}, ErrorKind::denied, ErrorKind::denied, "rejected by the server (9)"},
      {{": 10", "ERROR"}, ErrorKind::connect_failed, ErrorKind::interrupted, "network error (10)"},
      {{": 421", "ERROR"}, ErrorKind::connect_failed, ErrorKind::modem_error, "(421)"},
  };
  script.expect("AT+CFTPSSTART\r").wait(2s).say("+CFTPSSTART: 0").say("OK");
  ASSERT_TRUE(stage.run(ftps.start()));
  for (const Refusal& refusal : refusals) {
    SCOPED_TRACE(refusal.words);
    script.expect(std::string(login_line) + "\r");
    script.say("+CFTPSLOGIN" + refusal.lines[0]).say(refusal.lines[1]);
    auto refused = login();
    ASSERT_FALSE(refused);
    EXPECT_EQ(name(refused.error().kind), name(refusal.at_login));
    EXPECT_NE(refused.error().message.find(refusal.words), std::string::npos);
  }
  script.expect(std::string(login_line) + "\r").say("+CFTPSLOGIN: 0").say("OK");
  ASSERT_TRUE(login());
  for (const Refusal& refusal : refusals) {
    SCOPED_TRACE(refusal.words);
    script.expect("AT+CFTPSCWD=\"/x\"\r");
    script.say("+CFTPSCWD" + refusal.lines[0]).say(refusal.lines[1]);
    auto refused = cwd("/x");
    ASSERT_FALSE(refused);
    EXPECT_EQ(name(refused.error().kind), name(refusal.else_where));
    EXPECT_EQ(refused.error().at, "AT+CFTPSCWD=\"/x\"");
    EXPECT_NE(refused.error().message.find("change to /x"), std::string::npos);
    EXPECT_NE(refused.error().message.find(refusal.words), std::string::npos);
  }
  EXPECT_FALSE(ftps.unclear());
}

TEST_F(FtpsAnswers, RefusalsWithoutANumber) {
  be_logged_in();
  const std::vector<std::pair<std::string, Op>> operations{
      {"AT+CFTPSCWD=\"x\"", [this] { return cwd("x"); }},
      {"AT+CFTPSMKD=\"x\"", [this] { return stage.run(ftps.mkdir("x")); }},
      {"AT+CFTPSRMD=\"x\"", [this] { return stage.run(ftps.rmdir("x")); }},
      {"AT+CFTPSTYPE=A", [this] { return stage.run(ftps.type('A')); }},
      {"AT+CFTPSPWD",
       [this]() -> Result<void> {
         auto path = stage.run(ftps.pwd());
         if (!path) return path.error();
         return {};
       }},
      {"AT+CFTPSGET=\"t1.txt\"", [this] { return get(); }},
      {"AT+CFTPSPUT=\"t1.txt\",1", [this] { return put("x"); }},
  };
  for (const auto& [text, operation] : operations) {
    for (const std::string answer : {"ERROR", "+CME ERROR: operation not allowed"}) {
      SCOPED_TRACE(text + " " + answer);
      script.command(text, answer);
      auto refused = operation();
      ASSERT_FALSE(refused);
      EXPECT_EQ(name(refused.error().kind), "modem_error");
      EXPECT_EQ(refused.error().response, answer);
    }
  }
  script.command("AT+CFTPSPWD", "+CFTPSPWD: 9").say("ERROR");
  EXPECT_EQ(stage.run(ftps.pwd()).error().kind, ErrorKind::denied);
  EXPECT_FALSE(ftps.unclear());
}

// Of a deletion the plain ERROR may be the server's: the other name stays a possibility.
TEST_F(FtpsAnswers, TheNotesNameIsTriedUntilOneWasUnderstood) {
  be_logged_in();
  for (int round = 0; round < 2; ++round) {
    script.command("AT+CFTPSDELE=\"gone\"", "ERROR").command("AT+CFTPSDEL=\"gone\"", "ERROR");
    EXPECT_FALSE(stage.run(ftps.remove("gone")));
  }
  script.command("AT+CFTPSDELE=\"there\"", "ERROR").command("AT+CFTPSDEL=\"there\"");
  EXPECT_TRUE(stage.run(ftps.remove("there")));
  script.command("AT+CFTPSDEL=\"gone\"", "ERROR");
  EXPECT_FALSE(stage.run(ftps.remove("gone")));
}

TEST_F(FtpsAnswers, StartOfAStackThatIsStarted) {
  script.command("AT+CFTPSSTART", "ERROR").command("AT+CFTPSSTOP").command("AT+CFTPSSTART");
  EXPECT_TRUE(stage.run(ftps.start()));
  EXPECT_TRUE(ftps.started());
  EXPECT_TRUE(stage.run(ftps.start()));  // nothing is said
}

TEST_F(FtpsAnswers, StartIsRefused) {
  script.command("AT+CFTPSSTART", "ERROR").command("AT+CFTPSSTOP", "ERROR");
  script.expect("AT+CFTPSSTART\r").say("+CFTPSSTART: 10").say("ERROR");
  auto refused = stage.run(ftps.start());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().stage, "acquire");
  EXPECT_EQ(refused.error().message,
            "the modem could not start its FTPS stack: network error (10)");
  EXPECT_FALSE(ftps.started());
}

// Note, chapter 7 and 3.15: a stack that does not stop while somebody is logged in.
TEST_F(FtpsAnswers, StopWhileLoggedIn) {
  be_logged_in();
  script.command("AT+CFTPSSTOP", "ERROR").command("AT+CFTPSLOGOUT").command("AT+CFTPSSTOP");
  stage.run(ftps.stop());
  EXPECT_FALSE(ftps.started());
}

TEST_F(FtpsAnswers, ServerClosed) {
  be_logged_in();
  line.print("\r\n+CFTPSNOTIFY: PEER CLOSED\r\n");
  stage.settle();
  EXPECT_EQ(cwd("x").error().kind, ErrorKind::peer_closed);
  EXPECT_EQ(stage.run(ftps.pwd()).error().kind, ErrorKind::peer_closed);
  EXPECT_EQ(put("x").error().kind, ErrorKind::peer_closed);
  EXPECT_EQ(get().error().kind, ErrorKind::peer_closed);
  EXPECT_EQ(list().error().kind, ErrorKind::peer_closed);
  script.command("AT+CFTPSLOGOUT", "ERROR");
  EXPECT_TRUE(stage.run(ftps.logout()));
  EXPECT_FALSE(ftps.unclear());
  script.command(login_line);
  EXPECT_TRUE(login());
  script.command("AT+CFTPSCWD=\"x\"");
  EXPECT_TRUE(cwd("x"));
}

TEST_F(FtpsAnswers, ServerClosedByNumber) {
  be_logged_in();
  script.expect("AT+CFTPSCWD=\"x\"\r").say("+CFTPSCWD: 4").say("ERROR");
  EXPECT_EQ(cwd("x").error().kind, ErrorKind::peer_closed);
  script.command("AT+CFTPSLOGOUT", "ERROR");
  EXPECT_TRUE(stage.run(ftps.logout()));
  EXPECT_FALSE(ftps.unclear());
}

TEST_F(FtpsAnswers, LogoutThatFailsLeavesDoubt) {
  be_logged_in();
  script.command("AT+CFTPSLOGOUT", "ERROR");
  EXPECT_FALSE(stage.run(ftps.logout()));
  EXPECT_TRUE(ftps.unclear());
  script.command("AT+CFTPSSTOP");
  stage.run(ftps.stop());
  EXPECT_FALSE(ftps.unclear());
}

TEST_F(FtpsAnswers, ModemIsLost) {
  be_logged_in();
  script.expect("AT+CFTPSCWD=\"x\"\r");
  auto changing = stage.start(ftps.cwd("x"));
  EXPECT_FALSE(changing.done());
  script_bring_up();
  line.print("\r\nSTART\r\n");
  stage.settle();
  ASSERT_TRUE(changing.done());
  EXPECT_EQ(changing->error().kind, ErrorKind::modem_absent);
  ASSERT_TRUE(stage.until([this] { return script.finished() && modem.ready(); }));
  EXPECT_FALSE(ftps.started());
  EXPECT_FALSE(ftps.unclear());
  be_logged_in();
}

TEST_F(FtpsAnswers, ModemIsLostBehindAnOk) {
  script.command("AT+CFTPSSTART").wait(100ms).call([this] {
    plugged = false;
    line.hang_up();
  });
  auto failed = stage.run(ftps.start());
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::modem_absent);
  EXPECT_FALSE(ftps.started());
}

TEST_F(FtpsAnswers, ModemIsLostWhileStarting) {
  script.expect("AT+CFTPSSTART\r").call([this] {
    plugged = false;
    line.hang_up();
  });
  EXPECT_EQ(stage.run(ftps.start()).error().kind, ErrorKind::modem_absent);
  EXPECT_FALSE(ftps.started());
}

TEST_F(FtpsAnswers, NobodyIsLoggedIn) {
  EXPECT_EQ(cwd("x").error().kind, ErrorKind::interrupted);
  EXPECT_EQ(put("x").error().kind, ErrorKind::interrupted);
  EXPECT_TRUE(stage.run(ftps.logout()));
}

TEST_F(FtpsAnswers, NamesThatAreNotAscii) {
  be_logged_in();
  script.command("AT+CFTPSCWD={non-ascii}\"E6B58BE8AF95\"");
  EXPECT_TRUE(cwd("\xe6\xb5\x8b\xe8\xaf\x95"));
}

TEST_F(FtpsAnswers, NothingIsSentThatCouldBeACommand) {
  be_logged_in();
  for (const std::string_view text : {std::string_view("a\"b"), std::string_view("a\rAT+CPOF\r"),
                                      std::string_view("a\n"), std::string_view("a\0b", 3)}) {
    const std::string bad(text);
    EXPECT_EQ(cwd(bad).error().kind, ErrorKind::invalid);
    file = bad;
    EXPECT_EQ(put("x").error().kind, ErrorKind::invalid);
    EXPECT_EQ(get().error().kind, ErrorKind::invalid);
    EXPECT_EQ(stage.run(ftps.put_file(bad, 1, transfer)).error().kind, ErrorKind::invalid);
  }
  EXPECT_FALSE(ftps.unclear());
}

}  // namespace
}  // namespace sim52xx::test
