#include "protocol/wire_mask.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "protocol/bytes.hpp"
#include "protocol/urc.hpp"

namespace sim52xx {
namespace {

constexpr char quoted = 0x10;             // the next byte stands for itself
constexpr std::size_t short_run = 0x40;   // 0x80 to 0xbf: 1 to 64 masked bytes
constexpr std::size_t long_run = 0x4000;  // 0xc0 to 0xff and a byte: 1 to 16384
constexpr std::size_t widest = 160;       // of a line of text, in bytes of the wire

bool ends_line(char c) {
  return c == '\r' || c == '\n';
}

// Masked, but for CRs at the end.
void add_masked_line(std::string& form, std::string_view bytes) {
  const std::size_t length =
      bytes.ends_with('\r') ? bytes.find_last_not_of('\r') + 1 : bytes.size();
  add_masked(form, length);
  form.append(bytes.size() - length, '\r');
}

// CR, LF and plus signs as they are.
void add_shape(std::string& form, std::string_view bytes) {
  std::size_t run = 0;
  for (const char c : bytes) {
    if (c != '+' && !ends_line(c)) {
      ++run;
      continue;
    }
    add_masked(form, std::exchange(run, 0));
    form += c;
  }
  add_masked(form, run);
}

bool same_name(std::string_view name, std::string_view lower) {
  return std::ranges::equal(name, lower, {}, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
}

constexpr std::array<std::string_view, 7> credentials{
    "authorization", "proxy-authorization", "cookie",      "set-cookie",
    "x-api-key",     "x-auth-token",        "x-csrf-token"};

// Whether a line that begins so is, or may become, a header that is a credential.
bool may_be_credential(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = trim(line.substr(0, colon));
  return std::ranges::any_of(credentials, [&](std::string_view each) {
    return same_name(name, colon == std::string_view::npos ? each.substr(0, name.size()) : each);
  });
}

// Writes lines of text.
class Text {
 public:
  explicit Text(char mark) : mark_(mark) {}

  void plain(char c) {
    flush_run();
    begin();
    text_ += printable(std::string_view(&c, 1));
    if (!ends_line(c)) said_ = true;
    if ((c == '\n' && said_) || ++width_ >= widest) end();
  }
  void masked(std::size_t count) { run_ += count; }
  std::string take() {
    flush_run();
    end();
    return std::move(text_);
  }

 private:
  void begin() {
    if (std::exchange(open_, true)) return;
    text_ += mark_;
    text_ += ' ';
  }
  void end() {
    if (std::exchange(open_, false)) text_ += '\n';
    said_ = false;
    width_ = 0;
  }
  void flush_run() {
    if (run_ == 0) return;
    begin();
    text_ += "\\{" + std::to_string(std::exchange(run_, 0)) + "}";
    said_ = true;
    width_ += 6;
  }

  char mark_;
  std::string text_;
  std::size_t run_ = 0;
  std::size_t width_ = 0;
  bool open_ = false;
  bool said_ = false;  // more than line ends
};

}  // namespace

void add_plain(std::string& form, std::string_view bytes) {
  for (const char c : bytes) {
    if (c == quoted || static_cast<unsigned char>(c) >= 0x80) form += quoted;
    form += c;
  }
}

void add_masked(std::string& form, std::size_t count) {
  while (count > 0) {
    const std::size_t run = std::min(count, count <= short_run ? short_run : long_run);
    if (run <= short_run) {
      form += static_cast<char>(0x80 + (run - 1));
    } else {
      form += static_cast<char>(0xc0 + ((run - 1) >> 8U));
      form += static_cast<char>((run - 1) & 0xffU);
    }
    count -= run;
  }
}

void add_sent(std::string& form, std::string_view bytes, std::span<const SecretSpan> secrets) {
  std::size_t done = 0;
  for (const SecretSpan& secret : secrets) {
    const std::size_t at = std::min(secret.at, bytes.size());
    const std::size_t size = std::min(secret.size, bytes.size() - at);
    add_plain(form, bytes.substr(done, at - done));
    add_masked(form, size);
    done = at + size;
  }
  add_plain(form, bytes.substr(done));
}

bool add_line(std::string& form, std::string_view line) {
  const std::size_t last = line.find_last_not_of("\r\n");
  const std::size_t length = last == std::string_view::npos ? 0 : last + 1;
  const std::size_t equals = line.substr(0, length).find('=');
  if (equals == std::string_view::npos ||
      line.substr(0, equals).find(':') != std::string_view::npos) {
    add_plain(form, line);
    return false;
  }
  add_plain(form, line.substr(0, equals + 1));
  add_masked(form, length - equals - 1);
  add_plain(form, line.substr(length));
  return true;
}

std::string mask_text(std::string_view form, char mark) {
  Text text(mark);
  for (std::size_t at = 0; at < form.size(); ++at) {
    const auto byte = static_cast<unsigned char>(form[at]);
    const bool more = at + 1 < form.size();
    if (byte >= 0xc0 && more) {
      const auto low = static_cast<unsigned char>(form[++at]);
      text.masked((static_cast<std::size_t>(byte & 0x3fU) << 8U) + low + 1);
    } else if (byte >= 0x80) {
      text.masked((byte & 0x3fU) + std::size_t{1});
    } else if (form[at] == quoted && more) {
      text.plain(form[++at]);
    } else {
      text.plain(form[at]);
    }
  }
  return text.take();
}

void PayloadMask::feed(std::string_view bytes, std::string& form) {
  if (keep_ == Keep::shape) {
    const std::size_t before = bytes.size() - std::min(bytes.size(), shape_tail);
    add_masked(form, before);
    add_shape(form, bytes.substr(before));
    return;
  }
  if (keep_ == Keep::words && bytes.size() > words_head + words_tail) {
    lines(bytes.substr(0, words_head), form);
    flush(form);
    add_masked(form, bytes.size() - words_head - words_tail);
    bytes.remove_prefix(bytes.size() - words_tail);
  }
  lines(bytes, form);
}

// Of the modem's words only LF is the end: they have both, and other payload many a CR. A
// credential is sought behind either.
void PayloadMask::lines(std::string_view bytes, std::string& form) {
  while (!bytes.empty()) {
    const std::size_t end = keep_ == Keep::all ? bytes.find_first_of("\r\n") : bytes.find('\n');
    if (end > 0) part(bytes.substr(0, end), form);
    if (end == std::string_view::npos) return;
    finish_line(form);
    form += bytes[end];
    bytes.remove_prefix(end + 1);
  }
}

// Of a line, without its end.
void PayloadMask::part(std::string_view bytes, std::string& form) {
  if (!decided_ && held_ + bytes.size() <= line_.size()) {
    std::ranges::copy(bytes, line_.begin() + static_cast<std::ptrdiff_t>(held_));
    held_ += bytes.size();
    return;
  }
  if (keep_ == Keep::all) {
    if (!decided_) {
      const std::size_t room = line_.size() - held_;
      std::ranges::copy(bytes.substr(0, room), line_.begin() + static_cast<std::ptrdiff_t>(held_));
      held_ = line_.size();
      bytes.remove_prefix(room);
      flush(form);
    }
    if (hide_) {
      add_masked(form, bytes.size());
    } else {
      add_plain(form, bytes);
    }
    return;
  }
  flush(form);
  add_masked_line(form, bytes);
}

void PayloadMask::finish_line(std::string& form) {
  if (keep_ == Keep::words && !decided_ && own_words({line_.data(), held_})) {
    add_plain(form, {line_.data(), held_});
    held_ = 0;
  }
  flush(form);
  decided_ = hide_ = false;
}

// A header's name ends within what was held, or it is none of those that are hidden.
void PayloadMask::flush(std::string& form) {
  const std::string_view line(line_.data(), std::exchange(held_, 0));
  if (keep_ != Keep::all) {
    add_masked_line(form, line);
  } else if (!decided_) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    hide_ = !line.empty() && may_be_credential(line);
    const std::size_t open = hide_ ? std::min(colon + 1, line.size()) : line.size();
    add_plain(form, line.substr(0, open));
    add_masked(form, line.size() - open);
  }
  decided_ = true;
}

bool PayloadMask::own_words(std::string_view line) const {
  const std::size_t begin = std::min(line.find_first_not_of('\r'), line.size());
  const std::string_view words = trim(line.substr(begin, line.find_last_not_of('\r') + 1 - begin));
  if (words.empty()) return false;
  const char first = words.front();  // most lines are none of the modem's, and quickly told
  const bool may_be = (first >= 'A' && first <= 'Z') || first == '+' || first == '*';
  if (!may_be) return words == known_;
  constexpr std::array<std::string_view, 5> finals{"OK", "ERROR", "NO CARRIER", "CLOSED",
                                                   "CONNECT"};
  if (std::ranges::find(finals, words) != finals.end() || words == known_) return true;
  if (words.starts_with("CONNECT "))
    return words.find_first_not_of("0123456789", 8) == std::string_view::npos;
  const Urc urc = parse_urc(words);
  return !std::holds_alternative<urc::Unknown>(urc) && !std::holds_alternative<urc::Notice>(urc);
}

}  // namespace sim52xx
