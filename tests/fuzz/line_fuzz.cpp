// The modem's lines: framer and exchange together, as the channel uses them, with any command in
// flight and any cut of the stream. Every byte ends in exactly one frame, and what a cut does to
// the stream does not change what is read.
#include <string>
#include <vector>

#include "protocol/exchange.hpp"
#include "protocol/framer.hpp"
#include "protocol/profile/profile.hpp"
#include "protocol/urc.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace sim52xx::fuzz {
namespace {

// All that was read of one stream.
struct Reader {
  explicit Reader(const CommandRow& row) : expect(row.expect()), sent(row.names.front()) {
    exchange.start(expect, sent);
    exchange.written();
    order();
  }

  void feed(std::string_view input) {
    while (const auto frame = framer.next(input)) take(*frame);
  }

  void take(const Frame& frame) {
    switch (frame.kind) {
      case FrameKind::raw:
        raw += frame.bytes;
        if (frame.last) order();
        return;
      case FrameKind::prompt:
        story.push_back(">" + std::to_string(static_cast<int>(exchange.on_prompt())));
        break;
      case FrameKind::line:
        on_line(frame.bytes);
        break;
      case FrameKind::misfit:
        story.emplace_back("misfit");
        return;
      case FrameKind::online:
      case FrameKind::overlong:
        check(frame.kind == FrameKind::overlong, "nobody has ordered transparent mode");
        story.emplace_back("overlong");
        return;
    }
    order();
  }

  void on_line(std::string_view line) {
    check(!line.empty() && line.size() <= Framer::max_line, "a line has 1 to max_line bytes");
    check(line.find('\n') == std::string_view::npos, "a line has no end in its middle");
    const auto step = exchange.active() ? exchange.on_line(line) : Exchange::Step::not_mine;
    if (step == Exchange::Step::not_mine) parse_urc(line);
    story.push_back(std::to_string(static_cast<int>(step)) + std::string(line));
    if (step != Exchange::Step::block) return;
    check(exchange.block_length() <= std::size_t{1} << 20U, "no block is that long");
    framer.expect_raw(exchange.block_length());
  }

  void order() {
    if (framer.in_raw()) return;
    if (exchange.active() && exchange.wants_prompt())
      framer.expect_prompt();
    else
      framer.expect_lines();
  }

  Expect expect;
  std::string_view sent;
  Exchange exchange;
  Framer framer;
  std::vector<std::string> story;
  std::string raw;
};

void run(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const auto& rows = sim52xx_profile().rows;
  const CommandRow& row = rows[input.byte() % rows.size()];
  const std::size_t piece = input.byte() % 64 + 1;
  const std::string stream(input.rest());
  Reader whole(row);
  whole.feed(stream);
  Reader cut(row);
  for (std::size_t at = 0; at < stream.size(); at += piece)
    cut.feed(std::string_view(stream).substr(at, piece));
  check(whole.raw == cut.raw, "a block is the same at any cut");
  check(whole.story == cut.story, "lines are the same at any cut");
  check(whole.exchange.active() == cut.exchange.active(), "a command ends the same at any cut");
}

}  // namespace
}  // namespace sim52xx::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sim52xx::fuzz::run(data, size);
  return 0;
}
