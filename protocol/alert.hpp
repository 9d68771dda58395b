// Certificate and handshake alerts of the SSL stack: "+CSSLALERT: <id>,<level>,<err>".
// The 29 bits of <err>, their names, and what to answer (note, chapters 4.2 and 5.2).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sim52xx {

// <level> of the note's chapter 5.2.
enum class AlertLevel : std::uint8_t { warning = 0, fatal = 1, suspend = 2, information = 3 };

std::string_view name(AlertLevel level);

struct Alert {
  int session = 0;
  AlertLevel level = AlertLevel::warning;
  std::uint64_t bits = 0;  // <err>, as printed; wider than the note's 29 bits so that none is lost

  friend bool operator==(const Alert&, const Alert&) = default;
};

struct AlertBit {
  std::uint32_t mask;
  std::string_view name;   // as in accept_alerts
  std::string_view words;  // as the note puts it
};

// The 29 bits, lowest first.
std::span<const AlertBit> alert_bits();

// The mask of the bit of that name; nullopt for a name that is none of the 29.
std::optional<std::uint32_t> alert_mask(std::string_view name);

// The names of the set bits, lowest first; a bit that the note does not name appears as
// "unknown-0x<mask>".
std::vector<std::string> alert_names(std::uint64_t bits);

// What an alert asks of the host.
enum class AlertAnswer : std::uint8_t {
  note,     // warning or information: log it, count it, go on
  ended,    // fatal: the session is over
  go_on,    // suspended and every bit is accepted: CSSLCONT
  give_up,  // suspended and some bit is not accepted, unknown, or none is set: CSSLCLOSE
};

// `accepted` is the OR of the masks the user accepts.
AlertAnswer answer(const Alert& alert, std::uint32_t accepted);

}  // namespace sim52xx
