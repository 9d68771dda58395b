#include "protocol/exchange.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

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

TEST(ExchangeOnline, connect_or_not) {
  EXPECT_EQ(Talk(Completion::online, "CONNECT\r\n").outcome.final, Final::connect);
  EXPECT_EQ(Talk(Completion::online, "NO CARRIER\r\n").outcome.final, Final::no_carrier);
  EXPECT_EQ(Talk(Completion::online, "ERROR\r\n").outcome.final, Final::error);
  Talk talk(Completion::online, "CONNECT 115200\r\n\r\nOK\r\n");
  EXPECT_EQ(talk.online, "\r\nOK\r\n");
}

TEST(ExchangeArities, tell_an_answer_from_a_urc_of_the_same_name) {
  Talk talk(Expect{Completion::plain, x, 1U << 2U | 1U << 4U, false, false},
            "+X: 1\r\n+X: 0,1\r\n+X: 5,\"1\",\"2\"\r\n+X: 2,1,\"3\",\"4\"\r\nOK\r\n");
  EXPECT_EQ(talk.outcome.lines, (Lines{"+X: 0,1", "+X: 2,1,\"3\",\"4\""}));
  EXPECT_EQ(talk.urcs, (Lines{"+X: 1", "+X: 5,\"1\",\"2\""}));
  Talk number(Expect{Completion::plain, x, 1U << 1U, false, false}, "+X: 1024\r\nOK\r\n");
  EXPECT_EQ(number.outcome.lines, Lines{"+X: 1024"});
  EXPECT_FALSE(number.outcome.code) << "a number that is no result";
}

TEST(ExchangeBare, lines_without_a_name) {
  Talk talk(Expect{Completion::plain, {}, 0, true, false},
            "Model: SIM5320E\r\nRING\r\n+STIN: 25\r\nIMEI: 351602000330570\r\nSTART\r\nOK\r\n");
  EXPECT_EQ(talk.outcome.lines, (Lines{"Model: SIM5320E", "IMEI: 351602000330570"}));
  EXPECT_EQ(talk.urcs, (Lines{"RING", "+STIN: 25", "START"}));
}

TEST(ExchangeBare, of_digits_only) {
  Talk talk(Expect{Completion::plain, {}, 0, true, true},
            "DST: 1\r\n351602000330570\r\nSMS DONE\r\n3516020003305x0\r\nOK\r\n");
  EXPECT_EQ(talk.outcome.lines, Lines{"351602000330570"});
  EXPECT_EQ(talk.urcs, (Lines{"DST: 1", "SMS DONE", "3516020003305x0"}));
}

TEST(ExchangeWriting, only_echo_is_taken_before_the_last_byte_has_left) {
  Conversation talk;
  talk.start(shape(Completion::plain), "AT+X", false);
  talk.feed("\r\n+STIN: 25\r\nOK\r\n+X: 1\r\nERROR\r\nAT+X\r");
  EXPECT_EQ(talk.done, 0);
  talk.exchange.written();
  talk.feed("\r\nOK\r\n");
  EXPECT_EQ(talk.urcs, (Lines{"+STIN: 25", "OK", "+X: 1", "ERROR"}));
  EXPECT_EQ(talk.done, 1);
}

TEST(ExchangeAbandon, keeps_the_slot_until_the_answer_has_come) {
  Talk talk(Completion::plain, "");
  EXPECT_FALSE(talk.exchange.abandoned());
  talk.exchange.abandon();
  EXPECT_TRUE(talk.exchange.active());
  EXPECT_TRUE(talk.exchange.abandoned());
  talk.feed("+X: 1,2\r\nOK\r\n");
  EXPECT_EQ(talk.done, 1);
  EXPECT_FALSE(talk.exchange.active());
  EXPECT_FALSE(talk.exchange.abandoned());
}

TEST(ExchangeClear, frees_the_slot_without_an_answer) {
  Talk talk(Completion::data, "+X: DATA,5\r\nab");
  talk.exchange.clear();
  EXPECT_FALSE(talk.exchange.active());
  EXPECT_EQ(talk.exchange.block_length(), 0U);
  EXPECT_EQ(talk.exchange.on_line("OK"), Step::not_mine);
  talk.framer.reset();
  talk.start(shape(Completion::plain), "AT+X");
  EXPECT_TRUE(talk.exchange.outcome().lines.empty());
  talk.feed("OK\r\n");
  EXPECT_EQ(talk.done, 1);
}

TEST(Outcome, ok_needs_a_good_end_and_no_bad_code) {
  const auto ok = [](Final final, std::optional<long> code) {
    Outcome outcome;
    outcome.final = final;
    outcome.code = code;
    return outcome.ok();
  };
  EXPECT_TRUE(ok(Final::ok, {}));
  EXPECT_TRUE(ok(Final::ok, 0));
  EXPECT_TRUE(ok(Final::connect, {}));
  EXPECT_FALSE(ok(Final::ok, 1));
  for (const Final final : {Final::none, Final::error, Final::cme, Final::no_carrier})
    EXPECT_FALSE(ok(final, 0));
}

}  // namespace
}  // namespace sim52xx
