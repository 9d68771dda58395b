#include "protocol/escape_guard.hpp"

#include <algorithm>

namespace sim52xx {
namespace {

constexpr std::size_t most_at_rest = 2;

// Number of plus signs at the end of `bytes`.
std::size_t trailing_plus(std::string_view bytes) {
  const auto other = bytes.find_last_not_of('+');
  return other == std::string_view::npos ? bytes.size() : bytes.size() - other - 1;
}

}  // namespace

std::size_t EscapeGuard::run_at(Time now) const {
  return now - last_plus_ >= gap ? 0 : run_;
}

std::size_t EscapeGuard::admit(std::string_view pending, Time now) const {
  const std::size_t tail = trailing_plus(pending);
  const std::size_t head = pending.size() - tail;
  const std::size_t run = head > 0 ? 0 : run_at(now);
  return head + std::min(tail, most_at_rest - std::min(most_at_rest, run));
}

void EscapeGuard::sent(std::string_view bytes, Time off_wire) {
  if (bytes.empty()) return;
  const std::size_t tail = trailing_plus(bytes);
  const std::size_t before = tail == bytes.size() ? run_at(off_wire) : 0;
  run_ = before + tail;
  if (tail > 0) last_plus_ = off_wire;
}

std::optional<EscapeGuard::Time> EscapeGuard::release_at(std::string_view pending, Time now) const {
  if (pending.empty() || admit(pending, now) > 0) return std::nullopt;
  return last_plus_ + gap;
}

void EscapeGuard::reset() {
  run_ = 0;
}

}  // namespace sim52xx
