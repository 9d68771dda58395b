// How each shape of command ends.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "protocol/exchange.hpp"
#include "tests/support/conversation.hpp"

namespace sim52xx {
namespace {

using Lines = std::vector<std::string>;
using Step = Exchange::Step;
using test::Conversation;

constexpr std::array<std::string_view, 1> x{"+X"};

Expect shape(Completion completion) {
  return {completion, x, 0, false, false};
}

// A conversation about "AT+X" of that shape, in which the modem has said `lines`.
struct Talk : Conversation {
  Talk(Completion completion, std::string_view lines) : Talk(shape(completion), lines) {}
  Talk(const Expect& expect, std::string_view lines) : Conversation(expect, "AT+X") { feed(lines); }
};

TEST(ExchangePlain, ends_with_each_final_line) {
  const struct {
    std::string_view line;
    Final final;
  } table[]{
      {"OK", Final::ok},
      {"ERROR", Final::error},
      {"ABORTED", Final::error},
      {"COMMAND NOT SUPPORT", Final::error},
      {"+CME ERROR: SIM not inserted", Final::cme},
      {"+CME ERROR: 10", Final::cme},
      {"+CMS ERROR: 500", Final::cme},
  };
  for (const auto& row : table) {
    Exchange exchange;
    exchange.start(shape(Completion::plain), "AT+X");
    exchange.written();
    EXPECT_TRUE(exchange.active());
    EXPECT_EQ(exchange.on_line(row.line), Step::done) << row.line;
    EXPECT_FALSE(exchange.active());
    EXPECT_EQ(exchange.outcome().final, row.final) << row.line;
    EXPECT_EQ(exchange.outcome().text, row.line);
    EXPECT_EQ(exchange.outcome().ok(), row.final == Final::ok);
    EXPECT_EQ(exchange.on_line(row.line), Step::not_mine);
  }
}

TEST(ExchangePlain, other_lines_are_not_its_own) {
  Talk talk(Completion::plain, "OKAY\r\nok\r\nCONNECT 9600\r\nNO CARRIER\r\n+XY: 1\r\n+Y: 1\r\n");
  EXPECT_EQ(talk.urcs, (Lines{"OKAY", "ok", "CONNECT 9600", "NO CARRIER", "+XY: 1", "+Y: 1"}));
  EXPECT_EQ(talk.done, 0);
}

TEST(ExchangePlain, collects_its_lines_and_a_code_before_the_end) {
  Talk talk(Completion::plain, "+X: 1,\"a\"\r\n+X: \"b\"\r\nOK\r\n");
  EXPECT_EQ(talk.outcome.lines, (Lines{"+X: 1,\"a\"", "+X: \"b\""}));
  EXPECT_FALSE(talk.outcome.code);
  Talk failed(Completion::plain, "+X: 9\r\nERROR\r\n");
  EXPECT_EQ(failed.done, 1);
  EXPECT_EQ(failed.outcome.code, 9);
  EXPECT_EQ(failed.outcome.final, Final::error);
  Talk code(Completion::plain, "+X: 9\r\nOK\r\n");
  EXPECT_FALSE(code.outcome.ok());
}

TEST(ExchangeResult, code_and_ok_in_either_order) {
  for (const std::string_view lines : {"OK\r\n+X: 0\r\n", "+X: 0\r\nOK\r\n", "OK\r\n+X:0\r\n"}) {
    Talk talk(Completion::result, lines);
    EXPECT_EQ(talk.done, 1) << lines;
    EXPECT_TRUE(talk.outcome.ok());
    EXPECT_EQ(talk.outcome.code, 0);
    EXPECT_TRUE(talk.urcs.empty());
  }
  Talk failed(Completion::result, "OK\r\n+X: 4\r\n");
  EXPECT_EQ(failed.done, 1);
  EXPECT_EQ(failed.outcome.code, 4);
  EXPECT_FALSE(failed.outcome.ok());
}

TEST(ExchangeResult, errors_end_it_at_once) {
  for (const std::string_view lines : {"ERROR\r\n", "OK\r\nERROR\r\n", "+X: 8\r\nERROR\r\n"}) {
    Talk talk(Completion::result, lines);
    EXPECT_EQ(talk.done, 1) << lines;
    EXPECT_EQ(talk.outcome.final, Final::error) << lines;
  }
  EXPECT_EQ(Talk(Completion::result, "+X: 8\r\nERROR\r\n").outcome.code, 8);
  EXPECT_EQ(Talk(Completion::result, "OK\r\n").done, 0);
}

TEST(ExchangeResult, a_code_alone_settles) {
  const struct {
    std::string_view line;
    Final final;
  } table[]{{"+X: 0\r\n", Final::ok}, {"+X: 6\r\n", Final::error}};
  for (const auto& row : table) {
    for (const Completion completion : {Completion::result, Completion::data}) {
      Talk talk(completion, row.line);
      EXPECT_EQ(talk.done, 0);
      EXPECT_TRUE(talk.exchange.settling());
      talk.exchange.settle();
      EXPECT_FALSE(talk.exchange.active());
      EXPECT_FALSE(talk.exchange.settling());
      EXPECT_EQ(talk.exchange.outcome().final, row.final);
    }
  }
  EXPECT_FALSE(Talk(Completion::result, "OK\r\n").exchange.settling());
  EXPECT_FALSE(Exchange().settling());
}

TEST(ExchangeData, blocks_then_the_code) {
  Talk talk(Completion::data,
            "OK\r\n+X: DATA,4\r\nOK\r\n\r\n+X: DATA, 3,\r\nabc\r\n+X:DATA,0\r\n+X: 0\r\n");
  EXPECT_EQ(talk.done, 1);
  EXPECT_EQ(talk.block, "OK\r\nabc");
  EXPECT_EQ(talk.outcome.code, 0);
  EXPECT_TRUE(talk.outcome.ok());
  EXPECT_TRUE(talk.outcome.lines.empty());
}

TEST(ExchangeData, tells_the_length_of_a_block) {
  Exchange exchange;
  exchange.start(shape(Completion::data), "AT+X");
  exchange.written();
  EXPECT_EQ(exchange.on_line("+X: DATA,4096"), Step::block);
  EXPECT_EQ(exchange.block_length(), 4096U);
  EXPECT_EQ(exchange.on_line("+X: DATA,-1"), Step::not_mine);
  EXPECT_EQ(exchange.on_line("+X: DATA,many"), Step::not_mine);
  EXPECT_EQ(exchange.on_line("+X: DATA,99999999"), Step::not_mine) << "garbled";
  EXPECT_EQ(exchange.on_line("+X: DATA"), Step::not_mine);
  EXPECT_EQ(exchange.on_line("+X: DATA,0"), Step::taken);
  EXPECT_EQ(exchange.block_length(), 0U);
}

TEST(ExchangeData, ends_without_any_block_or_ok) {
  EXPECT_EQ(Talk(Completion::data, "OK\r\n+X: 3\r\n").outcome.code, 3);
  EXPECT_EQ(Talk(Completion::data, "+X: 3\r\nERROR\r\n").outcome.code, 3);
  EXPECT_EQ(Talk(Completion::data, "ERROR\r\n").done, 1);
  Talk bare(Completion::data, "+X: DATA,1\r\nz\r\n+X: 0\r\n");
  EXPECT_EQ(bare.block, "z");
  EXPECT_TRUE(bare.exchange.settling());
}

TEST(ExchangePayload, prompt_then_ok) {
  Talk talk(Completion::payload, "\r\n>");
  EXPECT_EQ(talk.payloads, 1);
  EXPECT_FALSE(talk.exchange.wants_prompt());
  talk.feed("> \r\nOK\r\n");
  EXPECT_EQ(talk.payloads, 1);
  EXPECT_EQ(talk.done, 1);
  EXPECT_TRUE(talk.outcome.prompted);
  EXPECT_TRUE(talk.outcome.ok());
}

TEST(ExchangePayload, refused_before_the_prompt) {
  Talk talk(Completion::payload, "+X: 7\r\nERROR\r\n");
  EXPECT_EQ(talk.done, 1);
  EXPECT_EQ(talk.outcome.code, 7);
  EXPECT_FALSE(talk.outcome.prompted);
  EXPECT_FALSE(talk.exchange.wants_prompt());
}

TEST(ExchangePayload, an_ok_before_the_prompt_does_not_end_it) {
  Talk talk(Completion::payload, "OK\r\n");
  EXPECT_EQ(talk.done, 0);
  talk.feed(">");
  EXPECT_EQ(talk.payloads, 1);
  talk.feed("OK\r\n");
  EXPECT_EQ(talk.done, 1);
}

TEST(ExchangePayload, others_never_take_a_prompt) {
  for (const Completion completion : {Completion::plain, Completion::result, Completion::data,
                                      Completion::open, Completion::online}) {
    Exchange exchange;
    exchange.start(shape(completion), "AT+X");
    exchange.written();
    EXPECT_FALSE(exchange.wants_prompt());
    EXPECT_EQ(exchange.on_prompt(), Step::not_mine);
  }
  Exchange early;
  early.start(shape(Completion::payload), "AT+X");
  EXPECT_EQ(early.on_prompt(), Step::not_mine) << "the command has not left yet";
  EXPECT_EQ(Exchange().on_prompt(), Step::not_mine);
}

TEST(ExchangeOpen, each_way_it_may_end) {
  const struct {
    std::string_view lines;
    Final final;
    bool alert;
  } table[]{
      {"OK\r\n", Final::ok, false},
      {"ERROR\r\n", Final::error, false},
      {"CONNECT 115200\r\n", Final::connect, false},
      {"CONNECT\r\n", Final::connect, false},
      {"CONNECT 3600000/PACKET\r\n", Final::connect, false},
      {"CONNECT FAIL\r\n", Final::no_carrier, false},
      {"NO CARRIER\r\n", Final::no_carrier, false},
      {"+X: ALERTSTATE\r\nERROR\r\n", Final::error, true},
  };
  for (const auto& row : table) {
    Talk talk(Completion::open, row.lines);
    EXPECT_EQ(talk.done, 1) << row.lines;
    EXPECT_EQ(talk.outcome.final, row.final) << row.lines;
    EXPECT_EQ(talk.outcome.alert_state, row.alert) << row.lines;
    EXPECT_FALSE(talk.outcome.code);
  }
}

// The note gives an opening no result code; only the final line ends it.
TEST(ExchangeOpen, a_number_is_just_a_line) {
  Talk talk(Completion::open, "+X: 3\r\n");
  EXPECT_FALSE(talk.exchange.settling());
  talk.feed("ERROR\r\n");
  EXPECT_EQ(talk.outcome.lines, Lines{"+X: 3"});
  EXPECT_FALSE(talk.outcome.code);
}

TEST(ExchangeOnline, connect_or_not) {
  EXPECT_EQ(Talk(Completion::online, "CONNECT\r\n").outcome.final, Final::connect);
  EXPECT_EQ(Talk(Completion::online, "NO CARRIER\r\n").outcome.final, Final::no_carrier);
  EXPECT_EQ(Talk(Completion::online, "ERROR\r\n").outcome.final, Final::error);
  Talk talk(Completion::online, "CONNECT 115200\r\n\r\nOK\r\n");
  EXPECT_EQ(talk.online, "\r\nOK\r\n");
}

}  // namespace
}  // namespace sim52xx
