#include "tests/emulator/core/output.hpp"

#include <array>

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

}  // namespace

void Output::frame(std::string_view text) {
  if (settings_.line.verbose) queue_ += "\r\n";
  queue_ += text;
  queue_ += "\r\n";
}

void Output::line(std::string_view text) {
  frame(text);
  if (!settings_.urc_between.empty()) frame(settings_.urc_between);
}

void Output::block(std::string_view header, std::string_view payload) {
  frame(header);
  queue_ += payload;
  queue_ += "\r\n";
  if (!settings_.urc_between.empty()) frame(settings_.urc_between);
}

void Output::result(ResultCode code, std::string_view words) {
  if (settings_.line.quiet) return;
  if (!settings_.line.verbose) {
    queue_ += std::to_string(static_cast<int>(code));
    queue_ += '\r';
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
