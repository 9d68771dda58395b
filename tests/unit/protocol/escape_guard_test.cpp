#include "protocol/escape_guard.hpp"

#include <string>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

using namespace std::chrono_literals;

constexpr auto gap = EscapeGuard::gap;

TEST(EscapeGuard, its_gap_is_longer_than_between_the_signs_of_an_escape) {
  EXPECT_GT(EscapeGuard::gap, 900ms);
}

TEST(EscapeGuard, data_without_trailing_plus_signs_passes_at_once) {
  const EscapeGuard guard;
  EXPECT_EQ(guard.admit("", 0s), 0U);
  EXPECT_EQ(guard.admit("hello", 0s), 5U);
  EXPECT_EQ(guard.admit("+++x", 0s), 4U);
  EXPECT_EQ(guard.admit("a+++b++++c", 0s), 10U);
  EXPECT_EQ(guard.admit("hello+", 0s), 6U);
  EXPECT_EQ(guard.admit("hello++", 0s), 7U);
  EXPECT_FALSE(guard.release_at("hello++", 0s));
  EXPECT_FALSE(guard.release_at("", 0s));
}

TEST(EscapeGuard, two_plus_signs_may_rest_on_the_line) {
  const EscapeGuard guard;
  EXPECT_EQ(guard.admit("+++", 0s), 2U);
  EXPECT_EQ(guard.admit("hello+++", 0s), 7U);
  EXPECT_EQ(guard.admit("++++++++", 0s), 2U);
}

TEST(EscapeGuard, the_third_waits_for_the_gap_after_the_second_left_the_wire) {
  EscapeGuard guard;
  guard.sent("hello++", 3s);
  EXPECT_EQ(guard.admit("+", 2s), 0U);
  EXPECT_EQ(guard.release_at("+", 2s), 3s + gap);
  EXPECT_EQ(guard.admit("+", 3s + gap - 1ns), 0U);
  EXPECT_EQ(guard.admit("+", 3s + gap), 1U);
  EXPECT_FALSE(guard.release_at("+", 3s + gap));
  EXPECT_EQ(guard.admit("+++", 3s + gap), 2U);
}

TEST(EscapeGuard, the_third_goes_with_the_next_byte) {
  EscapeGuard guard;
  guard.sent("++", 0s);
  EXPECT_EQ(guard.admit("+", 0s), 0U);
  EXPECT_EQ(guard.admit("+x", 0s), 2U);
  EXPECT_EQ(guard.admit("+x+++", 0s), 4U);
  guard.sent("+x++", 0s);
  EXPECT_EQ(guard.admit("+", 0s), 0U);
}

TEST(EscapeGuard, another_byte_starts_a_new_count) {
  EscapeGuard guard;
  guard.sent("++", 0s);
  EXPECT_EQ(guard.admit("x++", 0s), 3U);
  EXPECT_EQ(guard.admit("x+++", 0s), 3U);
  guard.sent("x+", 0s);
  EXPECT_EQ(guard.admit("+", 0s), 1U);
}

TEST(EscapeGuard, counts_across_writes) {
  EscapeGuard guard;
  guard.sent("a+", 0s);
  EXPECT_EQ(guard.admit("++", 1s), 1U);
  guard.sent("+", 1s);
  EXPECT_EQ(guard.admit("+", 2s), 0U);
  EXPECT_EQ(guard.release_at("+", 2s), 1s + gap);
  guard.sent("", 2s);
  EXPECT_EQ(guard.admit("+", 2s), 0U);
  guard.sent("x", 2s);
  EXPECT_EQ(guard.admit("++", 2s), 2U);
}

TEST(EscapeGuard, a_slow_wire_widens_the_gap_by_itself) {
  EscapeGuard guard;
  guard.sent("+", 0s);
  guard.sent("+", gap);
  EXPECT_EQ(guard.admit("++", gap), 1U);
}

TEST(EscapeGuard, a_new_session_begins_with_a_silent_line) {
  EscapeGuard guard;
  guard.sent("++", 0s);
  guard.reset();
  EXPECT_EQ(guard.admit("++", 0s), 2U);
}

}  // namespace
}  // namespace sim52xx
