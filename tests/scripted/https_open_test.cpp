// Starting, connecting, closing and stopping the HTTPS stack, with firmware of all sorts.
#include "tests/scripted/https_fixture.hpp"

namespace sim52xx::test {
namespace {

constexpr const char* opse = "AT+CHTTPSOPSE=\"www.mywebsite.com\",443";

TEST_F(HttpsTest, AStackThatWasStartedAlreadyIsStartedAnew) {
  script.command("AT+CHTTPSSTART", "ERROR").command("AT+CHTTPSSTOP").command("AT+CHTTPSSTART");
  script.expect(std::string(opse) + "\r").wait(300ms).say("OK");
  EXPECT_TRUE(open());
  EXPECT_TRUE(https.started());
}

TEST_F(HttpsTest, AStackThatCannotBeStartedIsAnError) {
  script.command("AT+CHTTPSSTART", "ERROR").command("AT+CHTTPSSTOP", "ERROR");
  script.command("AT+CHTTPSSTART", "ERROR");
  auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::modem_error);
  EXPECT_EQ(opened.error().stage, "acquire");
  EXPECT_EQ(opened.error().at, "AT+CHTTPSSTART");
  EXPECT_EQ(opened.error().response, "ERROR");
  EXPECT_FALSE(https.started());
}

TEST_F(HttpsTest, AResultOtherThanSuccessIsAnError) {
  for (int i = 0; i < 2; ++i) {
    script.command("AT+CHTTPSSTART", "+CHTTPSSTART: 8").say("OK");
    if (i == 0) script.command("AT+CHTTPSSTOP");
  }
  auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().response, "network error (8)");
}

TEST_F(HttpsTest, AnErrorOfTheNetworkIsAFailedConnection) {
  script.command("AT+CHTTPSSTART").expect(std::string(opse) + "\r").wait(2s).say("ERROR");
  auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::connect_failed);
  EXPECT_EQ(opened.error().stage, "open");
  EXPECT_EQ(opened.error().at, "AT+CHTTPSOPSE");
  EXPECT_EQ(opened.error().message, "the modem could not connect to www.mywebsite.com:443: ERROR");
  EXPECT_TRUE(https.started());
  EXPECT_FALSE(https.open_to("www.mywebsite.com", 443));
  close();  // there is nothing to close
  EXPECT_TRUE(https.in_order());
}

TEST_F(HttpsTest, AResultWithTheErrorSaysWhy) {
  script.command("AT+CHTTPSSTART").command(opse, "+CHTTPSOPSE: 4").say("ERROR");
  auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::timeout);
  EXPECT_EQ(opened.error().response, "timeout (4)");
}

// Note, 2.1: "each time when user needs to access a new HTTPS URL, the stack needs to be acquired".
TEST_F(HttpsTest, AStackThatServesOneConnectionIsStartedForEach) {
  be_open();
  script_close();
  close();
  script.command(opse, "ERROR").command("AT+CHTTPSSTOP").command("AT+CHTTPSSTART").command(opse);
  EXPECT_TRUE(open());
}

TEST_F(HttpsTest, AStackThatIsStartedAlreadyServesTheNextConnection) {
  be_open();
  script_close();
  close();
  script.expect(std::string(opse) + "\r").wait(300ms).say("ERROR");
  EXPECT_FALSE(open());
  script.command(opse);
  EXPECT_TRUE(open());
}

TEST_F(HttpsTest, AnotherConnectionClosesTheFirst) {
  be_open();
  EXPECT_TRUE(https.open_to("www.mywebsite.com", 443));
  EXPECT_FALSE(https.open_to("www.mywebsite.com", 8443));
  EXPECT_FALSE(https.open_to("www.mywebsite.org", 443));
  script_close();
  script.command("AT+CHTTPSOPSE=\"www.mywebsite.org\",8443");
  EXPECT_TRUE(stage.run(https.open("www.mywebsite.org", 8443)));
  EXPECT_TRUE(https.open_to("www.mywebsite.org", 8443));
}

TEST_F(HttpsTest, AHostThatCouldEndTheStringIsNeverSent) {
  for (const char* host : {"www.mywebsite.com\",80\r", "a b", "", "\"", "x\r\nAT+CRESET"}) {
    auto opened = stage.run(https.open(host, 443));
    ASSERT_FALSE(opened) << host;
    EXPECT_EQ(opened.error().kind, ErrorKind::invalid) << host;
  }
  EXPECT_FALSE(stage.run(https.open("www.mywebsite.com", 0)));
  EXPECT_FALSE(https.started());
}

TEST_F(HttpsTest, StoppingClosesWhatIsOpen) {
  be_open();
  script.command("AT+CHTTPSCLSE").command("AT+CHTTPSSTOP");
  stage.run(https.stop());
  EXPECT_FALSE(https.started());
  stage.run(https.stop());  // nothing more to do
}

