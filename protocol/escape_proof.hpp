// The proof that the modem has left transparent mode: it answers AT+CGSN with the number known from
// bring-up, which no peer knows. Until it is there every byte may be the peer's; this is where the
// stream is cut.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sim52xx {

struct EscapeProof {
  std::string_view before;  // the peer's bytes, and the answer to the escape behind them
  std::string_view whole;   // the same with what our own bytes may have caused: echo, an ERROR
  std::string lines;        // what the modem has printed since, but for the answer to AT+CGSN
};

// Looks for the answer, or several where it was asked several times, in `bytes` (all that came
// since the escape was sent). nullopt: it is not there, or not whole.
std::optional<EscapeProof> find_escape_proof(std::string_view bytes, std::string_view number);

}  // namespace sim52xx
