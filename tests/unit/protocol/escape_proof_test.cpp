#include "protocol/escape_proof.hpp"

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

constexpr std::string_view number = "359769034498003";
constexpr std::string_view answer = "\r\n359769034498003\r\n\r\nOK\r\n";

std::string text(std::string_view before, std::string_view behind = {}) {
  return std::string(before) + std::string(answer) + std::string(behind);
}

TEST(EscapeProof, CutsTheStreamAtTheAnswer) {
  const std::string bytes = text("data\r\nOK\r\n", "\r\nRING\r\n");
  const auto proof = find_escape_proof(bytes, number);
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->before, "data\r\nOK\r\n");
  EXPECT_EQ(proof->lines, "\r\nRING\r\n");
}

TEST(EscapeProof, IsThereOnlyWhenItIsWhole) {
  const std::string bytes = text("data\r\nOK\r\n");
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(find_escape_proof(std::string_view(bytes).substr(0, length), number)) << length;
  EXPECT_TRUE(find_escape_proof(bytes, number));
}

TEST(EscapeProof, AnotherNumberIsNone) {
  EXPECT_FALSE(find_escape_proof("\r\n123456789012345\r\n\r\nOK\r\n", number));
  EXPECT_FALSE(find_escape_proof("\r\n1359769034498003\r\n\r\nOK\r\n", number));
  EXPECT_FALSE(find_escape_proof("\r\n3597690344980031\r\n\r\nOK\r\n", number));
}

TEST(EscapeProof, LinesInBetweenAreTheModems) {
  const auto proof = find_escape_proof(
      "\r\nOK\r\n\r\nRING\r\n\r\n359769034498003\r\n\r\n+CSQ: 1,9\r\n\r\nOK\r\n", number);
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->before, "\r\nOK\r\n\r\nRING\r\n");
  EXPECT_EQ(proof->lines, "\r\n+CSQ: 1,9\r\n");
}

TEST(EscapeProof, TwoAnswersAreBothTaken) {
  const std::string bytes = text("x", text("\r\nRING\r\n", "\r\nCLOSED\r\n"));
  const auto proof = find_escape_proof(bytes, number);
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->before, "x");
  EXPECT_EQ(proof->lines, "\r\nRING\r\n\r\nCLOSED\r\n");
}

TEST(EscapeProof, EchoAndTheErrorForPlusSignsAreNobodys) {
  const std::string echoed = text("data\r\nOK\r\nAT+CGSN\r");
  EXPECT_EQ(find_escape_proof(echoed, number)->before, "data\r\nOK\r\n");
  const std::string refused = text("data\r\nOK\r\n\r\nERROR\r\n");
  EXPECT_EQ(find_escape_proof(refused, number)->before, "data\r\nOK\r\n");
}

}  // namespace
}  // namespace sim52xx