TEST_F(HttpsTest, ClosingBehindThePeerIsHarmless) {
  be_open();
  line.print(Script::line("+CHTTPSNOTIFY: PEER CLOSED"));
  stage.settle();
  EXPECT_FALSE(https.open_to("www.mywebsite.com", 443));
  script.command("AT+CHTTPSCLSE", "ERROR");
  close();
  EXPECT_TRUE(https.in_order());
  EXPECT_TRUE(https.started());
}

TEST_F(HttpsTest, AConnectionWithUnexpectedBytesIsNotUsedAgain) {
  be_open();
  line.print(Script::line("+CHTTPS: RECV EVENT"));
  stage.settle();
  EXPECT_FALSE(https.open_to("www.mywebsite.com", 443));
}

TEST_F(HttpsTest, AModemThatIsLostIsNotAskedToClose) {
  be_open();
  line.hang_up();
  plugged = false;
  ASSERT_TRUE(stage.until([this] { return !modem.ready(); }));
  EXPECT_FALSE(https.started());
  auto sent = send("x");
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::interrupted);
  close();
  auto again = open();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::modem_absent);
  stage.run(https.stop());
}

// What later firmware does: OK at once, and the result when it is done.
class HttpsLate : public HttpsTest {};

TEST_F(HttpsLate, ResultsBehindTheOkAreAwaitedOnceTheyAreKnown) {
  script.command("AT+CHTTPSSTART").expect(std::string(opse) + "\r");
  script.say("+CHTTPSSTART: 0").say("OK").wait(5s).say("+CHTTPSOPSE: 0");
  const Time before = stage.now();
  EXPECT_TRUE(open());
  EXPECT_EQ(stage.now() - before, 5s);
  EXPECT_TRUE(https.open_to("www.mywebsite.com", 443));
}

// ISS botletics #193: "+CHTTPSOPSE:13".
TEST_F(HttpsLate, AFailureBehindTheOkIsAFailedConnection) {
  script.command("AT+CHTTPSSTART").expect(std::string(opse) + "\r");
  script.say("+CHTTPSSTART: 0").say("OK").wait(5s).say("+CHTTPSOPSE:13");
  auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::connect_failed);
  EXPECT_EQ(opened.error().response, "unknown result (13)");
  EXPECT_FALSE(https.open_to("www.mywebsite.com", 443));
  close();
}

TEST_F(HttpsLate, NoResultBehindTheOkIsATimeout) {
  script.command("AT+CHTTPSSTART").expect(std::string(opse) + "\r");
  script.say("+CHTTPSSTART: 0").say("OK");
  const Time before = stage.now();
  auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::timeout);
  EXPECT_EQ(stage.now() - before, 2min);
  script_close();  // it may still be connecting
  close();
}

TEST_F(HttpsLate, AConnectionThatWasRefusedTooEarlyIsTriedAgain) {
  script.command("AT+CHTTPSSTART").command(opse, "ERROR").wait(1s).say("+CHTTPSSTART: 0");
  script.expect(std::string(opse) + "\r").say("OK").wait(1s).say("+CHTTPSOPSE: 0");
  EXPECT_TRUE(open());
}

TEST_F(HttpsLate, ASendThatWasRefusedTooEarlyIsTriedAgain) {
  script.command("AT+CHTTPSSTART").command(opse);
  ASSERT_TRUE(open());
  for (const char* name : {"+CHTTPSSEND", "+CHTTPSEND", "+CHTTPSENDD"})
    script.command("AT" + std::string(name) + "=2", "ERROR");
  script.wait(3s).say("+CHTTPSOPSE: 0");
  script_send("ab");
  EXPECT_TRUE(send("ab"));
}

TEST_F(HttpsLate, ASendBeforeTheConnectionFailed) {
  script.command("AT+CHTTPSSTART").command(opse);
  ASSERT_TRUE(open());
  for (const char* name : {"+CHTTPSSEND", "+CHTTPSEND", "+CHTTPSENDD"})
    script.command("AT" + std::string(name) + "=2", "ERROR");
  script.wait(3s).say("+CHTTPSOPSE: 8");
  auto sent = send("ab");
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::connect_failed);
  EXPECT_EQ(sent.error().response, "network error (8)");
}

TEST_F(HttpsLate, TheNextStartAwaitsTheStop) {
  script.command("AT+CHTTPSSTART", "OK").say("+CHTTPSSTART: 0");
  script.command(opse).say("+CHTTPSOPSE: 0");
  ASSERT_TRUE(open());
  script.command("AT+CHTTPSCLSE").say("+CHTTPSCLSE: 0");
  script.command("AT+CHTTPSSTOP").wait(3s).say("+CHTTPSSTOP: 0");
  const Time before = stage.now();
  stage.run(https.stop());
  EXPECT_EQ(stage.now() - before, 3s);
}

}  // namespace
}  // namespace sim52xx::test
