#include "protocol/close_detector.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/urc.hpp"

namespace sim52xx {
namespace {

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

// The head of a block of session 1's data.
bool is_guest_data(std::string_view line) {
  if (!is_text(line)) return false;
  const Urc urc = parse_urc(line);
  const auto* data = std::get_if<urc::SslData>(&urc);
  return data != nullptr && data->session == 1;
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

struct Finding {
  std::size_t start = std::string_view::npos;  // where what must be held begins
  std::string_view words{};                    // the suspicious line; empty: a beginning only
  bool guest_data = false;                     // all behind it may be session 1's
};

// A beginning at the end of `tail`, whose last line `rest` begins behind the CR LF at `mark`.
Finding find_beginning(std::string_view tail, std::string_view rest, std::size_t mark) {
  if (mark != std::string_view::npos && begins_suspicious(rest)) return {mark};
  if (tail.ends_with('\r')) return {tail.size() - 1};
  return {};
}

// `tail` is the end of the stream; `first`: it begins at the beginning of a line; `guest`: session
// 1 is open.
Finding inspect(std::string_view tail, bool first, bool guest) {
  constexpr auto npos = std::string_view::npos;
  std::size_t mark = first ? 0 : npos;  // the CR LF before `line`
  std::size_t line = 0;
  Finding found;
  for (auto end = tail.find("\r\n"); end != npos; end = tail.find("\r\n", line)) {
    const std::string_view text = tail.substr(line, end - line);
    if (found.start != npos) {
      if (guest && is_guest_data(text)) {
        found.guest_data = true;
        return found;
      }
      if (!may_follow(text)) found = {};
    } else if (mark != npos && match_suspicious(text) == Match::whole) {
      found = {mark, text};
    }
    mark = end;
    line = end + 2;
  }
  const std::string_view rest = tail.substr(line);
  if (found.start != npos && may_begin_to_follow(rest, guest)) return found;
  return find_beginning(tail, rest, mark);
}

struct Farewell {
  std::size_t start;       // of the CR LF before it
  std::string_view words;  // its line; of two the one that is no report ("+CSSLCLOSE: 0")
  bool joined = false;     // only the modem's lines between it and the one before
};

// The modem's farewell in `stream`, which ends with it and what the modem said since; behind all of
// it where there is none. Counted from the end: the same kind of line a second time is data.
Farewell find_farewell(std::string_view stream, bool first) {
  constexpr auto npos = std::string_view::npos;
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

std::string_view last(std::string_view text, std::size_t most) {
  return text.substr(text.size() - std::min(text.size(), most));
}

}  // namespace

CloseDetector::Data CloseDetector::feed(std::string_view input, Time now) {
  if (input.empty()) return {};
  const std::size_t before = held_.size();
  const std::size_t total = before + input.size();
  const std::size_t reach = guest_ ? max_held_with_guest : max_held;
  std::string_view tail = last(input, reach);
  if (before > 0 && input.size() < reach) tail = last(joined_.assign(held_) += input, reach);

  const std::size_t skipped = total - tail.size();
  const Finding found = inspect(tail, first_ && skipped == 0, guest_);
  guest_data_ = found.guest_data;
  const std::size_t start = std::min(found.start, tail.size()) + skipped;
  out_.assign(held_, std::min(released_, start),
              std::min(start, before) - std::min(released_, start));
  held_.assign(tail.substr(start - skipped));
  released_ -= std::min(released_, start);
  first_ = first_ && start == 0;
  words_.assign(found.words);
  suspect_ = !words_.empty();
  deadline_.reset();
  if (!suspect_ && !held_.empty()) deadline_ = now + prefix_hold;
  return {out_, input.substr(0, start - std::min(start, before))};
}

CloseDetector::Data CloseDetector::tick(Time now) {
  if (!deadline_ || now < *deadline_) return {};
  deadline_.reset();
  return release();
}

CloseDetector::Data CloseDetector::alive() {
  suspect_ = false;
  words_.clear();
  deadline_.reset();
  return release();
}

CloseDetector::Data CloseDetector::over(std::string_view behind) {
  const std::string stream = held_ + std::string(behind);
  Farewell farewell = find_farewell(stream, first_);
  // A block of session 1 may contain anything, so the farewell is the one before it.
  const Finding guest = inspect(stream, first_, guest_);
  if (guest.guest_data) farewell = {guest.start, guest.words};
  const std::size_t begin = released_;
  const std::size_t end = std::max(farewell.start, begin);
  reset();
  guest_cut_ = guest.guest_data;
  words_ = farewell.words;
  out_ = stream.substr(begin, end - begin);
  return {out_, {}};
}

// Hands out what is held. A line that it only begins is remembered, for its rest may come.
CloseDetector::Data CloseDetector::release() {
  out_.assign(held_, released_);
  const auto end = held_.rfind("\r\n");
  const auto mark = end == std::string::npos && first_ ? 0 : end;
  const std::string_view rest =
      std::string_view(held_).substr(end == std::string::npos ? 0 : end + 2);
  const Finding kept = find_beginning(held_, rest, mark);
  first_ = first_ && kept.start == 0;
  held_.erase(0, kept.start);
  released_ = held_.size();
  return {out_, {}};
}

void CloseDetector::reset() {
  held_.clear();
  released_ = 0;
  out_.clear();
  words_.clear();
  suspect_ = guest_data_ = guest_cut_ = false;
  first_ = true;
  deadline_.reset();
}

}  // namespace sim52xx
