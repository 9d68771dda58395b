// The HTTPS session of the note's 6.1, byte for byte, in the spellings of its chapters 2 and 6 and
// of real firmware; and whatever may come in between.
#include "tests/scripted/https_fixture.hpp"

namespace sim52xx::test {
namespace {

// The note's page: 249 bytes as printed there with its own line ends cannot be had; these are all
// that can be read.
const std::string page =
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Language: zh-CN\r\n"
    "Content-Length: 57\r\nDate: Tue, 31 Mar 2009 01:56:05 GMT\r\nConnection: Close\r\n"
    "Proxy-Connection: Close\r\n\r\n<html>\r\n<header>test</header>\r\n<body>\r\nTest body\r\n"
    "</body>";

class HttpsNote : public HttpsTest {
 protected:
  void converse() {
    ASSERT_TRUE(open());
    ASSERT_TRUE(send(note_request));
    ASSERT_TRUE(commit());
    auto got = receive();
    ASSERT_TRUE(got);
    EXPECT_EQ(*got, page);
    close();
    stage.run(https.stop());
    EXPECT_FALSE(https.started());
    EXPECT_TRUE(script.finished());
  }

  // `name`: of the sending command; `between`: comes before every answer of the modem.
  void script_note(const std::string& name, const std::string& data, const std::string& between) {
    const std::string ok = between + "\r\nOK\r\n";
    script.expect("AT+CHTTPSSTART\r").print(ok);
    script.expect("AT+CHTTPSOPSE=\"www.mywebsite.com\",443\r").print(ok);
    script.expect("AT" + name + "=88\r").print(between + "\r\n>").expect(std::string(note_request));
    script.print(ok);
    script.expect("AT" + name + "\r").print(ok + between + "\r\n" + name + ": 0\r\n");
    script.expect("AT+CHTTPSRECV=1\r")
        .print(ok + between + "\r\n" + data + ": DATA," + std::to_string(page.size()) + "\r\n" +
               page + "\r\n");
    script.print(between + "\r\n+CHTTPSRECV: 0\r\n");
    script.expect("AT+CHTTPSCLSE\r").print(ok);
    script.expect("AT+CHTTPSSTOP\r").print(ok);
  }
};

TEST_F(HttpsNote, RealFirmware) {
  script_note("+CHTTPSSEND", "+CHTTPSRECV", "");
  converse();
}

// Note, 6.1: CHTTPSENDD. The names are tried in the first dialogue, and known in the second.
TEST_F(HttpsNote, Chapter61) {
  script.command("AT+CHTTPSSTART");
  script.command("AT+CHTTPSOPSE=\"www.mywebsite.com\",443");
  script.command("AT+CHTTPSSEND=88", "ERROR").command("AT+CHTTPSEND=88", "ERROR");
  script.expect("AT+CHTTPSENDD=88\r").print(">").expect(std::string(note_request)).say("OK");
  script.command("AT+CHTTPSENDD").say("+CHTTPSENDD: 0");
  script_receive(page);
  script.command("AT+CHTTPSCLSE").command("AT+CHTTPSSTOP");
  converse();
  script_note("+CHTTPSENDD", "+CHTTPSRECV", "");
  converse();
}

// Note, 2.3 and 2.4: CHTTPSEND, HTTTPSRECV.
TEST_F(HttpsNote, Chapter2) {
  script.command("AT+CHTTPSSTART");
  script.command("AT+CHTTPSOPSE=\"www.mywebsite.com\",443");
  script.command("AT+CHTTPSSEND=88", "ERROR");
  script.expect("AT+CHTTPSEND=88\r").print(">").expect(std::string(note_request)).say("OK");
  script.command("AT+CHTTPSEND").say("+CHTTPSEND: 0");
  script.command("AT+CHTTPSRECV=1");
  script.print("\r\n+HTTTPSRECV: DATA," + std::to_string(page.size()) + "\r\n" + page + "\r\n");
  script.say("+CHTTPSRECV: 0");
  script.command("AT+CHTTPSCLSE").command("AT+CHTTPSSTOP");
  converse();
  script_note("+CHTTPSEND", "+HTTTPSRECV", "");
  converse();
}

TEST_F(HttpsNote, ByteByByte) {
  line.dribble();
  script_note("+CHTTPSSEND", "+CHTTPSRECV", "");
  converse();
}

TEST_F(HttpsNote, CutAtEveryByte) {
  // As many as the modem prints in one dialogue, and then some.
  for (std::size_t offset = 1; offset < page.size() + 200; ++offset) {
    line.cut_at(offset);
    script_note("+CHTTPSSEND", "+CHTTPSRECV", "");
    converse();
    if (HasFatalFailure()) FAIL() << "cut at " << offset;
  }
}

TEST_F(HttpsNote, UnsolicitedCodesBetweenAllLines) {
  for (const char* const urc :
       {"+STIN: 25", "RING", "+CHTTPS: RECV EVENT", "+CHTTPS:RECV EVENT", "+CREG: 1", "SMS DONE",
        "+CSSLRECV: DATA,0,0", "+CFTPS: RECV EVENT", "+CMTI: \"SM\",3", "what is this"}) {
    SCOPED_TRACE(urc);
    script_note("+CHTTPSSEND", "+CHTTPSRECV", Script::line(urc));
    converse();
    if (HasFatalFailure()) return;
  }
}

// OK behind the result, results without a blank, a prompt with CR LF.
TEST_F(HttpsNote, OtherOrders) {
  script.command("AT+CHTTPSSTART", "+CHTTPSSTART: 0").say("OK");
  script.command("AT+CHTTPSOPSE=\"www.mywebsite.com\",443", "+CHTTPSOPSE:0").say("OK");
  script.expect("AT+CHTTPSSEND=88\r").print("\r\n>\r\n").expect(std::string(note_request)).say("OK");
  script.command("AT+CHTTPSSEND", "+CHTTPSSEND:0").say("OK");
  script.command("AT+CHTTPSRECV=1");
  script.print("\r\n+CHTTPSRECV:DATA, " + std::to_string(page.size()) + ",\r\n" + page + "\r\n");
  script.say("+CHTTPSRECV:0");
  script.command("AT+CHTTPSCLSE", "+CHTTPSCLSE: 0").say("OK");
  script.command("AT+CHTTPSSTOP", "+CHTTPSSTOP: 0").say("OK");
  converse();
}

}  // namespace
}  // namespace sim52xx::test
