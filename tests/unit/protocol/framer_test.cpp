#include "protocol/framer.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "protocol/bytes.hpp"
#include "tests/support/splits.hpp"

namespace sim52xx {
namespace {

using namespace std::string_literals;
using test::for_each_split;

struct Seen {
  FrameKind kind;
  std::string bytes;

  friend bool operator==(const Seen&, const Seen&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << static_cast<int>(seen.kind) << " \"" << seen.bytes << '"';
  }
};
using Frames = std::vector<Seen>;

Seen line(std::string text) {
  return {FrameKind::line, std::move(text)};
}
Seen raw(std::string bytes) {
  return {FrameKind::raw, std::move(bytes)};
}
Seen online(std::string bytes) {
  return {FrameKind::online, std::move(bytes)};
}
const Seen prompt{FrameKind::prompt, ""};

// Pieces of one block, or of the transparent stream, become one.
void add(Frames& frames, const Frame& frame, bool& open) {
  if (open && frame.kind == frames.back().kind) {
    frames.back().bytes += frame.bytes;
  } else {
    frames.push_back({frame.kind, std::string(frame.bytes)});
  }
  open = frame.kind == FrameKind::online || (frame.kind == FrameKind::raw && !frame.last);
}

using Owner = std::function<void(Framer&, const Frame&)>;

// The stream gives these frames, however it is cut. `owner` gives orders behind each frame.
void expect_frames(std::string_view stream, const Frames& expected, const Owner& owner = {},
                   const std::function<void(Framer&)>& begin = {}) {
  SCOPED_TRACE(printable(stream));
  for_each_split(stream, [&](const test::Pieces& pieces) {
    Framer framer;
    if (begin) begin(framer);
    Frames frames;
    bool open = false;
    for (std::string_view piece : pieces) {
      while (const auto frame = framer.next(piece)) {
        add(frames, *frame, open);
        if (owner) owner(framer, *frame);
      }
      EXPECT_TRUE(piece.empty());
    }
    EXPECT_EQ(frames, expected);
  });
}

TEST(FramerLines, as_modems_end_them) {
  expect_frames("\r\nOK\r\n", {line("OK")});
  expect_frames("OK\n", {line("OK")});
  expect_frames("\r\n+CSQ: 17,99\r\n\r\nOK\r\n", {line("+CSQ: 17,99"), line("OK")});
  expect_frames("AT+CSQ\r\r\n+CSQ: 1,2\r\n", {line("AT+CSQ"), line("+CSQ: 1,2")});
  expect_frames("one\rtwo\r\r\rthree\r\nfour\n\nfive\n",
                {line("one"), line("two"), line("three"), line("four"), line("five")});
  expect_frames("\r\n\r\n\n\r \t\r\n", {});
  expect_frames("half", {});
  expect_frames("half\r", {});
}

TEST(FramerLines, noise_around_them_is_dropped_and_in_them_kept) {
  expect_frames("\0\0\r\nSTART\r\n"s, {line("START")});
  expect_frames("\0 \tSTART \0\r\n"s, {line("START")});
  expect_frames("  OK  \r\n", {line("OK")});
  expect_frames("a\0b\xff\r\n"s, {line("a\0b\xff"s)});
  expect_frames("> \r\n", {line(">")});
}

TEST(FramerLines, overlong_ones_are_dropped_and_the_next_is_whole) {
  for (const std::string_view end : {"\r\n", "\n", "\r"}) {
    const std::string body(Framer::max_line + 1, 'x');
    const std::string stream = body + std::string(end) + "OK\r\n";
    const Frames expected{{FrameKind::overlong, std::string(64, 'x')}, line("OK")};
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{7}, Framer::max_line, stream.size()}) {
      Framer framer;
      Frames frames;
      bool open = false;
      for (std::size_t at = 0; at < stream.size(); at += size) {
        std::string_view piece = std::string_view(stream).substr(at, size);
        while (const auto frame = framer.next(piece))
          add(frames, *frame, open);
      }
      EXPECT_EQ(frames, expected) << size;
    }
  }
  const std::string fits(Framer::max_line - 2, 'x');
  Framer framer;
  const std::string stream = fits + "\r\n";
  std::string_view input = stream;
  EXPECT_EQ(framer.next(input), (Frame{FrameKind::line, fits}));
}

TEST(FramerLines, a_whole_line_is_a_view_into_the_input) {
  Framer framer;
  const std::string stream = "\r\n+CSQ: 17,99\r\nrest";
  std::string_view input = stream;
  const auto frame = framer.next(input);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->bytes.data(), stream.data() + 2);
  EXPECT_EQ(input, "rest");
}

void await_prompt(Framer& framer) {
  framer.expect_prompt();
}

// Behind the prompt come lines.
void lines_after_prompt(Framer& framer, const Frame& frame) {
  if (frame.kind == FrameKind::prompt) framer.expect_lines();
}

TEST(FramerPrompt, with_and_without_line_ends_and_blanks) {
  for (const std::string_view text : {">", "> ", "\r\n>", "\r\n> ", "\r\n>\r\n", "\r\n> \r\n",
                                      "\r>", "\n>", " >", "\r\n\r\n >"}) {
    expect_frames(std::string(text) + "\r\nOK\r\n", {prompt, line("OK")}, lines_after_prompt,
                  await_prompt);
  }
  expect_frames("\0>"s, {prompt}, lines_after_prompt, await_prompt);
}

TEST(FramerPrompt, behind_an_echo_and_other_lines) {
  expect_frames("AT+CSSLSEND=0,5\r>", {line("AT+CSSLSEND=0,5"), prompt}, {}, await_prompt);
  expect_frames("AT+CSSLSEND=0,5\r\r\n> ", {line("AT+CSSLSEND=0,5"), prompt}, {}, await_prompt);
  expect_frames("\r\n+STIN: 25\r\n\r\nERROR\r\n>", {line("+STIN: 25"), line("ERROR"), prompt}, {},
                await_prompt);
}

