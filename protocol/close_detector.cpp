#include "protocol/close_detector.hpp"

#include <algorithm>

#include "protocol/farewell.hpp"

namespace sim52xx {
namespace {

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
  const Suspicion found = find_suspicion(tail, first_ && skipped == 0, guest_);
  if (before == 0 && found.start == std::string_view::npos) {  // as almost always
    first_ = suspect_ = false;
    words_.clear();
    deadline_.reset();
    return {{}, input};
  }
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
  // A block of session 1 may contain anything, so the farewell is before it.
  const std::size_t guest = find_suspicion(stream, first_, guest_).guest;
  const Farewell farewell = find_farewell(
      std::string_view(stream).substr(0, guest == std::string_view::npos ? guest : guest + 2),
      first_);
  const std::size_t begin = released_;
  const std::size_t end = std::max(farewell.start, begin);
  reset();
  words_ = farewell.words;
  out_ = stream.substr(begin, end - begin);
  return {out_, {}};
}

std::string CloseDetector::modem_lines(std::string_view behind, std::size_t answer) const {
  const std::string stream = held_ + std::string(behind);
  const std::string_view before = std::string_view(stream).substr(0, held_.size() + answer);
  const Suspicion found = find_suspicion(before, first_, guest_);
  if (!guest_ || found.words.empty()) return {};
  const std::string_view lines = std::string_view(stream).substr(found.lines);
  return std::string(lines.substr(0, unasked_lines(lines).value_or(0)));
}

// Hands out what is held. A line that it only begins is remembered, for its rest may come.
CloseDetector::Data CloseDetector::release() {
  out_.assign(held_, released_);
  const auto end = held_.rfind("\r\n");
  const auto mark = end == std::string::npos && first_ ? 0 : end;
  const std::string_view rest =
      std::string_view(held_).substr(end == std::string::npos ? 0 : end + 2);
  const Suspicion kept = find_beginning(held_, rest, mark);
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
  suspect_ = false;
  first_ = true;
  deadline_.reset();
}

}  // namespace sim52xx
