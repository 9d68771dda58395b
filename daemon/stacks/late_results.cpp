#include "daemon/stacks/late_results.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "protocol/bytes.hpp"
#include "protocol/fields.hpp"

namespace sim52xx::daemon {

void LateResults::on_line(std::string_view line) {
  const Fields fields(line);
  if (fields.name().empty() || fields.text(0) == "DATA") return;
  for (const CommandRow& row : profile_.rows) {
    if (row.stack != stack_ || row.completion != Completion::plain) continue;
    if (std::ranges::find(row.reads, fields.name()) == row.reads.end()) continue;
    styles_[row.id] = Style::result;
    late_[row.id] = line;
    changed_.notify();
  }
}

void LateResults::forget() {
  styles_.clear();
  late_.clear();
  ++losses_;
  changed_.notify();
}

asio::awaitable<bool> LateResults::complete(CommandId id, Outcome& outcome, Time deadline,
                                            Duration unsure) {
  if (outcome.code || !outcome.lines.empty()) {
    styles_[id] = Style::result;
    co_return true;
  }
  const Style known = style(id);
  if (known == Style::bare) co_return true;
  const Time sure = known == Style::result ? deadline : std::min(deadline, runtime_.now() + unsure);
  const bool came = co_await wait(id, sure);
  if (!came) {
    if (known == Style::unknown) styles_[id] = Style::bare;
    co_return known == Style::unknown;
  }
  outcome.code = code(id);
  if (!outcome.code) outcome.lines.push_back(late_[id]);
  co_return true;
}

asio::awaitable<bool> LateResults::wait(CommandId id, Time deadline) {
  const int losses = losses_;
  bool in_time = true;
  while (in_time && !late_.contains(id) && losses == losses_)
    in_time = co_await changed_.wait_until(deadline);
  co_return late_.contains(id);
}

std::optional<long> LateResults::code(CommandId id) const {
  const auto late = late_.find(id);
  if (late == late_.end()) return std::nullopt;
  const Fields fields(late->second);
  const auto number = fields.size() == 1 ? fields.number(0) : std::nullopt;
  const bool quoted = fields.rest().starts_with('"');
  if (!number || quoted) return std::nullopt;
  return static_cast<long>(*number);
}

LateResults::Style LateResults::style(CommandId id) const {
  const auto known = styles_.find(id);
  return known == styles_.end() ? Style::unknown : known->second;
}

}  // namespace sim52xx::daemon
