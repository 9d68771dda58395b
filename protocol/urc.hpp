// Unsolicited result codes: one line of the modem that no command owns, as a value. Unknown is a
// value too: counted and logged by whoever asked, never an error. Note, chapters 4.2, 4.3, 4.4 and
// 5; the lines the note leaves out come from the family's manuals.
#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

#include "protocol/alert.hpp"

namespace sim52xx {

namespace urc {

struct SslData {
  int session;
  std::size_t length;
};  // +CSSLRECV: DATA,<id>,<len>; bytes follow
struct SslAlert {
  Alert alert;
};  // +CSSLALERT: <id>,<level>,<err>
struct SslSent {
  int session;
  long result;
  long length;
};  // +CSSLSEND: <id>,<err>,<len>
struct SslRecvEvent {
  int session;
};  // +CSSL: RECV EVENT,<id>
struct SslClosed {
  int session;
};                          // +CSSLCLOSE: <id>[,<err>], +CCH_PEER_CLOSED: <id>
struct HttpsRecvEvent {};   // +CHTTPS: RECV EVENT
struct HttpsPeerClosed {};  // +CHTTPSNOTIFY: PEER CLOSED
struct FtpsRecvEvent {};    // +CFTPS: RECV EVENT
struct FtpsPeerClosed {};   // +CFTPSNOTIFY: PEER CLOSED
struct Closed {};           // CLOSED, NO CARRIER: the transparent connection ended
struct NetworkLost {};      // the packet data connection is gone
struct Boot {};             // START, RDY: the modem has (re)started
struct SimState {
  std::string_view state;
};  // +CPIN: <state>
struct Registration {
  long stat;
};  // +CREG: <stat>, +CGREG: <stat>
struct LateResult {
  std::string_view command;
  long code;
};                 // +CSSLSTART: <code> after its OK
struct LateData {
  std::size_t length;
};  // +CFTPSGET: DATA,<len> after its command was given up; bytes follow that nobody wants
struct Notice {};  // known, and of no consequence here: RING, +STIN, SMS DONE
struct Unknown {};

}  // namespace urc

using Urc =
    std::variant<urc::SslData, urc::SslAlert, urc::SslSent, urc::SslRecvEvent, urc::SslClosed,
                 urc::HttpsRecvEvent, urc::HttpsPeerClosed, urc::FtpsRecvEvent, urc::FtpsPeerClosed,
                 urc::Closed, urc::NetworkLost, urc::Boot, urc::SimState, urc::Registration,
                 urc::LateResult, urc::LateData, urc::Notice, urc::Unknown>;

// Reads one line. Views in the result point into `line`.
Urc parse_urc(std::string_view line);

// Whether a line that begins like this may become one that parse_urc() knows. True for nothing.
bool may_become_urc(std::string_view beginning);

}  // namespace sim52xx
