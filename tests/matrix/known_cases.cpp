#include "tests/matrix/known_cases.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <fnmatch.h>

namespace sim52xx::test {
namespace {

// clang-format off
constexpr std::array rows{
    KnownCase{"bring_up", "*", "AT+CPIN=*", client_waits | restless | replays_otherwise, "a PIN that the modem did not accept is never sent again by the same process: three wrong ones block the SIM; and the waits in between are random"},
    KnownCase{"*", "cut", "+*: DATA,* begin", client_waits | wrong_data, "nothing of the block arrives that could be missed"},
    KnownCase{"ssl_*", "cut", "+CSSLRECV: DATA,* head", client_waits, "half a line, and nothing follows that would end it: the peer waits for the client"},
    KnownCase{"ssl_*", "*", "+CCH_PEER_CLOSED: *", client_waits, "nothing else tells that a peer has closed; it is the client's, or idle_timeout's, to end a session that is silent"},
    KnownCase{"ssl_*", "*", "CLOSED *", client_waits | wrong_data, "in transparent mode words that are not CLOSED are the peer's; where the line has DCD, that tells"},
    KnownCase{"ssl_*", "*", "CONNECT 115200 *", client_waits | wrong_data, "what comes behind CONNECT, or is put there by noise in its line end, is the peer's"},
    KnownCase{"ssl_*", "double_final", "AT+CSSLOPEN=0,*", client_waits | wrong_data, "the second CONNECT is the peer's"},
    KnownCase{"ssl_*", "wrong_id", "*", client_waits | wrong_data, "the number is all that says whose bytes these are"},
    KnownCase{"https_over_ssl", "repeat", "+CSSLRECV: DATA,* head", wrong_data, "a length with a digit too many: the answer is as long as HTTP says before the block is as long as it says"},
    KnownCase{"ftps_list", "*", "+CFTPSPWD: *", wrong_data, "the text of an answer carries no check sum"},
};
// clang-format on

}  // namespace

std::span<const KnownCase> known_cases() {
  return rows;
}

const KnownCase* find_known(std::string_view dialogue, std::string_view fault,
                            const std::string& step, End end) {
  const auto fits = [](std::string_view pattern, const std::string& text) {
    return fnmatch(std::string(pattern).c_str(), text.c_str(), 0) == 0;
  };
  const auto* const found = std::ranges::find_if(rows, [&](const KnownCase& row) {
    return fits(row.dialogue, std::string(dialogue)) && fits(row.fault, std::string(fault)) &&
           fits(row.step, step) && (row.ends & end) != 0;
  });
  return found == rows.end() ? nullptr : found;
}

}  // namespace sim52xx::test
