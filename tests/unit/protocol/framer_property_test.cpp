// The framer against random streams: whatever comes, the frames do not depend on the pieces in
// which it comes, and no byte of a block or of the transparent mode is lost.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "protocol/bytes.hpp"
#include "protocol/framer.hpp"
#include "tests/support/random.hpp"

namespace sim52xx {
namespace {

using namespace std::string_view_literals;
using test::Random;

constexpr std::array scraps{"\r"sv,
                            "\r\n"sv,
                            "\n"sv,
                            "\r\n"sv,
                            ">"sv,
                            " "sv,
                            "\0"sv,
                            "\r\nOK\r\n"sv,
                            "+X: "sv,
                            "\t"sv,
                            "CONNECT"sv,
                            "\r\n> "sv,
                            "\r\nRAW,7\r\n"sv,
                            "RAW,3\r"sv,
                            "abc"sv,
                            "\r\r\n"sv,
                            "\r\nPROMPT\r\n"sv};

std::string stream(Random& random) {
  std::string bytes;
  for (auto n = random.between(1, 30); n > 0; --n) {
    if (random.one_in(60)) bytes.append(random.between(4000, 5000), 'x');
    if (random.one_in(10)) {
      bytes += random.byte();
    } else {
      bytes += random.pick(scraps);
    }
  }
  return bytes;
}

// Takes orders from what it reads: RAW,<n> is followed by a block, PROMPT by a prompt, CONNECT by
// the transparent mode.
class Reader {
 public:
  void feed(std::string_view bytes) {
    while (const auto frame = framer_.next(bytes)) {
      const bool open = frame->kind == FrameKind::online || frame->kind == FrameKind::raw;
      if (!open || !open_) frames.push_back(std::to_string(static_cast<int>(frame->kind)) + ":");
      frames.back() += frame->bytes;
      open_ = open && !frame->last;
      obey(*frame);
    }
    EXPECT_TRUE(bytes.empty());
  }

  std::vector<std::string> frames;

 private:
  void obey(const Frame& frame) {
    if (frame.kind == FrameKind::prompt) framer_.expect_lines();
    if (frame.kind != FrameKind::line) return;
    if (frame.bytes == "CONNECT") framer_.expect_online();
    if (frame.bytes == "PROMPT") framer_.expect_prompt();
    if (frame.bytes == "RAW,7") framer_.expect_raw(7);
    if (frame.bytes == "RAW,3") framer_.expect_raw(3);
  }

  Framer framer_;
  bool open_ = false;
};

TEST(FramerProperty, frames_do_not_depend_on_the_pieces) {
  Random random(1);
  for (int round = 0; round < 20'000 && !testing::Test::HasFailure(); ++round) {
    const std::string bytes = stream(random);
    Reader whole;
    whole.feed(bytes);
    Reader pieces;
    const std::size_t most = random.pick(std::array<std::size_t, 4>{1, 2, 5, 3000});
    for (std::string_view rest = bytes; !rest.empty();)
      pieces.feed(random.piece(rest, most));
    EXPECT_EQ(pieces.frames, whole.frames) << round << ": " << printable(bytes);
  }
}

TEST(FramerProperty, blocks_are_exact) {
  Random random(2);
  for (int round = 0; round < 5'000 && !testing::Test::HasFailure(); ++round) {
    const std::string block = stream(random);
    const std::string bytes = block + "\r\nOK\r\n";
    Framer framer;
    framer.expect_raw(block.size());
    std::string read;
    std::string line;
    for (std::string_view rest = bytes; !rest.empty();) {
      std::string_view piece = random.piece(rest, 50);
      while (const auto frame = framer.next(piece))
        (frame->kind == FrameKind::raw ? read : line) += frame->bytes;
    }
    EXPECT_EQ(read, block) << round;
    EXPECT_EQ(line, "OK") << round;
  }
}

}  // namespace
}  // namespace sim52xx
