#include "protocol/raw_command.hpp"

#include <algorithm>

namespace sim52xx {
namespace {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// In names of extended commands (V.250, 5.4.1).
bool is_name(char c) {
  return is_upper(c) || is_digit(c) ||
         std::string_view("!%-./:_").find(c) != std::string_view::npos;
}

struct Parts {
  std::string name;
  AtForm form = AtForm::exec;
  std::string argument;
  bool more = false;  // something follows that is no part of it
};

// Upper case and without blanks, outside of quotes: as the modem reads it (V.250, 5.2.1).
struct Plain {
  std::string text;
  bool several = false;  // a semicolon
  bool open = false;     // a quote without its end
};

Plain plain(std::string_view typed) {
  Plain result;
  for (const char c : typed) {
    if (c == '"') result.open = !result.open;
    if (!result.open && c == ' ') continue;
    if (!result.open && c == ';') result.several = true;
    result.text += result.open ? c : upper(c);
  }
  return result;
}

std::size_t count(std::string_view text, bool (*is)(char)) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is) - text.begin());
}

// "+NAME", "+NAME?", "+NAME=?", "+NAME=..."
Parts extended(std::string_view text) {
  Parts parts;
  const std::size_t length = 1 + count(text.substr(1), is_name);
  parts.name = text.substr(0, length);
  const std::string_view rest = text.substr(length);
  if (rest == "?") {
    parts.form = AtForm::read;
  } else if (rest == "=?") {
    parts.form = AtForm::test;
  } else if (rest.starts_with('=')) {
    parts.form = AtForm::set;
    parts.argument = rest.substr(1);
  } else {
    parts.more = !rest.empty();
  }
  return parts;
}

// "E0", "&C1", "\V1", "S3?", "S3=13": one letter and its digits. Any more would be a second
// command.
Parts basic(std::string_view text) {
  Parts parts;
  const std::size_t mark = text.front() == '&' || text.front() == '\\' ? 1 : 0;
  std::size_t length = std::min(mark + 1, text.size());
  if (text.front() == 'S') length += count(text.substr(1), is_digit);
  parts.name = text.substr(0, length);
  std::string_view rest = text.substr(length);
  if (rest == "?") {
    parts.form = AtForm::read;
    return parts;
  }
  if (rest.starts_with('=')) {
    parts.form = AtForm::set;
    rest.remove_prefix(1);
  }
  const std::size_t digits = count(rest, is_digit);
  parts.argument = rest.substr(0, digits);
  parts.more = digits < rest.size();
  return parts;
}

Error invalid(std::string words) {
  return {ErrorKind::invalid, "command", "command " + std::move(words)};
}

std::string why_not_line(std::string_view typed) {
  if (typed.size() > longest_raw_command)
    return "is too long (" + std::to_string(typed.size()) + " bytes, at most " +
           std::to_string(longest_raw_command) + ")";
  for (const char c : typed) {
    if (c == '\r' || c == '\n') return "contains the end of a line";
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "contains a control byte";
    if (static_cast<unsigned char>(c) >= 0x80) return "contains a byte that is not ASCII";
  }
  if (typed.find("+++") != std::string_view::npos) return "contains the escape sequence +++";
  return {};
}

constexpr std::string_view one_only = "is more than one command; give one at a time";

}  // namespace

Result<RawCommand> check_raw_command(std::string_view text) {
  if (const std::string why = why_not_line(text); !why.empty()) return invalid(why);
  const std::string start = plain(text.substr(0, 2)).text;
  if (start == "A/")
    return Error(ErrorKind::denied, "command", "A/ would repeat the daemon's last command");
  if (start != "AT") return invalid("must begin with AT");
  const Plain read = plain(text.substr(2));
  if (read.open) return invalid("has a quote without its end");
  if (read.several) return invalid(std::string(one_only));
  const std::string_view body = read.text;
  RawCommand command;
  command.line.wire = std::string(text) + '\r';
  command.line.shown = text;
  if (body.empty()) return command;
  const bool is_extended = std::string_view("+*#$^%").find(body.front()) != std::string_view::npos;
  const bool is_basic = is_upper(body.front()) || body.front() == '&' || body.front() == '\\';
  if (!is_extended && !is_basic) return invalid("is not an AT command");
  const Parts parts = is_extended ? extended(body) : basic(body);
  command.name = parts.name;
  const AtRule rule = at_rule(parts.name, parts.form, parts.argument);
  if (!rule.refusal.empty())
    return Error(ErrorKind::denied, "command", "AT" + parts.name + " " + std::string(rule.refusal));
  if (parts.more) return invalid(std::string(one_only));
  command.family = rule.family;
  command.role = rule.role;
  if (rule.secret && parts.form == AtForm::set) {
    command.line.shown = "AT" + parts.name + "=***";
    const std::size_t open = std::min(text.find('='), text.size() - 1) + 1;
    command.line.secrets.push_back({open, text.size() - open});
  }
  return command;
}

}  // namespace sim52xx
