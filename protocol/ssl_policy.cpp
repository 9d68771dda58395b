#include "protocol/ssl_policy.hpp"

namespace sim52xx {
namespace {

std::optional<SslGrant> grant_zero(const SslHeld& held, const SslWant& want, bool others_wait) {
  if (!want.zero || held.sessions[0]) return std::nullopt;
  if (held.sessions[1]) {
    // The mode is the stack's as long as session 1 is there.
    const bool never = want.transparency == Transparency::never;
    const bool always = want.transparency == Transparency::always;
    if (held.stack_transparent ? never : always) return std::nullopt;
    // With others behind it, who can use session 1 too waits for the stack to become counted.
    if (held.stack_transparent && !always && want.one && others_wait) return std::nullopt;
    return SslGrant{0, held.stack_transparent};
  }
  if (want.transparency == Transparency::always) return SslGrant{0, true};
  const bool automatic = want.transparency == Transparency::automatic;
  return SslGrant{0, automatic && !others_wait && held.windows};
}

}  // namespace

std::optional<SslGrant> grant(const SslHeld& held, const SslWant& want, bool others_wait) {
  const bool one_free = want.one && !held.sessions[1];
  if (held.transparent) {
    if (one_free && held.windows) return SslGrant{1, false};
    return std::nullopt;
  }
  // Who may have either takes session 1, unless that keeps it from the transparent mode: session 0
  // is left to those who can use no other.
  const auto zero = grant_zero(held, want, others_wait);
  if (zero && zero->transparent) return zero;
  if (one_free) return SslGrant{1, false};
  return zero;
}

bool needs_all(const SslHeld& held, const SslWant& want) {
  if (!want.zero || want.one || !held.sessions[1]) return false;
  return want.transparency ==
         (held.stack_transparent ? Transparency::never : Transparency::always);
}

}  // namespace sim52xx
