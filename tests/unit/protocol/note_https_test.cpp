// The sample dialogues of the note's chapters 2 and 6.1.
#include <string>

#include <gtest/gtest.h>

#include "tests/support/sample.hpp"

namespace sim52xx {
namespace {

using test::play;
using enum CommandId;

const std::string ok = "\r\nOK\r\n";
const std::string prompt = "\r\n>";

const std::string request =
    "GET / HTTP/1.1\r\n"
    "Host: www.mywebsite.com\r\n"
    "User-Agent: MY WEB AGENT\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

// The note announces 249 bytes for this one, which is 227 bytes long as printed.
const std::string response =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/html\r\n"
    "Content-Language: zh-CN\r\n"
    "Content-Length: 57\r\n"
    "Date: Tue, 31 Mar 2009 01:56:05 GMT\r\n"
    "Connection: Close\r\n"
    "Proxy-Connection: Close\r\n"
    "\r\n"
    "<html>\r\n"
    "<header>test</header>\r\n"
    "<body>\r\n"
    "Test body\r\n"
    "</body>";

TEST(NoteHttps, the_printed_request_has_its_printed_length) {
  EXPECT_EQ(request.size(), 88U);
}

TEST(NoteHttps, the_printed_response_has_not) {
  EXPECT_EQ(response.size(), 227U);
}

TEST(NoteHttps, start) {
  play({"2.1", https_start, "AT+CHTTPSSTART", {ok}});
}

TEST(NoteHttps, open) {
  play({"2.2", https_open, "AT+CHTTPSOPSE=\"www.mywebsite.com\",443", {ok}});
}

TEST(NoteHttps, send) {
  play({"2.3", https_send, "AT+CHTTPSEND=88", {prompt, ok}});
  play({"2.3", https_send, "AT+CHTTPSEND=1024", {prompt, ok}});
  play({"6.1", https_send, "AT+CHTTPSENDD=88", {prompt, ok}});
  play({"real", https_send, "AT+CHTTPSSEND=88", {prompt, ok}});
}

TEST(NoteHttps, commit) {
  play({.chapter = "2.3",
        .id = https_commit,
        .host = "AT+CHTTPSEND",
        .modem = {ok, "\r\n+CHTTPSEND: 0\r\n"},
        .code = 0});
  play({.chapter = "real",
        .id = https_commit,
        .host = "AT+CHTTPSSEND",
        .modem = {ok, "\r\n+CHTTPSSEND: 0\r\n"},
        .code = 0});
}

// Chapter 6.1 prints no answer to the commit; without any, the command is still waiting.
TEST(NoteHttps, commit_without_an_answer_is_not_over) {
  test::Conversation talk(https_commit, "AT+CHTTPSENDD");
  talk.feed("AT+CHTTPSENDD\r");
  talk.feed(ok);
  EXPECT_EQ(talk.done, 0);
  EXPECT_TRUE(talk.exchange.active());
}

TEST(NoteHttps, query) {
  play({.chapter = "2.3",
        .id = https_send_query,
        .host = "AT+CHTTPSEND?",
        .modem = {"\r\n+CHTTPSEND: 1024\r\n", ok},
        .lines = {"+CHTTPSEND: 1024"}});
}

TEST(NoteHttps, receive) {
  for (const std::string name : {"+HTTTPSRECV", "+CHTTPSRECV"})
    play({.chapter = "2.4, 6.1",
          .id = https_receive,
          .host = "AT+CHTTPSRECV=1",
          .modem = {ok, "\r\n" + name + ": DATA,227\r\n" + response, "\r\n+CHTTPSRECV: 0\r\n"},
          .code = 0,
          .block = response});
}

TEST(NoteHttps, receive_fails) {
  play({.chapter = "manual",
        .id = https_receive,
        .host = "AT+CHTTPSRECV=1",
        .modem = {"\r\n+CHTTPSRECV: 3\r\n", "\r\nERROR\r\n"},
        .final = Final::error,
        .code = 3});
}

TEST(NoteHttps, close) {
  play({"2.5", https_close, "AT+CHTTPSCLSE", {ok}});
}

TEST(NoteHttps, stop) {
  play({"2.6", https_stop, "AT+CHTTPSSTOP", {ok}});
}

TEST(NoteHttps, cached_data_is_announced) {
  play({.chapter = "5.1",
        .id = https_close,
        .host = "AT+CHTTPSCLSE",
        .modem = {"\r\n+CHTTPS: RECV EVENT\r\n", ok},
        .urcs = {"+CHTTPS: RECV EVENT"}});
}

}  // namespace
}  // namespace sim52xx
