#include "protocol/exchange.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "protocol/fields.hpp"
#include "protocol/urc.hpp"

namespace sim52xx {
namespace {

struct FinalLine {
  std::string_view text;
  bool prefix;
  Final final;
  bool opens;  // only for commands that may enter transparent mode
};

// In order: the first match counts.
constexpr std::array<FinalLine, 10> final_lines{{
    {"OK", false, Final::ok, false},
    {"ERROR", false, Final::error, false},
    {"+CME ERROR:", true, Final::cme, false},
    {"+CMS ERROR:", true, Final::cme, false},
    {"ABORTED", false, Final::error, false},
    {"COMMAND NOT SUPPORT", false, Final::error, false},
    {"CONNECT FAIL", true, Final::no_carrier, true},
    {"CONNECT", false, Final::connect, true},
    {"CONNECT ", true, Final::connect, true},
    {"NO CARRIER", false, Final::no_carrier, true},
}};

Final classify(std::string_view line, bool opens) {
  if (line.empty()) return Final::none;
  for (const FinalLine& row : final_lines) {
    if (row.text.front() != line.front() || (row.opens && !opens)) continue;
    if (row.prefix ? line.starts_with(row.text) : line == row.text) return row.final;
  }
  return Final::none;
}

// Whether a line without the command's name can be its answer: nothing that the modem is known to
// print unasked, such as RING.
bool is_bare(std::string_view line, bool digits) {
  if (digits) return line.find_first_not_of("0123456789") == std::string_view::npos;
  return !line.starts_with('+') && !line.starts_with('*') &&
         std::holds_alternative<urc::Unknown>(parse_urc(line));
}

}  // namespace

void Exchange::start(const Expect& expect, std::string_view sent) {
  clear();
  expect_ = expect;
  sent_ = sent;
  forget_outcome();
  active_ = true;
}

// Keeps its memory, if nobody has taken it.
void Exchange::forget_outcome() {
  Outcome next;
  next.text = std::move(outcome_.text);
  next.lines = std::move(outcome_.lines);
  next.text.clear();
  for (std::string& line : next.lines)
    if (spare_.size() < most_spare) spare_.push_back(std::move(line));
  next.lines.clear();
  outcome_ = std::move(next);
}

void Exchange::keep(std::string_view line) {
  if (spare_.empty()) {
    outcome_.lines.emplace_back(line);
    return;
  }
  outcome_.lines.push_back(std::move(spare_.back()));
  outcome_.lines.back().assign(line);
  spare_.pop_back();
}

void Exchange::clear() {
  active_ = written_ = abandoned_ = settled_ = false;
  block_length_ = 0;
}

bool Exchange::wants_prompt() const {
  return active_ && expect_.completion == Completion::payload && !outcome_.prompted;
}

Exchange::Step Exchange::on_prompt() {
  if (!wants_prompt() || !written_) return Step::not_mine;
  outcome_.prompted = true;
  return Step::send_payload;
}

Exchange::Step Exchange::on_line(std::string_view line) {
  if (!active_) return Step::not_mine;
  if (line == sent_) return Step::taken;  // echo
  if (!written_) return Step::not_mine;
  const bool raw = expect_.completion == Completion::raw;
  const bool opens =
      expect_.completion == Completion::open || expect_.completion == Completion::online || raw;
  const Final final = classify(line, opens);
  // Of a raw command it would be unasked: a transparent session that ends beside it.
  const bool unasked = raw && final == Final::no_carrier;
  if (final != Final::none && !unasked) return on_final(final, line);
  return raw ? on_raw_line(line) : on_result(line);
}

Exchange::Step Exchange::on_final(Final final, std::string_view line) {
  // An OK before the prompt is not this command's: nothing has been stored yet.
  if (final == Final::ok && wants_prompt()) return Step::not_mine;
  outcome_.final = final;
  outcome_.text = line;
  const bool waits =
      expect_.completion == Completion::result || expect_.completion == Completion::data;
  if (final == Final::ok && waits && !settled_) return Step::taken;
  return finish();
}

Exchange::Step Exchange::on_raw_line(std::string_view line) {
  const bool known = !std::holds_alternative<urc::Unknown>(parse_urc(line));
  if (known && !reads(Fields(line).name())) return Step::not_mine;
  keep(line);
  return Step::taken;
}

Exchange::Step Exchange::on_result(std::string_view line) {
  const Fields fields(line);
  if (!reads(fields.name())) {
    if (!expect_.bare || !is_bare(line, expect_.digits)) return Step::not_mine;
    keep(line);
    return Step::taken;
  }
  const auto arity = static_cast<std::uint32_t>(fields.size());
  if (expect_.arities != 0 && ((expect_.arities >> arity) & 1U) == 0) return Step::not_mine;
  const bool framed = expect_.completion != Completion::open;
  if (expect_.completion == Completion::data && fields.text(0) == "DATA") {
    const auto length = fields.length(1);
    if (!length) return Step::not_mine;
    block_length_ = *length;
    outcome_.data = true;
    return block_length_ == 0 ? Step::taken : Step::block;
  }
  if (fields.text(0) == "ALERTSTATE") {
    outcome_.alert_state = true;
    return Step::taken;
  }
  const auto code = fields.number(0);
  // Neither a block nor a result code: what is left of a block's header, perhaps.
  if (expect_.completion == Completion::data && !code) return Step::not_mine;
  if (expect_.arities != 0 || fields.size() != 1 || !code || !framed) {
    keep(line);
    return Step::taken;
  }
  outcome_.code = static_cast<long>(*code);
  settled_ = true;
  return final_missing() ? Step::taken : finish();
}

void Exchange::settle() {
  if (final_missing()) outcome_.final = outcome_.code.value_or(0) == 0 ? Final::ok : Final::error;
  finish();
}

bool Exchange::reads(std::string_view name) const {
  return std::ranges::find(expect_.reads, name) != expect_.reads.end();
}

Exchange::Step Exchange::finish() {
  clear();
  return Step::done;
}

}  // namespace sim52xx
