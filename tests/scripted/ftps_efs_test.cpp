// Files between the server and the modem's own file system: the manuals have the name first, the
// note has the directory first (3.10, 3.12). And listings (3.9).
#include "tests/scripted/ftps_fixture.hpp"

namespace sim52xx::test {
namespace {

class FtpsEfs : public FtpsTest {
 protected:
  void SetUp() override {
    FtpsTest::SetUp();
    be_logged_in();
  }
};

TEST_F(FtpsEfs, Get) {
  script.command("AT+CFTPSGETFILE=\"a.jpg\",8").wait(10min).say("+CFTPSGETFILE: 0");
  EXPECT_TRUE(stage.run(ftps.get_file("a.jpg", 8, transfer)));
  script.expect("AT+CFTPSGETFILE=\"a.jpg\",8\r").say("+CFTPSGETFILE: 9").say("ERROR");
  EXPECT_EQ(stage.run(ftps.get_file("a.jpg", 8, transfer)).error().kind, ErrorKind::denied);
}

TEST_F(FtpsEfs, PutInTheManualsOrder) {
  script.command("AT+CFTPSPUTFILE=\"a.jpg\",1").wait(10min).say("+CFTPSPUTFILE: 0");
  EXPECT_TRUE(stage.run(ftps.put_file("a.jpg", 1, transfer)));
  script.command("AT+CFTPSPUTFILE=\"b.jpg\",1", "ERROR");  // the order is known to be right
  EXPECT_EQ(stage.run(ftps.put_file("b.jpg", 1, transfer)).error().kind, ErrorKind::modem_error);
}

TEST_F(FtpsEfs, PutInTheNotesOrder) {
  script.command("AT+CFTPSPUTFILE=\"gone\",0", "ERROR");
  script.command("AT+CFTPSPUTFILE=0,\"gone\"", "ERROR");
  EXPECT_FALSE(stage.run(ftps.put_file("gone", 0, transfer)));
  script.command("AT+CFTPSPUTFILE=\"a.jpg\",1", "ERROR");
  script.command("AT+CFTPSPUTFILE=1,\"a.jpg\"").say("+CFTPSPUTFILE: 0");
  EXPECT_TRUE(stage.run(ftps.put_file("a.jpg", 1, transfer)));
  script.command("AT+CFTPSPUTFILE=1,\"a.jpg\"").say("+CFTPSPUTFILE: 6");
  EXPECT_EQ(stage.run(ftps.put_file("a.jpg", 1, transfer)).error().kind, ErrorKind::interrupted);
}

// It was understood: the order is not to blame.
TEST_F(FtpsEfs, PutRefusedByNumber) {
  script.expect("AT+CFTPSPUTFILE=\"gone\",1\r").say("+CFTPSPUTFILE: 8").say("ERROR");
  EXPECT_EQ(stage.run(ftps.put_file("gone", 1, transfer)).error().kind, ErrorKind::invalid);
  script.command("AT+CFTPSPUTFILE=\"gone\",1", "ERROR");
  EXPECT_FALSE(stage.run(ftps.put_file("gone", 1, transfer)));
}

TEST_F(FtpsEfs, PutEnded) {
  script.command("AT+CFTPSPUTFILE=\"a.jpg\",1").wait(1min).say("+CFTPSPUTFILE: 0");
  auto putting = stage.start(ftps.put_file("a.jpg", 1, transfer));
  transfer.end();
  stage.pass(59s);
  EXPECT_FALSE(putting.done());
  stage.pass(1s);
  EXPECT_TRUE(putting.done());
  EXPECT_FALSE(ftps.unclear());
}

TEST_F(FtpsEfs, PutEndedInVain) {
  script.command("AT+CFTPSPUTFILE=\"a.jpg\",1");
  auto putting = stage.start(ftps.put_file("a.jpg", 1, transfer));
  stage.pass(5min);
  transfer.end();
  stage.pass(119s);
  EXPECT_FALSE(putting.done());
  stage.pass(1s);
  ASSERT_TRUE(putting.done());
  EXPECT_EQ(putting->error().kind, ErrorKind::timeout);
  EXPECT_TRUE(ftps.unclear());
}

class FtpsListing : public FtpsEfs {};

TEST_F(FtpsListing, OfADirectory) {
  script.command("AT+CFTPSLIST=\"/pub dir\"").print(block("+CFTPSLIST", "a\r\n"));
  script.print(block("+CFTPSLIST", "b\r\n")).say("+CFTPSLIST: 0");
  EXPECT_EQ(*stage.run(ftps.list("/pub dir", transfer)), "a\r\nb\r\n");
}

TEST_F(FtpsListing, Errors) {
  script.command("AT+CFTPSLIST").say("+CFTPSLIST: 6");
  EXPECT_EQ(list().error().kind, ErrorKind::interrupted);
  script.expect("AT+CFTPSLIST\r").say("+CFTPSLIST: 9").say("ERROR");
  EXPECT_EQ(list().error().kind, ErrorKind::denied);
  script.command("AT+CFTPSLIST").print("\r\n+CFTPSLIST: DATA,9\r\nabc").wait(11s);
  script.say("+CFTPSLIST: 0");
  EXPECT_EQ(list().error().kind, ErrorKind::interrupted);
}

TEST_F(FtpsListing, TooLong) {
  script.command("AT+CFTPSLIST");
  for (std::size_t sent = 0; sent <= FtpsStack::longest_listing; sent += 4096)
    script.print(block("+CFTPSLIST", std::string(4096, 'x')));
  script.say("+CFTPSLIST: 0");
  EXPECT_EQ(list().error().kind, ErrorKind::limit);
  EXPECT_FALSE(ftps.unclear());
}

}  // namespace
}  // namespace sim52xx::test