TEST(FramerPrompt, only_at_the_beginning_of_a_line_and_only_when_expected) {
  expect_frames("\r\na > b\r\nx>\r\n", {line("a > b"), line("x>")}, {}, await_prompt);
  expect_frames("\r\n>\r\n", {line(">")});
  expect_frames(">>\r\n>", {prompt, line(">")}, lines_after_prompt, await_prompt);
}

void raw_after_data(Framer& framer, const Frame& frame) {
  const auto comma = frame.bytes.rfind(',');
  if (frame.kind != FrameKind::line || comma == std::string_view::npos) return;
  framer.expect_raw(
      static_cast<std::size_t>(std::stoi(std::string(frame.bytes.substr(comma + 1)))));
}

TEST(FramerRaw, exactly_so_many_bytes_whatever_they_are) {
  expect_frames("\r\n+X: DATA,11\r\n\r\nOK\r\n>\0\r\n\xff+X: 0\r\n"s,
                {line("+X: DATA,11"), raw("\r\nOK\r\n>\0\r\n\xff"s), line("+X: 0")},
                raw_after_data);
  expect_frames("+X: DATA,1\r\n\n+X: DATA,2\r\n\r\n\r\nOK\r\n",
                {line("+X: DATA,1"), raw("\n"), line("+X: DATA,2"), raw("\r\n"), line("OK")},
                raw_after_data);
  expect_frames("+X: DATA,0\r\nOK\r\n", {line("+X: DATA,0"), line("OK")}, raw_after_data);
  expect_frames("+X: DATA,3\r\rabc+X: 0\r\n", {line("+X: DATA,3"), raw("abc"), line("+X: 0")},
                raw_after_data);
  expect_frames("+X: DATA,3\rabc+X: 0\r\n", {line("+X: DATA,3"), raw("abc"), line("+X: 0")},
                raw_after_data);
}

// One of its bytes was lost, and the first one behind it taken for it; or one came twice.
TEST(FramerRaw, tells_when_no_line_end_follows) {
  const Seen misfit{FrameKind::misfit, ""};
  expect_frames("+X: DATA,3\r\nab\r\n+X: 0\r\n",
                {line("+X: DATA,3"), raw("ab\r"), misfit, line("+X: 0")}, raw_after_data);
  expect_frames("+X: DATA,3\r\nabcc\r\n+X: 0\r\n",
                {line("+X: DATA,3"), raw("abc"), misfit, line("c"), line("+X: 0")}, raw_after_data);
  expect_frames("+X: DATA,3\r\nabc\r\n\r\n+X: 0\r\n",
                {line("+X: DATA,3"), raw("abc"), line("+X: 0")}, raw_after_data);
  expect_frames("+X: DATA,3\r\nabcOKAY\r\n",
                {line("+X: DATA,3"), raw("abc"), misfit, line("OKAY")}, raw_after_data);
  for (const std::string end : {"OK", "ERROR", "+X: 0"})  // no line end of their own before them
    expect_frames("+X: DATA,3\r\nabc" + end + "\r\n", {line("+X: DATA,3"), raw("abc"), line(end)},
                  raw_after_data);
}

TEST(FramerRaw, tells_what_is_left) {
  Framer framer;
  framer.expect_raw(5);
  EXPECT_TRUE(framer.in_raw());
  EXPECT_EQ(framer.raw_left(), 5U);
  std::string_view input = "abc";
  EXPECT_EQ(framer.next(input), (Frame{FrameKind::raw, "abc", false}));
  EXPECT_EQ(framer.raw_left(), 2U);
  EXPECT_FALSE(framer.next(input));
  input = "de\r\nOK\r\n";
  EXPECT_EQ(framer.next(input), (Frame{FrameKind::raw, "de", true}));
  EXPECT_FALSE(framer.in_raw());
  EXPECT_EQ(framer.next(input), (Frame{FrameKind::line, "OK"}));
  framer.expect_raw(0);
  EXPECT_FALSE(framer.in_raw());
}

void online_after_connect(Framer& framer, const Frame& frame) {
  if (frame.bytes.starts_with("CONNECT")) framer.expect_online();
}

TEST(FramerOnline, all_is_data_from_the_next_byte_on) {
  expect_frames("\r\nCONNECT 115200\r\n\r\nOK\r\n>\0CLOSED\r\n"s,
                {line("CONNECT 115200"), online("\r\nOK\r\n>\0CLOSED\r\n"s)}, online_after_connect);
}

TEST(Framer, reset_forgets_half_lines_and_orders) {
  Framer framer;
  const auto feed = [&](std::string_view input) { return framer.next(input); };
  EXPECT_FALSE(feed("half a li"));
  framer.reset();
  EXPECT_EQ(feed("OK\r\n"), (Frame{FrameKind::line, "OK"}));
  framer.expect_raw(100);
  framer.reset();
  EXPECT_EQ(framer.raw_left(), 0U);
  EXPECT_EQ(feed("OK\r\n"), (Frame{FrameKind::line, "OK"}));
  framer.expect_online();
  framer.reset();
  EXPECT_EQ(feed("OK\r\n"), (Frame{FrameKind::line, "OK"}));
  EXPECT_FALSE(feed(std::string(2 * Framer::max_line, 'x')));
  framer.reset();
  EXPECT_EQ(feed("OK\r\n"), (Frame{FrameKind::line, "OK"}));
}

}  // namespace
}  // namespace sim52xx
