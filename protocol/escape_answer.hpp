// The answer to the escape "+++" inside the byte stream of the transparent mode: what came before
// it is the peer's data, what comes after it is the modem's lines.
#pragma once

#include <optional>
#include <string_view>

namespace sim52xx {

struct EscapeAnswer {
  std::string_view data;  // the peer's
  std::string_view rest;  // lines of the command mode
  bool sure = true;       // false: there is more than one way to read it
  bool whole = false;     // with session 1 in use: all of `rest` is what a modem prints
};

// Looks for the last "\r\nOK\r\n" in `bytes` (all that came since the escape was sent) behind which
// there is nothing but what a modem prints by itself. nullopt: the modem has not answered. The peer
// can fake this; who needs to be sure asks the modem something only it knows.
//
// `guest`: session 1 is in use. There may be an OK in its counted blocks, and such a block in the
// peer's data, so each OK is tried: the answer explains all that is behind it, to the last byte.
std::optional<EscapeAnswer> find_escape_answer(std::string_view bytes, bool guest = false);

}  // namespace sim52xx
