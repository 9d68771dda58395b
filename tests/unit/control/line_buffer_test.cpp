#include "daemon/control/line_buffer.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sim52xx::daemon::control {
namespace {

std::vector<std::string> lines_of(LineBuffer& buffer) {
  std::vector<std::string> lines;
  while (auto line = buffer.next())
    lines.push_back(std::move(*line));
  return lines;
}

TEST(LineBuffer, TheSameLinesAtEverySplit) {
  const std::string text("one\n\ntw\0o\nthree\nrest", 20);
  const std::vector<std::string> expected{"one", "", std::string("tw\0o", 4), "three"};
  for (std::size_t split = 0; split <= text.size(); ++split) {
    LineBuffer buffer;
    buffer.push(text.substr(0, split));
    std::vector<std::string> lines = lines_of(buffer);
    buffer.push(text.substr(split));
    for (std::string& line : lines_of(buffer))
      lines.push_back(std::move(line));
    EXPECT_EQ(lines, expected) << split;
    EXPECT_FALSE(buffer.empty());
    EXPECT_EQ(buffer.rest(), "rest") << split;
    EXPECT_TRUE(buffer.empty());
  }
}

TEST(LineBuffer, ALineMayHaveOneMebibyte) {
  LineBuffer buffer;
  buffer.push(std::string(line_limit, 'x'));
  EXPECT_FALSE(buffer.next());
  EXPECT_FALSE(buffer.too_long());
  buffer.push("\nnext\n");
  EXPECT_EQ(lines_of(buffer).size(), 2U);
}

TEST(LineBuffer, WaitsForTheEndOfALineThatIsTooLong) {
  LineBuffer buffer;
  buffer.push(std::string(line_limit + 1, 'x'));
  EXPECT_FALSE(buffer.next());
  EXPECT_TRUE(buffer.too_long());
  EXPECT_FALSE(buffer.over());
  EXPECT_TRUE(buffer.empty()) << "nothing is kept";
  buffer.push("xx");
  EXPECT_FALSE(buffer.over());
  buffer.push("x\nnext\n");
  EXPECT_TRUE(buffer.over());
  EXPECT_FALSE(buffer.next()) << "the stream is of no use any more";
}

TEST(LineBuffer, DoesNotWaitForever) {
  LineBuffer buffer;
  for (int i = 0; i < 20 && !buffer.over(); ++i) {
    buffer.push(std::string(line_limit, 'x'));
    EXPECT_FALSE(buffer.next());
  }
  EXPECT_TRUE(buffer.over());
}

}  // namespace
}  // namespace sim52xx::daemon::control
