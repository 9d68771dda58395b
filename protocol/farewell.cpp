#include "protocol/farewell.hpp"

#include <algorithm>
#include <array>
#include <variant>
#include <vector>

#include "protocol/urc.hpp"

namespace sim52xx {
namespace {

constexpr auto npos = std::string_view::npos;

enum class Match : unsigned char { no, begun, whole };

bool eat(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// "<name>: 0" or "<name>: 0,<n>": session 0, the only one that can be transparent, has ended.
Match match_session_end(std::string_view text, std::string_view name) {
  if (text.size() <= name.size()) return name.starts_with(text) ? Match::begun : Match::no;
  if (!text.starts_with(name)) return Match::no;
  text.remove_prefix(name.size());
  if (!eat(text, ':')) return Match::no;
  eat(text, ' ');
  if (text.empty()) return Match::begun;
  if (!eat(text, '0')) return Match::no;
  if (text.empty()) return Match::whole;
  if (!eat(text, ',')) return Match::no;
  eat(text, ' ');
  if (text.empty()) return Match::begun;
  constexpr std::size_t digits = 4;
  const bool number = text.find_first_not_of("0123456789") == std::string_view::npos;
  return number && text.size() <= digits ? Match::whole : Match::no;
}

// The list: lines a modem prints when it leaves the transparent mode or starts anew.
Match match_suspicious(std::string_view text) {
  static constexpr std::array<std::string_view, 5> lines{"CLOSED", "NO CARRIER", "START", "RDY",
                                                         "DISCONNECT"};
  static constexpr std::array<std::string_view, 4> names{"+CSSLCLOSE", "+CCH_PEER_CLOSED",
                                                         "+CCHCLOSE", "+CCH_RECV_CLOSED"};
  Match best = Match::no;
  for (const std::string_view line : lines) {
    if (text == line) return Match::whole;
    if (line.starts_with(text)) best = Match::begun;
  }
  for (const std::string_view name : names)
    best = std::max(best, match_session_end(text, name));
  return best;
}

bool is_text(std::string_view line) {
  return std::ranges::all_of(line, [](char c) { return c >= 0x20 && c < 0x7f; });
}

// A line that a modem may print by itself behind its farewell.
bool may_follow(std::string_view line) {
  if (line.empty() || match_suspicious(line) == Match::whole) return true;
  if (!is_text(line)) return false;
  const Urc urc = parse_urc(line);
  return !std::holds_alternative<urc::Unknown>(urc) && !std::holds_alternative<urc::SslData>(urc);
}

// The head of a block of session 1's data: how many bytes that has.
std::optional<std::size_t> guest_block(std::string_view line) {
  if (!is_text(line)) return std::nullopt;
  const Urc urc = parse_urc(line);
  const auto* data = std::get_if<urc::SslData>(&urc);
  if (data == nullptr || data->session != 1) return std::nullopt;
  return static_cast<std::size_t>(data->length);
}

// The beginning of such a line, perhaps with the CR of its end.
bool may_begin_to_follow(std::string_view rest, bool guest) {
  if (guest && is_text(rest.substr(0, rest.find('\r'))) && rest.starts_with("+CSSLRECV"))
    return true;
  if (rest.ends_with('\r')) return may_follow(rest.substr(0, rest.size() - 1));
  if (match_suspicious(rest) != Match::no) return true;
  return is_text(rest) && may_become_urc(rest) && !rest.starts_with("+CSSLRECV");
}

bool begins_suspicious(std::string_view rest) {
  if (rest.ends_with('\r'))
    return match_suspicious(rest.substr(0, rest.size() - 1)) == Match::whole;
  return match_suspicious(rest) != Match::no;
}

}  // namespace

Suspicion find_beginning(std::string_view tail, std::string_view rest, std::size_t mark) {
  if (mark != std::string_view::npos && begins_suspicious(rest)) return {mark};
  if (tail.ends_with('\r')) return {tail.size() - 1};
  return {};
}

Suspicion find_suspicion(std::string_view tail, bool first, bool guest) {
  std::size_t mark = first ? 0 : npos;  // the CR LF before `line`
  std::size_t line = 0;
  Suspicion found;
  for (auto end = tail.find("\r\n"); end != npos; end = tail.find("\r\n", line)) {
    const std::string_view text = tail.substr(line, end - line);
    if (found.start != npos) {
      if (guest && guest_block(text)) {
        found.guest = mark;
        return found;
      }
      if (!may_follow(text)) found = {};
    } else if (mark != npos && match_suspicious(text) == Match::whole) {
      found = {mark, text, end};
    }
    mark = end;
    line = end + 2;
  }
  const std::string_view rest = tail.substr(line);
  if (found.start != npos && may_begin_to_follow(rest, guest)) return found;
  return find_beginning(tail, rest, mark);
}

Farewell find_farewell(std::string_view stream, bool first) {
  std::vector<Farewell> found;
  std::size_t mark = first ? 0 : npos;
  std::size_t line = 0;
  bool joined = true;
  for (auto end = stream.find("\r\n"); end != npos; end = stream.find("\r\n", line)) {
    const std::string_view text = stream.substr(line, end - line);
    if (mark != npos && match_suspicious(text) == Match::whole) {
      found.push_back({mark, text, joined});
      joined = true;
    } else {
      joined = joined && may_follow(text);
    }
    mark = end;
    line = end + 2;
  }
  if (found.empty()) return {stream.size(), {}};
  const Farewell last = found.back();
  if (found.size() == 1 || !last.joined) return last;
  const Farewell before = found.end()[-2];
  const bool report = last.words.starts_with('+');
  if (report == before.words.starts_with('+')) return last;
  return {before.start, report ? before.words : last.words};
}

std::optional<std::size_t> unasked_lines(std::string_view lines) {
  std::size_t line = 0;
  for (auto end = lines.find("\r\n"); end != npos; end = lines.find("\r\n", line)) {
    const std::string_view text = lines.substr(line, end - line);
    if (text == "OK") return std::nullopt;
    line = end + 2;
    const auto block = guest_block(text);
    // A block whose length makes no sense, or that stops short, is nobody's we could tell.
    if (!block && text.starts_with("+CSSLRECV")) return std::nullopt;
    if (block.value_or(0) > lines.size() - line) return std::nullopt;
    line += block.value_or(0);
  }
  return line;
}

}  // namespace sim52xx
