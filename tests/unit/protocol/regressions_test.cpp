// What other drivers of such modems got wrong, one test each.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/conversation.hpp"
#include "tests/support/splits.hpp"

namespace sim52xx {
namespace {

using Lines = std::vector<std::string>;
using test::Conversation;
using test::for_each_split;
using test::Pieces;
using enum CommandId;

// sdk-nrf PR 2613: payload that contains OK ended the read.
TEST(Regressions, payload_that_contains_ok) {
  const std::string payload = "-----BEGIN\r\nOK\r\nERROR\r\n+CHTTPSRECV: 0\r\n>\r\nEND-----";
  const std::string stream = "\r\nOK\r\n\r\n+CHTTPSRECV: DATA," + std::to_string(payload.size()) +
                             "\r\n" + payload + "\r\n+CHTTPSRECV: 0\r\n";
  for_each_split(stream, [&](const Pieces& pieces) {
    Conversation talk(https_receive, "AT+CHTTPSRECV=1");
    talk.feed_all(pieces);
    EXPECT_EQ(talk.block, payload);
    EXPECT_EQ(talk.done, 1);
    EXPECT_EQ(talk.outcome.code, 0);
  });
}

// FreeRTOS-Cellular #89: a URC with the prefix of the answer was taken for it.
TEST(Regressions, urc_with_the_prefix_of_the_answer) {
  const std::string urc = "+CREG: 1,\"1816\",\"D5E1\"";
  for_each_split(
      "\r\n+CREG: 5\r\n\r\n" + urc + "\r\n\r\n+CREG: 2,1,\"1816\",\"D5E1\"\r\n\r\nOK\r\n",
      [&](const Pieces& pieces) {
        Conversation talk(registration, "AT+CREG?");
        talk.feed_all(pieces);
        EXPECT_EQ(talk.outcome.lines, Lines{"+CREG: 2,1,\"1816\",\"D5E1\""});
        EXPECT_EQ(talk.urcs, (Lines{"+CREG: 5", urc}));
      });
}

// TinyGSM #682: "DST: 1" was returned as the serial number.
TEST(Regressions, unrelated_line_where_a_bare_answer_is_expected) {
  for_each_split("\r\nDST: 1\r\n\r\n351602000330570\r\n\r\nOK\r\n", [&](const Pieces& pieces) {
    Conversation talk(serial_number, "AT+CGSN");
    talk.feed_all(pieces);
    EXPECT_EQ(talk.outcome.lines, Lines{"351602000330570"});
    EXPECT_EQ(talk.urcs, Lines{"DST: 1"});
  });
}

// esp-at #410: a URC between OK and the prompt hid the prompt.
TEST(Regressions, urc_between_ok_and_prompt) {
  for_each_split("\r\nOK\r\n\r\n+CSSL: RECV EVENT,1\r\n> ", [&](const Pieces& pieces) {
    Conversation talk(ssl_send, "AT+CSSLSEND=0,5");
    talk.feed_all(pieces);
    EXPECT_EQ(talk.payloads, 1);
    EXPECT_EQ(talk.done, 0);
    talk.feed("\r\nOK\r\n");
    EXPECT_EQ(talk.done, 1);
    EXPECT_TRUE(talk.outcome.ok());
  });
}

// mbed-os #10658: of several URCs in one read only the first was handled.
TEST(Regressions, several_urcs_in_one_read) {
  const std::string stream =
      "\r\n+CSSL: RECV EVENT,0\r\n\r\n+CSSLRECV: DATA,1,3\r\nabc\r\n+CSSLRECV: DATA,0,3\r\n"
      "def\r\n+CSSLSEND: 1,0,5\r\n\r\n+CREG: 1\r\n";
  for_each_split(stream, [&](const Pieces& pieces) {
    Conversation idle;
    idle.feed_all(pieces);
    EXPECT_EQ(idle.urcs, (Lines{"+CSSL: RECV EVENT,0", "+CSSLRECV: DATA,1,3", "+CSSLRECV: DATA,0,3",
                                "+CSSLSEND: 1,0,5", "+CREG: 1"}));
    EXPECT_EQ(idle.pushed, "abcdef");
  });
}

// zephyr PR 67527: a URC arrives while the request is still being written.
TEST(Regressions, urc_while_the_request_is_written) {
  Conversation talk;
  talk.start(sim52xx_profile().row(signal).expect(), "AT+CSQ", false);
  talk.feed("\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
  EXPECT_EQ(talk.done, 0);
  talk.exchange.written();
  talk.feed("\r\n+CSQ: 17,99\r\n\r\nOK\r\n");
  EXPECT_EQ(talk.done, 1);
  EXPECT_EQ(talk.outcome.lines, Lines{"+CSQ: 17,99"});
  EXPECT_EQ(talk.urcs, (Lines{"+CSQ: 20,99", "OK"}));
}

// atat #221: OK came before the result and ended the command.
TEST(Regressions, ok_before_the_result) {
  Conversation talk(ftps_get_file, "AT+CFTPSGETFILE=\"a\",0");
  talk.feed("\r\nOK\r\n");
  EXPECT_EQ(talk.done, 0);
  talk.feed("\r\n+CFTPSGETFILE: 0\r\n");
  EXPECT_EQ(talk.done, 1);
  EXPECT_EQ(talk.outcome.code, 0);
}

// ModemManager: the late answer of a command that was given up was taken for the next one's.
TEST(Regressions, late_answer_of_an_abandoned_command) {
  Conversation talk(https_open, "AT+CHTTPSOPSE=\"www.mywebsite.com\",443");
  talk.exchange.abandon();
  EXPECT_TRUE(talk.exchange.active());
  talk.feed("\r\nERROR\r\n");
  EXPECT_EQ(talk.done, 1);
  EXPECT_FALSE(talk.exchange.active());
  talk.start(sim52xx_profile().row(https_stop).expect(), "AT+CHTTPSSTOP");
  EXPECT_FALSE(talk.exchange.abandoned());
  talk.feed("\r\nOK\r\n");
  EXPECT_EQ(talk.done, 2);
  EXPECT_EQ(talk.outcome.final, Final::ok);
}

// Echo is on, and the prompt stands right behind it.
TEST(Regressions, prompt_behind_the_echo) {
  for (const std::string stream : {"AT+CSSLSEND=0,5\r>", "AT+CSSLSEND=0,5\r\r\n> "}) {
    for_each_split(stream, [&](const Pieces& pieces) {
      Conversation talk(ssl_send, "AT+CSSLSEND=0,5");
      talk.feed_all(pieces);
      EXPECT_EQ(talk.payloads, 1);
      EXPECT_TRUE(talk.urcs.empty());
    });
  }
}

}  // namespace
}  // namespace sim52xx
