// Which of the SSL stack's two sessions a user gets, and in which mode. Pure: state in, grant out.
// Session 0 can be transparent, and then the line is its alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace sim52xx {

enum class Transparency : std::uint8_t { automatic, always, never };

struct SslWant {
  bool zero = false;                                    // session 0 will do
  bool one = false;                                     // session 1 will do
  Transparency transparency = Transparency::automatic;  // of session 0

  friend bool operator==(const SslWant&, const SslWant&) = default;
};

struct SslHeld {
  std::array<bool, 2> sessions{};
  bool transparent = false;        // session 0 holds the line
  bool stack_transparent = false;  // the stack runs with CSSLMODE=1; fixed while a session is held
  bool windows = true;             // session 1 can be used beside a transparent session 0
};

struct SslGrant {
  int session = 0;
  bool transparent = false;

  friend bool operator==(const SslGrant&, const SslGrant&) = default;
};

// What `want` gets now; nullopt: it has to wait. `others_wait`: somebody else waits for a session.
// In automatic, session 0 is transparent when nobody else uses or waits for the stack, unless the
// modem is known not to serve session 1 beside it.
std::optional<SslGrant> grant(const SslHeld& held, const SslWant& want, bool others_wait);

// True where `want` waits for the other session to end, so that nobody may get one before it.
bool needs_all(const SslHeld& held, const SslWant& want);

}  // namespace sim52xx
