// A keyed hash by which two requests are told apart without keeping either: they have passwords in
// them. SipHash-2-4 (Aumasson and Bernstein, 2012) under a key that this process makes up.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sim52xx::daemon {

using SipKey = std::array<std::uint64_t, 2>;

std::uint64_t siphash(const SipKey& key, std::string_view bytes);

// Under the key of this process.
std::uint64_t fingerprint(std::string_view bytes);

}  // namespace sim52xx::daemon
