// "Did you mean": the known word that a mistyped one is likely to stand for.
#pragma once

#include <span>
#include <string_view>

namespace sim52xx::daemon::config {

// Empty where none is near: at most one edit in three letters, two at least.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace sim52xx::daemon::config
