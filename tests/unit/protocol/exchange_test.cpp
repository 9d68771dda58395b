// Which lines are a command's own, and the life of its slot; the shapes have a file of their own.
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
            "Model: SIM5320E\r\nRING\r\n*PSUTTZ: 1\r\n+STIN: 25\r\nIMEI: "
            "351602000330570\r\nSTART\r\nOK\r\n");
  EXPECT_EQ(talk.outcome.lines, (Lines{"Model: SIM5320E", "IMEI: 351602000330570"}));
  EXPECT_EQ(talk.urcs, (Lines{"RING", "*PSUTTZ: 1", "+STIN: 25", "START"}));
}

TEST(ExchangeBare, of_digits_only) {
  Talk talk(Expect{Completion::plain, {}, 0, true, true},
            "DST: 1\r\n351602000330570\r\nSMS DONE\r\n3516020003305x0\r\nOK\r\n");
  EXPECT_EQ(talk.outcome.lines, Lines{"351602000330570"});
  EXPECT_EQ(talk.urcs, (Lines{"DST: 1", "SMS DONE", "3516020003305x0"}));
}

// A command that somebody typed: nothing is known of it but its name.
TEST(ExchangeRaw, takes_every_line_that_is_no_urc) {
  Talk talk(Completion::raw,
            "+Y: 7\r\n+X: 1\r\nRING\r\nsome words\r\n+CSSL: RECV EVENT,1\r\n+STIN: 25\r\n"
            "NO CARRIER\r\nOK\r\n");
  EXPECT_EQ(talk.outcome.lines, (Lines{"+Y: 7", "+X: 1", "some words"}));
  EXPECT_EQ(talk.urcs, (Lines{"RING", "+CSSL: RECV EVENT,1", "+STIN: 25", "NO CARRIER"}));
  EXPECT_EQ(talk.outcome.final, Final::ok);
  EXPECT_FALSE(talk.outcome.code) << "a number that is no result";
}

TEST(ExchangeRaw, takes_a_line_of_its_name_though_it_looks_like_a_urc) {
  constexpr std::array<std::string_view, 1> creg{"+CREG"};
  Talk talk(Expect{Completion::raw, creg, 0, false, false}, "+CREG: 0,1\r\n+CGREG: 1\r\nOK\r\n");
  EXPECT_EQ(talk.outcome.lines, Lines{"+CREG: 0,1"});
  EXPECT_EQ(talk.urcs, Lines{"+CGREG: 1"});
}

TEST(ExchangeRaw, tells_every_end) {
  EXPECT_EQ(Talk(Completion::raw, "ERROR\r\n").outcome.text, "ERROR");
  EXPECT_EQ(Talk(Completion::raw, "+CME ERROR: SIM PIN required\r\n").outcome.text,
            "+CME ERROR: SIM PIN required");
  EXPECT_EQ(Talk(Completion::raw, "CONNECT 115200\r\n").outcome.final, Final::connect);
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
  EXPECT_EQ(talk.exchange.on_line("OK"), Exchange::Step::not_mine);
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
