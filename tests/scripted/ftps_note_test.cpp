// The FTPS session of the note's 6.2, byte for byte: by firmware that has the manuals' names, and
// by firmware that has the note's.
#include "tests/scripted/ftps_fixture.hpp"

namespace sim52xx::test {
namespace {

// With the columns of ls, which the note's typesetting lost: then it has its 193 bytes.
const std::string listing =
    "drw-rw-rw-   1 user     group           0 Sep  1 18:01 .\r\n"
    "drw-rw-rw-   1 user     group           0 Sep  1 18:01 ..\r\n"
    "-rw-rw-rw-   1 user     group        2017 Sep  1 17:24 19800106_000128.jpg\r\n";

class FtpsNote : public FtpsTest {
 protected:
  // Everything between login and logout.
  void do_all() {
    EXPECT_TRUE(stage.run(ftps.mkdir("testdir")));
    EXPECT_TRUE(stage.run(ftps.rmdir("testdir")));
    EXPECT_TRUE(stage.run(ftps.remove("testdelfile.txt")));
    EXPECT_TRUE(stage.run(ftps.cwd("/mysubdir")));
    EXPECT_EQ(*stage.run(ftps.pwd()), "/mysubdir");
    EXPECT_TRUE(stage.run(ftps.type('I')));
    EXPECT_EQ(*list(), listing);
    EXPECT_TRUE(stage.run(ftps.get_file("testfile.jpg", 1, transfer)));
    EXPECT_TRUE(stage.run(ftps.put_file("testfile.jpg", 1, transfer)));
    file = "testfile.jpg";
    EXPECT_TRUE(get());
    EXPECT_EQ(sink.got, bait(1024) + bait(1058));
    EXPECT_TRUE(stage.run(ftps.logout()));
    EXPECT_FALSE(ftps.unclear());
    EXPECT_TRUE(ftps.started());
    stage.run(ftps.stop());
    EXPECT_FALSE(ftps.started());
    EXPECT_TRUE(script.finished());
  }

