#include "tests/emulator/core/output.hpp"

#include <string>

namespace sim52xx::sim {
namespace {

std::string_view words_of(ResultCode code) {
  switch (code) {
    case ResultCode::success:
      return "OK";
    case ResultCode::connect:
      return "CONNECT";
    case ResultCode::no_carrier:
      return "NO CARRIER";
    case ResultCode::failure:
      break;
  }
  return "ERROR";
}

// As the note prints it: a space behind every comma that is not in quotes.
std::string spaced(std::string_view text) {
  std::string out;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    out += c;
    if (c == ',' && !quoted) out += ' ';
  }
  return out;
}

}  // namespace

void Output::add(std::string_view bytes) {
  if (faults_.armed() == 0)
    queue_ += bytes;
  else
    queue_ += faults_.pass(bytes);
}

void Output::frame(std::string_view text) {
  std::string whole = settings_.line.verbose ? "\r\n" : "";
  whole += settings_.spaces && text.starts_with('+') ? spaced(text) : std::string(text);
  whole += "\r\n";
  add(whole);
}

void Output::line(std::string_view text) {
  frame(text);
  if (!settings_.urc_between.empty()) frame(settings_.urc_between);
}

void Output::block(std::string_view header, std::string_view payload) {
  frame(header);
  add(payload);
  add("\r\n");
  if (!settings_.urc_between.empty()) frame(settings_.urc_between);
}

void Output::result(ResultCode code, std::string_view words) {
  if (settings_.line.quiet) return;
  if (!settings_.line.verbose) {
    add(std::to_string(static_cast<int>(code)) + '\r');
    return;
  }
  // What follows CONNECT is data: no line may be put behind it.
  if (code == ResultCode::connect)
    frame(words.empty() ? words_of(code) : words);
  else
    line(words.empty() ? words_of(code) : words);
}

void Output::taken(std::size_t count) {
  taken_ += count;
  if (taken_ == queue_.size()) {
    clear();
  } else if (taken_ > 4096) {
    queue_.erase(0, taken_);
    taken_ = 0;
  }
}

void Output::clear() {
  queue_.clear();
  taken_ = 0;
}

}  // namespace sim52xx::sim
