// The answer to the escape "+++" inside the byte stream of the transparent mode: what came before
// it is the peer's data, what comes after it is the modem's lines.
#pragma once

#include <optional>
#include <string_view>

namespace sim52xx {

struct EscapeAnswer {
  std::string_view data;  // the peer's
  std::string_view rest;  // lines of the command mode
};

// Looks for the last "\r\nOK\r\n" in `bytes` (all that came since the escape was sent) behind which
// there is nothing but what a modem prints by itself. nullopt: the modem has not answered. The peer
// can fake this; who needs to be sure asks the modem something only it knows.
std::optional<EscapeAnswer> find_escape_answer(std::string_view bytes);

}  // namespace sim52xx
