#include "protocol/boot_lines.hpp"

#include <string>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

// The beginning of a real boot of a SIM5320E, as it was logged.
const std::string boot = "\r\nSTART\r\n\r\n+STIN: 25\r\n\r\n+STIN: 25\r\n\r\n+CPIN: READY\r\n";

TEST(BootLines, at_the_end_of_a_file) {
  EXPECT_EQ(boot_lines_at_end("half a picture" + boot), boot);
  EXPECT_EQ(boot_lines_at_end("a line\r\n" + boot), boot);
  EXPECT_EQ(boot_lines_at_end(boot), boot);
  EXPECT_EQ(boot_lines_at_end("x\r\nSTART\r\n"), "\r\nSTART\r\n");
  EXPECT_EQ(boot_lines_at_end("x\r\nRDY\r\n"), "\r\nRDY\r\n");
}

TEST(BootLines, each_line_is_complete) {
  for (std::size_t size = 0; size < boot.size(); ++size) {
    const std::string part = boot.substr(0, size);
    const bool whole = size >= 9 && part.ends_with("\r\n");
    EXPECT_EQ(boot_lines_at_end("x" + part), whole ? part : "") << size;
  }
}

TEST(BootLines, nothing_else_comes_behind_them) {
  for (const std::string text :
       {"", "x", "\r\n", "\r\n\r\n", "START\r\n", "\r\nSTART", "\r\nSTARTED\r\n",
        "\r\nSTART\r\nof the file\r\n", "\r\nSTART\r\nx", "\r\n+STIN: 25\r\n"})
    EXPECT_EQ(boot_lines_at_end(text), "") << text;
}

// What the file says of a start before the modem does counts only when it is next to it.
TEST(BootLines, the_files_own_words_before_them) {
  EXPECT_EQ(boot_lines_at_end("\r\nSTART\r\na line\r\n" + boot), boot);
  EXPECT_EQ(boot_lines_at_end("\r\nSTART\r\n" + boot), "\r\nSTART\r\n" + boot);
}

}  // namespace
}  // namespace sim52xx
