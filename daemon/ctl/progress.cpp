#include "daemon/ctl/progress.hpp"

#include <algorithm>

#include "daemon/ctl/error_text.hpp"
#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/job_view.hpp"
#include "daemon/ctl/table.hpp"

namespace sim52xx::ctl {
namespace {

constexpr double rate_window = 5;  // seconds
constexpr std::size_t bar_least = 10;
constexpr std::size_t bar_most = 40;

std::string bar(double part, std::size_t width) {
  const auto full = static_cast<std::size_t>(part * static_cast<double>(width));
  std::string inside(full, '=');
  if (full < width) inside += '>';
  inside.resize(width, ' ');
  return "[" + inside + "]";
}

std::string cut(std::string text, std::size_t columns) {
  if (text.size() > columns) text.resize(columns);
  return text;
}

}  // namespace

void Progress::update(const json& job, Seconds now) {
  if (const std::string state = text(job, "state"); !state.empty()) {
    state_ = state;
    waiting_for_ = member(job, "waiting_for");
  }
  const json& progress = member(job, "progress").is_object() ? member(job, "progress") : job;
  if (member(progress, "stage").is_string()) stage_ = stage_text(progress);
  if (!member(progress, "up").is_number() && !member(progress, "down").is_number()) return;
  const std::uint64_t moved = state_ == "sending" ? count(progress, "up")
                              : state_ == "receiving"
                                  ? count(progress, "down")
                                  : std::max(count(progress, "up"), count(progress, "down"));
  if (moved < moved_) samples_.clear();  // the answer follows the request, or it is tried again
  moved_ = moved;
  total_.reset();
  if (const std::uint64_t total = count(progress, "total"); total > 0) total_ = total;
  samples_.emplace_back(now, moved);
  while (samples_.size() > 2 && now - samples_.front().first > rate_window)
    samples_.pop_front();
}

std::optional<double> Progress::rate() const {
  if (samples_.size() < 2) return std::nullopt;
  const auto& [first, before] = samples_.front();
  const auto& [last, after] = samples_.back();
  if (last - first < 0.2) return std::nullopt;
  return static_cast<double>(after - before) / (last - first);
}

std::string Progress::amounts(Seconds now) const {
  std::string words = size_text(moved_);
  if (total_) words += " of " + size_text(*total_);
  const auto speed = rate();
  if (speed) words += "  " + size_text(static_cast<std::uint64_t>(*speed)) + "/s";
  if (total_ && speed && *speed > 0 && moved_ < *total_)
    return words + "  " + clock_text(static_cast<double>(*total_ - moved_) / *speed) + " left";
  return words + "  " + clock_text(now - begin_);
}

std::string Progress::line(std::size_t columns, Seconds now, WallTime wall) const {
  std::string head = state_.empty() ? "starting" : state_;
  if (!stage_.empty() && stage_ != state_) head += " (" + stage_ + ")";
  if (!waiting_for_.is_null())
    return cut(head + ": waiting " + waiting_text(waiting_for_, wall), columns);
  if (moved_ == 0 && !total_) return cut(head + "  " + clock_text(now - begin_), columns);
  const std::string rest = amounts(now);
  if (!total_) return cut(head + "  " + rest, columns);
  const double part = std::min(1.0, static_cast<double>(moved_) / static_cast<double>(*total_));
  std::string percent = std::to_string(static_cast<int>(part * 100)) + "%";
  percent.insert(0, 4 - percent.size(), ' ');
  const std::size_t used = head.size() + rest.size() + percent.size() + 8;
  const std::size_t room = columns > used ? columns - used : 0;
  if (room < bar_least) return cut(head + " " + percent + "  " + rest, columns);
  return head + " " + percent + "  " + bar(part, std::min(room, bar_most)) + "  " + rest;
}

}  // namespace sim52xx::ctl
