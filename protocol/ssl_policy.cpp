#include "protocol/ssl_policy.hpp"

namespace sim52xx {

std::optional<SslGrant> grant(const SslHeld& held, const SslWant& want, bool others_wait) {
  if (held.transparent) return std::nullopt;
  const bool alone = !held.sessions[0] && !held.sessions[1];
  if (want.zero && alone) {
    if (want.transparency == Transparency::always) return SslGrant{0, true};
    if (want.transparency == Transparency::automatic && !others_wait) return SslGrant{0, true};
  }
  if (needs_all(want)) return std::nullopt;
  // Session 1 first: it leaves session 0, the only one that can be transparent, to others.
  if (want.one && !held.sessions[1]) return SslGrant{1, false};
  if (want.zero && !held.sessions[0]) return SslGrant{0, false};
  return std::nullopt;
}

bool needs_all(const SslWant& want) {
  return want.zero && !want.one && want.transparency == Transparency::always;
}

}  // namespace sim52xx
