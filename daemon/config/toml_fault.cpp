#include "daemon/config/toml_fault.hpp"

#include <algorithm>
#include <vector>

#include "daemon/config/toml.hpp"
#include "daemon/config/value.hpp"

namespace sim52xx::daemon::config {
namespace {

using std::string_view;

// Whether a string may begin behind this.
bool before_string(string_view line) {
  return line.empty() || string_view(" \t=[{,.").find(line.back()) != line.npos;
}

// U+FEBE to U+FEFE, Arabic letters in a form of old: toml++ 3.3 looks for white space among them and
// comes where its code says that nobody can.
bool baffles_parser(string_view bytes) {
  const string_view most = bytes.substr(0, 2);
  if (bytes.size() < 3 || (most != "\xef\xba" && most != "\xef\xbb")) return false;
  const auto last = static_cast<unsigned char>(bytes[2]);
  return most == "\xef\xba" ? last >= 0xbe : last < 0xbf;
}

// A control byte, one beyond ASCII outside of quotes and comments, or a quote in the middle of a
// word. Quotes end with their line.
std::size_t find_strange(string_view line) {
  char quote = 0;  // the open one, or '#'
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t' && c != '\r') || byte == 0x7f) return i;
    if (byte >= 0x80 && quote == 0) return i;
    if (byte == 0xef && baffles_parser(line.substr(i))) return i;
    const string_view three = line.substr(i, 3);
    if (quote == 0 && (three == R"(""")" || three == "'''")) return i;
    if (quote == '"' && c == '\\') {
      ++i;
      if (baffles_parser(line.substr(std::min(i, line.size())))) return i;
    } else if (quote == 0 && (c == '"' || c == '\'' || c == '#')) {
      if (c != '#' && !before_string(line.substr(0, i))) return i;
      quote = c;
    } else if (quote != '#' && c == quote) {
      quote = 0;
    }
  }
  return line.npos;
}

// Where the name of a section should begin and does not; npos for other lines.
std::size_t find_nameless(string_view line) {
  constexpr string_view blank = " \t";
  constexpr string_view names =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-\"']";
  const auto open = line.find_first_not_of(blank);
  if (open == line.npos || line[open] != '[') return line.npos;
  const std::size_t behind = line.substr(open).starts_with("[[") ? open + 2 : open + 1;
  const auto name = std::min(line.find_first_not_of(blank, behind), line.size());
  return name < line.size() && names.find(line[name]) != names.npos ? line.npos : name;
}

bool asserts(string_view text) {
  try {
    static_cast<void>(toml::parse(text));
  } catch (const TomlAssertion&) {
    return true;
  }
  return false;
}

}  // namespace

std::optional<TomlFault> find_toml_fault(string_view text) {
  for (std::uint32_t line = 1; !text.empty(); ++line) {
    const string_view here = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), here.size() + 1));
    if (const auto strange = find_strange(here); strange != here.npos)
      return TomlFault{line, static_cast<std::uint32_t>(strange + 1),
                       "found what cannot stand here, allowed ASCII, and UTF-8 in comments and in "
                       "quotes on one line"};
    if (const auto name = find_nameless(here); name != here.npos)
      return TomlFault{line, static_cast<std::uint32_t>(name + 1),
                       "found " +
                           (name < here.size() ? toml_string(here.substr(name, 1)) : "nothing") +
                           ", allowed the name of a section, as in [modem]"};
  }
  return std::nullopt;
}

std::uint32_t line_of_assertion(string_view text) {
  std::vector<std::size_t> ends;
  for (auto end = text.find('\n'); end != text.npos; end = text.find('\n', end + 1))
    ends.push_back(end);
  const auto first = std::partition_point(
      ends.begin(), ends.end(), [&](std::size_t end) { return !asserts(text.substr(0, end)); });
  return static_cast<std::uint32_t>(first - ends.begin() + 1);
}

}  // namespace sim52xx::daemon::config
