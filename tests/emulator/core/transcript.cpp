#include "tests/emulator/core/transcript.hpp"

#include <charconv>
#include <stdexcept>

#include "protocol/bytes.hpp"

namespace sim52xx::sim {
namespace {

constexpr std::size_t longest_mask = std::size_t{1} << 24U;

[[noreturn]] void refuse(std::size_t line, const std::string& what) {
  throw std::runtime_error("line " + std::to_string(line) + ": " + what);
}

void add(Step& step, char byte, bool masked) {
  step.bytes += byte;
  step.masked.push_back(masked);
}

// What follows a backslash; returns how many characters it has.
std::size_t read_escape(std::string_view text, Step& step, std::size_t line) {
  const char kind = text.empty() ? '\0' : text.front();
  if (kind == 'r' || kind == 'n' || kind == 't' || kind == '\\') {
    add(step, kind == 'r' ? '\r' : kind == 'n' ? '\n' : kind == 't' ? '\t' : '\\', false);
    return 1;
  }
  const std::size_t close = kind == '{' ? text.find('}') : 3;
  if ((kind != 'x' && kind != '{') || close > text.size()) refuse(line, "not an escape");
  unsigned number = 0;
  const std::string_view digits = text.substr(1, close - 1);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, kind == 'x' ? 16 : 10);
  if (error != std::errc() || end != digits.data() + digits.size() || number > longest_mask)
    refuse(line, "not an escape");
  if (kind == 'x') {
    add(step, static_cast<char>(number), false);
    return close;
  }
  for (unsigned i = 0; i < number; ++i)
    add(step, 'x', true);
  return close + 1;
}

void read_bytes(std::string_view text, Step& step, std::size_t line) {
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '\\') {
      text.remove_prefix(read_escape(text, step, line));
    } else {
      add(step, c, false);
    }
  }
}

double read_seconds(std::string_view text, std::size_t line) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) refuse(line, "not a number");
  return seconds;
}

Step::Kind event_kind(std::string_view words, std::size_t line) {
  if (words.starts_with("opened")) return Step::Kind::opened;
  if (words.starts_with("closed")) return Step::Kind::closed;
  if (words.starts_with("vanished")) return Step::Kind::vanished;
  refuse(line, "no such event");
}

}  // namespace

std::vector<Step> read_transcript(std::string_view text) {
  std::vector<Step> steps;
  std::optional<double> now;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (trim(line).empty() || line.front() == '#' || line.front() == '~') continue;
    const char mark = line.front();
    if (line.size() > 1 && line[1] != ' ') refuse(number, "a blank is missing behind the mark");
    const std::string_view rest = line.substr(std::min<std::size_t>(2, line.size()));
    if (mark == '@') {
      now = read_seconds(rest, number);
      continue;
    }
    if (mark != '>' && mark != '<' && mark != '!') refuse(number, "no such mark");
    const Step::Kind kind = mark == '>'   ? Step::Kind::host
                            : mark == '<' ? Step::Kind::modem
                                          : event_kind(rest, number);
    if (mark == '!' || steps.empty() || steps.back().kind != kind || steps.back().at != now)
      steps.push_back({kind, {}, {}, now, number});
    if (mark != '!') read_bytes(rest, steps.back(), number);
  }
  return steps;
}

std::string transcript_bytes(std::string_view bytes, const std::vector<bool>& masked) {
  std::string text;
  std::size_t run = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool any = i < masked.size() && masked[i];
    if (any) ++run;
    if (any && i + 1 < bytes.size() && i + 1 < masked.size() && masked[i + 1]) continue;
    text += any ? "\\{" + std::to_string(run) + "}" : printable(bytes.substr(i, 1));
    run = 0;
  }
  return text;
}

}  // namespace sim52xx::sim
