#include "tests/emulator/core/fault_list.hpp"

#include <algorithm>
#include <array>

namespace sim52xx::sim {
namespace {

using enum FaultKind;
using S = FaultStep;

// clang-format off
constexpr std::array rows{
    FaultRow{drop,           "drop",           S::answer,  true,  0,   "a byte of what the modem prints is lost"},
    FaultRow{garble,         "garble",         S::answer,  true,  0,   "a byte of it is changed"},
    FaultRow{repeat,         "repeat",         S::answer,  true,  0,   "a byte of it comes twice"},
    FaultRow{cut,            "cut",            S::answer,  true,  0,   "all from that byte on is lost, with the line end"},
    FaultRow{urc,            "urc",            S::answer,  true,  0,   "\"+STIN: 25\" comes before that byte"},
    FaultRow{wrong_id,       "wrong_id",       S::answer,  false, 0,   "a line of an SSL session names the other one"},
    FaultRow{long_data,      "long_data",      S::answer,  false, 30,  "a block announces 7 bytes more than come; then silence"},
    FaultRow{short_data,     "short_data",     S::answer,  false, 30,  "a block announces 3 bytes less than come; then silence"},
    FaultRow{no_prompt,      "no_prompt",      S::command, false, 0,   "the prompt is not printed, but waits"},
    FaultRow{no_final,       "no_final",       S::command, false, 0,   "OK, ERROR or CONNECT is not printed"},
    FaultRow{late_final,     "late_final",     S::command, false, 150, "it comes late; until then the modem hears nothing"},
    FaultRow{double_final,   "double_final",   S::command, false, 0,   "it is printed twice"},
    FaultRow{result_first,   "result_first",   S::command, false, 0.3, "OK comes behind the next line, or so late"},
    FaultRow{ok_first,       "ok_first",       S::command, false, 0,   "OK comes before the lines that belong before it"},
    FaultRow{plain_error,    "error",          S::command, false, 0,   "ERROR, and nothing is done"},
    FaultRow{cme_error,      "cme_error",      S::command, false, 0,   "+CME ERROR, and nothing is done"},
    FaultRow{lost_command,   "lost_command",   S::command, false, 0,   "the command line does not arrive"},
    FaultRow{host_drop,      "host_drop",      S::command, true,  0,   "a byte of the command line behind AT is lost"},
    FaultRow{host_garble,    "host_garble",    S::command, true,  0,   "a byte of it is changed"},
    FaultRow{host_repeat,    "host_repeat",    S::command, true,  0,   "a byte of it comes twice"},
    FaultRow{payload_drop,   "payload_drop",   S::command, true,  0,   "a byte is lost of what the host sends behind the prompt or CONNECT"},
    FaultRow{payload_garble, "payload_garble", S::command, true,  0,   "a byte of that is changed"},
    FaultRow{payload_repeat, "payload_repeat", S::command, true,  0,   "a byte of that comes twice"},
    FaultRow{slow,           "slow",           S::command, false, 6,   "nothing is printed for a while"},
    FaultRow{reboot,         "reboot",         S::command, false, 0,   "the modem starts anew, as after a power failure"},
    FaultRow{wedge,          "wedge",          S::command, false, 0,   "the modem neither hears nor speaks, until its power is cut"},
    FaultRow{vanish,         "vanish",         S::command, false, 5,   "the port goes away, and comes back"},
    FaultRow{peer_close,     "peer_close",     S::command, false, 0,   "the peers of all sessions close"},
    FaultRow{network_loss,   "network_loss",   S::command, false, 0,   "every connection ends"},
};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].kind) != i) return false;
  return rows.size() == static_cast<std::size_t>(network_loss) + 1;
}
static_assert(in_order(), "rows are indexed by FaultKind");

}  // namespace

std::string_view name(FaultStep step) {
  return step == FaultStep::answer ? "answer" : "command";
}

std::span<const FaultRow> fault_list() {
  return rows;
}

const FaultRow& row_of(FaultKind kind) {
  return rows.at(static_cast<std::size_t>(kind));
}

const FaultRow* find_fault(std::string_view name) {
  const auto* const found = std::ranges::find(rows, name, &FaultRow::name);
  return found == rows.end() ? nullptr : found;
}

}  // namespace sim52xx::sim
