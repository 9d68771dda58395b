#include "tests/emulator/core/line_editor.hpp"

namespace sim52xx::sim {
namespace {

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// Where the command begins: noise in front of "AT" is skipped.
std::size_t find_attention(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    if (upper(text[i]) == 'A' && upper(text[i + 1]) == 'T') return i;
  return std::string_view::npos;
}

constexpr char backspace = '\b';

}  // namespace

bool LineEditor::editing() const {
  if (buffer_.empty()) return false;
  return upper(buffer_.back()) == 'A' || find_attention(buffer_) != std::string_view::npos;
}

std::optional<LineEditor::Line> LineEditor::finish() {
  const auto start = find_attention(buffer_);
  std::optional<Line> line;
  if (start != std::string_view::npos) {
    line.emplace();
    line->overlong = buffer_.size() >= capacity;
    line->body = buffer_.substr(start + 2);
    last_ = line->body;
  }
  buffer_.clear();
  return line;
}

std::optional<LineEditor::Line> LineEditor::feed(char byte, std::string& echo) {
  if (byte == '\n' || byte == '\0') return std::nullopt;
  echo += byte;
  if (byte == '\r') return finish();
  if (byte == backspace) {
    if (!buffer_.empty()) buffer_.pop_back();
    return std::nullopt;
  }
  if (byte == '/' && !buffer_.empty() && upper(buffer_.back()) == 'A' &&
      find_attention(buffer_) == std::string_view::npos) {
    buffer_.clear();
    Line line;
    line.body = last_;
    return line;
  }
  if (buffer_.size() < capacity) buffer_ += byte;
  return std::nullopt;
}

}  // namespace sim52xx::sim
