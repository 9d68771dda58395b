#include "protocol/framer.hpp"

#include <algorithm>
#include <utility>

namespace sim52xx {
namespace {

// Index of the byte that ends the first line, and how many bytes to eat; npos when there is none.
// LF ends a line, and so does a CR that something else than CR or LF follows (a modem's echo:
// "AT...\r>"). A CR at the very end of the input decides nothing yet.
struct LineEnd {
  std::size_t length;
  std::size_t eaten;
};

std::optional<LineEnd> find_end(std::string_view input) {
  const auto lf = input.find('\n');
  const std::string_view head = input.substr(0, lf);
  const auto cr = head.find('\r');
  if (cr < head.size() - 1) {  // there is one, and something behind it
    const auto after = head.find_first_not_of('\r', cr);
    if (after != std::string_view::npos) return LineEnd{cr, after};
  }
  if (lf == std::string_view::npos) return std::nullopt;
  return LineEnd{lf, lf + 1};
}

// What is not part of a line at either end of it; NULs are noise at power-up.
bool is_blank(char c) {
  return c == '\r' || c == '\n' || c == ' ' || c == '\t' || c == '\0';
}

std::string_view strip(std::string_view line) {
  while (!line.empty() && is_blank(line.front()))
    line.remove_prefix(1);
  while (!line.empty() && is_blank(line.back()))
    line.remove_suffix(1);
  return line;
}

}  // namespace

void Framer::expect_raw(std::size_t length) {
  raw_left_ = length;
  order_ = length == 0 ? Order::lines : Order::raw;
}

// Behind a counted block, whatever prints it, comes a line end: its own, or the one before the next
// line, or a line without one before it, a result or the answer's end. Anything else says that
// bytes of the block were lost on the line, or came twice.
bool Framer::misfits(std::string_view input) {
  constexpr std::size_t longest = 6;  // ERROR, CR
  behind_ += input.substr(0, longest);
  const auto fits = [&](std::string_view words) { return behind_.starts_with(words); };
  const auto may_fit = [&](std::string_view words) { return words.starts_with(behind_); };
  const bool fit = order_ == Order::online || fits("\r") || fits("+") || fits("OK\r") ||
                   fits("ERROR\r") || (order_ == Order::prompt && fits(">"));
  if (!fit && (may_fit("OK\r") || may_fit("ERROR\r"))) return false;  // its end is still to come
  behind_block_ = false;
  behind_.clear();
  return !fit;
}

std::optional<Frame> Framer::next(std::string_view& input) {
  if (input.empty()) return std::nullopt;
  if (behind_block_ && misfits(input)) return Frame{FrameKind::misfit, {}};
  if (order_ == Order::online) {
    partial_.clear();
    return Frame{FrameKind::online, std::exchange(input, {})};
  }
  if (order_ == Order::raw) {
    const std::string_view part = input.substr(0, raw_left_);
    input.remove_prefix(part.size());
    raw_left_ -= part.size();
    if (raw_left_ == 0) order_ = Order::lines;
    behind_block_ = raw_left_ == 0;
    return Frame{FrameKind::raw, part, raw_left_ == 0};
  }
  return next_line(input);
}

std::optional<Frame> Framer::next_line(std::string_view& input) {
  while (!input.empty()) {
    if (!partial_.empty() && partial_.back() == '\r' && input.front() != '\n' &&
        input.front() != '\r') {
      if (auto frame = finish({})) return frame;  // a CR that turned out to be a line end
      continue;
    }
    if (order_ == Order::prompt && strip(partial_).empty()) {
      const auto first = std::ranges::find_if_not(input, is_blank);
      if (first != input.end() && *first == '>') {
        partial_.clear();
        input.remove_prefix(static_cast<std::size_t>(first - input.begin()) + 1);
        return Frame{FrameKind::prompt, {}};
      }
    }
    const auto end = find_end(input);
    if (!end) {
      keep(std::exchange(input, {}));
      return std::nullopt;
    }
    const std::string_view tail = input.substr(0, end->length);
    input.remove_prefix(end->eaten);
    if (auto frame = finish(tail)) return frame;
  }
  return std::nullopt;
}

// Completes the line partial_ + tail; nullopt where it is empty.
std::optional<Frame> Framer::finish(std::string_view tail) {
  const bool dropped = std::exchange(dropping_, false);
  if (partial_.empty() && tail.size() <= max_line) {
    const std::string_view line = strip(tail);
    if (line.empty()) return std::nullopt;
    return Frame{FrameKind::line, line};
  }
  keep(tail);
  const bool overlong = std::exchange(dropping_, false) || dropped;
  line_.swap(partial_);
  partial_.clear();
  const std::string_view line = strip(line_);
  if (overlong) return Frame{FrameKind::overlong, line.substr(0, 64)};
  if (line.empty()) return std::nullopt;
  return Frame{FrameKind::line, line};
}

void Framer::keep(std::string_view bytes) {
  const std::size_t room = max_line - std::min(max_line, partial_.size());
  partial_.append(bytes.substr(0, room));
  if (bytes.size() <= room) return;
  dropping_ = true;
  partial_.back() = bytes.back();  // it may be the CR that ends the line
}

void Framer::reset() {
  expect_lines();
  raw_left_ = 0;
  behind_block_ = false;
  behind_.clear();
  partial_.clear();
  dropping_ = false;
}

}  // namespace sim52xx
