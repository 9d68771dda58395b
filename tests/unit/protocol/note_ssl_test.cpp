// The sample dialogues of the note's chapters 4, 5.2 and 6.3.
#include <string>

#include <gtest/gtest.h>

#include "tests/support/sample.hpp"

namespace sim52xx {
namespace {

using test::Conversation;
using test::play;
using enum CommandId;

const std::string ok = "\r\nOK\r\n";
const std::string prompt = "\r\n>";

TEST(NoteSsl, start) {
  play({"4.1", ssl_start, "AT+CSSLSTART", {ok}});
}

TEST(NoteSsl, set_and_mode) {
  play({"4.3, 6.3", ssl_set, "AT+CSSLSET=1", {ok}});
  play({"4.7", ssl_mode, "AT+CSSLMODE=1", {ok}});
}

TEST(NoteSsl, open) {
  play({"4.2", ssl_open, "AT+CSSLOPEN=1,\"www.mydomain.com\",443", {ok}});
  play({.chapter = "4.2",
        .id = ssl_open,
        .host = "AT+CSSLOPEN=1,\"www.mydomain.com\",443",
        .modem = {"\r\n+CSSLALERT: 1, 0, 0\r\n", ok},
        .urcs = {"+CSSLALERT: 1, 0, 0"}});
}

TEST(NoteSsl, open_is_suspended) {
  const std::string alert = "+CSSLALERT: 0,2,134218240";
  for (const std::string host :
       {"AT+CSSLOPEN=0,\"www.myserver.com\",443", "AT+CSSLOPEN=1,\"www.myserver.com\",443"}) {
    const test::Sample sample{
        .chapter = "4.7, 6.3",
        .id = ssl_open,
        .host = host,
        .modem = {"\r\n" + alert + "\r\n", "\r\n+CSSLOPEN: ALERTSTATE\r\n", "\r\nERROR\r\n"},
        .final = Final::error,
        .urcs = {alert}};
    play(sample);
    Conversation talk(ssl_open, host);
    talk.feed(test::join(sample.modem));
    EXPECT_TRUE(talk.outcome.alert_state);
  }
}

TEST(NoteSsl, an_error_alone_is_no_suspension) {
  Conversation talk(ssl_open, "AT+CSSLOPEN=0,\"www.myserver.com\",443");
  talk.feed("\r\nERROR\r\n");
  EXPECT_EQ(talk.done, 1);
  EXPECT_FALSE(talk.outcome.alert_state);
}

TEST(NoteSsl, resume) {
  play({"4.2, 6.3", ssl_continue, "AT+CSSLCONT=1", {ok}});
  play({.chapter = "suspended again",
        .id = ssl_continue,
        .host = "AT+CSSLCONT=1",
        .modem = {"\r\n+CSSLALERT: 1,2,512\r\n", "\r\n+CSSLOPEN: ALERTSTATE\r\n", "\r\nERROR\r\n"},
        .final = Final::error,
        .urcs = {"+CSSLALERT: 1,2,512"}});
}

TEST(NoteSsl, resume_into_the_transparent_mode) {
  play({.chapter = "4.7",
        .id = ssl_continue,
        .host = "AT+CSSLCONT=0",
        .modem = {"\r\nCONNECT 115200\r\n"},
        .final = Final::connect});
  const std::string stream = "\r\nCONNECT 115200\r\n\r\nOK\r\n>\r\nCLOSED\r\n";
  test::for_each_split(stream, [](const test::Pieces& pieces) {
    Conversation talk(ssl_continue, "AT+CSSLCONT=0");
    talk.feed_all(pieces);
    EXPECT_EQ(talk.outcome.final, Final::connect);
    EXPECT_EQ(talk.online, "\r\nOK\r\n>\r\nCLOSED\r\n");
  });
}

TEST(NoteSsl, send) {
  play({"4.3", ssl_send, "AT+CSSLSEND=1,88", {prompt, ok}});
  play({"4.3", ssl_send, "AT+CSSLSEND=1,1024", {prompt, ok}});
  for (const std::string report : {"+CSSLSEND: 1, 0, 88", "+CSSLSEND: 1, 0, 1024"})
    play({.chapter = "4.3, 6.3",
          .id = ssl_send,
          .host = "AT+CSSLSEND=1,88",
          .modem = {prompt, ok, "\r\n" + report + "\r\n"},
          .urcs = {report}});
}

TEST(NoteSsl, query) {
  play({.chapter = "4.3",
        .id = ssl_send_query,
        .host = "AT+CSSLSEND?",
        .modem = {"\r\n+CSSLSEND: 0, 0, 1, 1024\r\n", ok},
        .lines = {"+CSSLSEND: 0, 0, 1, 1024"}});
}

TEST(NoteSsl, query_while_a_report_arrives) {
  play({.chapter = "4.3",
        .id = ssl_send_query,
        .host = "AT+CSSLSEND?",
        .modem = {"\r\n+CSSLSEND: 1, 0, 1024\r\n", "\r\n+CSSLSEND: 0, 0, 1, 0\r\n", ok},
        .lines = {"+CSSLSEND: 0, 0, 1, 0"},
        .urcs = {"+CSSLSEND: 1, 0, 1024"}});
}

TEST(NoteSsl, receive) {
  const std::string data = "HTTP/1.1 200 OK\r\n\r\nOK\r\n\r\nERROR\r\n>+CSSLRECV: DATA,1,9\r\n";
  const std::string head = "+CSSLRECV: DATA, 1, " + std::to_string(data.size());
  for (const std::string& end : {ok, std::string("\r\nERROR\r\n")})
    play({.chapter = "4.4, 6.3, in the middle of a command",
          .id = ssl_send,
          .host = "AT+CSSLSEND=1,88",
          .modem = {"\r\n" + head + "\r\n" + data, prompt, "\r\n" + head + "\r\n" + data, end},
          .final = end == ok ? Final::ok : Final::error,
          .urcs = {head, head},
          .pushed = data + data});
}

TEST(NoteSsl, event) {
  play({.chapter = "5.2",
        .id = ssl_close,
        .host = "AT+CSSLCLOSE=1",
        .modem = {"\r\n+CSSL: RECV EVENT, 1\r\n", ok},
        .urcs = {"+CSSL: RECV EVENT, 1"}});
}

TEST(NoteSsl, close_and_stop) {
  play({"4.2, 4.5, 6.3", ssl_close, "AT+CSSLCLOSE=1", {ok}});
  play({"4.6", ssl_stop, "AT+CSSLSTOP", {ok}});
}

TEST(NoteSsl, back_online) {
  play({.chapter = "4.7",
        .id = go_online,
        .host = "ATO",
        .modem = {"\r\nCONNECT 115200\r\n"},
        .final = Final::connect});
  play({.chapter = "4.7",
        .id = go_online,
        .host = "ATO",
        .modem = {"\r\nNO CARRIER\r\n"},
        .final = Final::no_carrier});
}

}  // namespace
}  // namespace sim52xx
