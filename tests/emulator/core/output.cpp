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

void Output::emit(Answer kind, std::string bytes, std::size_t payload) {
  const std::size_t begins = std::min(payload, bytes.size());
  FaultSteps::Shape shape = steps_.on_answer(kind, std::move(bytes), begins);
  add(shape.now);
  if (shape.seconds > 0 && later_) later_(std::move(shape));
}

std::string Output::framed(std::string_view text) const {
  std::string whole = settings_.line.verbose ? "\r\n" : "";
  whole += settings_.spaces && text.starts_with('+') ? spaced(text) : std::string(text);
  whole += "\r\n";
  return whole;
}

void Output::finish(Answer kind, std::string_view text) {
  frame(kind, text);
  if (!settings_.urc_between.empty()) frame(Answer::line, settings_.urc_between);
}

void Output::line(std::string_view text) {
  finish(Answer::line, text);
}

void Output::block(std::string_view header, std::string_view payload) {
  std::string whole = framed(header);
  const std::size_t begins = whole.size();
  whole.append(payload).append("\r\n");
  emit(Answer::block, std::move(whole), begins);
  if (!settings_.urc_between.empty()) frame(Answer::line, settings_.urc_between);
}

void Output::result(ResultCode code, std::string_view words) {
  if (settings_.line.quiet) return;
  if (!settings_.line.verbose) {
    emit(Answer::final, std::to_string(static_cast<int>(code)) + '\r');
    return;
  }
  // What follows CONNECT is data: no line may be put behind it.
  if (code == ResultCode::connect)
    frame(Answer::final, words.empty() ? words_of(code) : words);
  else
    finish(Answer::final, words.empty() ? words_of(code) : words);
}

void Output::taken(std::size_t count) {
  taken_ += count;
  if (taken_ < queue_.size() && taken_ <= 4096) return;
  queue_.erase(0, taken_);
  if (barrier_ != std::string::npos) barrier_ -= taken_;
  taken_ = 0;
}

void Output::clear() {
  queue_.clear();
  taken_ = 0;
  resume();
}

}  // namespace sim52xx::sim