  void script_directories() {
    script.command("AT+CFTPSCWD=\"/mysubdir\"");
    script.command("AT+CFTPSPWD", "+CFTPSPWD:\"/mysubdir\"").say("OK");
  }
  void script_end() {
    script.command("AT+CFTPSLOGOUT");
    script.command("AT+CFTPSSTOP");
  }
};

TEST_F(FtpsNote, Session62WithTheManualsNames) {
  script_login();
  script.command("AT+CFTPSMKD=\"testdir\"");
  script.command("AT+CFTPSRMD=\"testdir\"");
  script.command("AT+CFTPSDELE=\"testdelfile.txt\"");
  script_directories();
  script.command("AT+CFTPSTYPE=I");
  script.expect("AT+CFTPSLIST\r").print("\r\n+CFTPSLIST: DATA,193\r\n" + listing);  // without OK
  script.say("+CFTPSLIST: 0");
  script.command("AT+CFTPSGETFILE=\"testfile.jpg\",1").wait(90s).say("+CFTPSGETFILE: 0");
  script.command("AT+CFTPSPUTFILE=\"testfile.jpg\",1").wait(90s).say("+CFTPSPUTFILE: 0");
  script.command("AT+CFTPSGET=\"testfile.jpg\"");
  script.print("\r\n+CFTPSGET: DATA, 1024,\r\n" + bait(1024));
  script.print("\r\n+CFTPSGET:DATA, 1058\r\n" + bait(1058)).say("+CFTPSGET: 0");
  script_end();
  ASSERT_TRUE(login());
  do_all();
}

// What the note prints in chapters 3 and 6.2 and no manual has. AT+CFTPGET and AT+CFTPGETFILE are
// other commands and never sent; their results are read.
TEST_F(FtpsNote, Session62WithTheNotesNames) {
  script.command("AT+CFTPSSTART");
  script.command("AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"", "ERROR");
  script.command("AT+CFTPLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"");
  script.command("AT+CFTPSMKD=\"testdir\"");
  script.command("AT+CFTPSRMD=\"testdir\"");
  script.command("AT+CFTPSDELE=\"testdelfile.txt\"", "ERROR");
  script.command("AT+CFTPSDEL=\"testdelfile.txt\"");
  script_directories();
  script.command("AT+CFTPSTYPE=I", "ERROR").command("AT+CFTPSTYPE=1");
  script.command("AT+CFTPSLIST", "ERROR").command("AT+CFTPSSLIST");
  script.print("\r\n+CFTPSSLIST: DATA,193\r\n" + listing).say("+CFTPSSLIST: 0");
  script.command("AT+CFTPSGETFILE=\"testfile.jpg\",1", "ERROR");
  script.command("AT+CFTPSGETFILE=1,\"testfile.jpg\"").say("+CFTPGETFILE: 0");
  script.command("AT+CFTPSPUTFILE=\"testfile.jpg\",1", "ERROR");
  script.command("AT+CFTPSPUTFILE=1,\"testfile.jpg\"").say("+CFTPSPUTFILE: 0");
  script.command("AT+CFTPSGET=\"testfile.jpg\"");
  script.print("\r\n+CFTPGET: DATA, 1024,\r\n" + bait(1024));
  script.print("\r\n+CFTPGET: DATA, 1058,\r\n" + bait(1058)).say("+CFTPGET: 0");
  script_end();
  ASSERT_TRUE(login());
  do_all();
}

// "test content" has 12 bytes; what is left is 18, as announced. Both results that are printed.
TEST_F(FtpsNote, Put62) {
  be_logged_in();
  const std::string most(512, 'x');
  for (const std::string result : {"+CFTPSPUT: 0", "+CFTPSSPUT: 0"}) {
    script_put("AT+CFTPSPUT=\"t1.txt\",512", most);
    script_put("AT+CFTPSPUT=18", "left data put here");
    script.command("AT+CFTPSPUT").say(result);
    EXPECT_TRUE(put(most + "left data put here"));
  }
  script_put("AT+CFTPSPUT=\"t1.txt\",12", "test content");
  script.command("AT+CFTPSPUT").say("+CFTPSPUT: 0");
  EXPECT_TRUE(put("test content"));
  EXPECT_FALSE(ftps.unclear());
}

// Note, 3.16: two minutes each, unless configured.
TEST_F(FtpsNote, Timers316) {
  timeouts.connect = 7s;
  timeouts.transfer = 8s;
  timeouts.close = 9s;
  timeouts.stop = 10s;
  const auto lasts = [this](Duration duration, auto&& operation) {
    const Time began = stage.now();
    operation();
    EXPECT_EQ(stage.now() - began, duration);
    script.expect("AT+CGSN\r").print(std::string(number));  // before the next command
  };
  script.command("AT+CFTPSSTART", "");
  lasts(7s, [this] { EXPECT_EQ(stage.run(ftps.start()).error().kind, ErrorKind::timeout); });
  EXPECT_TRUE(ftps.started());  // perhaps
  EXPECT_TRUE(ftps.unclear());
  script.command("AT+CFTPSSTOP", "");
  lasts(10s, [this] { stage.run(ftps.stop()); });
  be_logged_in();
  script.command("AT+CFTPSCWD=\"a\"", "");
  lasts(8s, [this] { EXPECT_EQ(stage.run(ftps.cwd("a")).error().kind, ErrorKind::timeout); });
  script.command("AT+CFTPSSTOP");
  stage.run(ftps.stop());
  be_logged_in();
  script.command("AT+CFTPSLOGOUT", "");
  lasts(9s, [this] { EXPECT_EQ(stage.run(ftps.logout()).error().kind, ErrorKind::timeout); });
  script.command("AT+CFTPSSTOP");
  stage.run(ftps.stop());
  EXPECT_EQ(config::StackTimeouts().connect, 2min);
  EXPECT_EQ(config::StackTimeouts().transfer, 2min);
  EXPECT_EQ(config::StackTimeouts().close, 2min);
  EXPECT_EQ(config::StackTimeouts().stop, 2min);
}

}  // namespace
}  // namespace sim52xx::test
