// The faults that can be made at a step of a dialogue, by name. The one list of them: the program's
// --list-faults, its control socket and the fault matrix (tests/matrix) read it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sim52xx::sim {

enum class FaultKind : std::uint8_t {
  // of what the modem prints
  drop,
  garble,
  repeat,
  cut,
  urc,
  wrong_id,
  long_data,
  short_data,
  // of the answer to a command
  no_prompt,
  no_final,
  late_final,
  double_final,
  result_first,
  ok_first,
  plain_error,
  cme_error,
  // of what the host sends
  lost_command,
  host_drop,
  host_garble,
  host_repeat,
  payload_drop,
  payload_garble,
  payload_repeat,
  // of the modem and its network
  slow,
  reboot,
  wedge,
  vanish,
  peer_close,
  network_loss,
};

// What the steps are that a fault counts.
enum class FaultStep : std::uint8_t {
  answer,   // lines, results, blocks, prompts, pieces of data that the modem prints
  command,  // command lines of the host
};
std::string_view name(FaultStep step);

struct FaultRow {
  FaultKind kind;
  std::string_view name;
  FaultStep step;
  bool at;         // strikes at one byte: "at"
  double seconds;  // how long it lasts unless told; 0: it does not last
  std::string_view help;
};

std::span<const FaultRow> fault_list();
const FaultRow& row_of(FaultKind kind);
// nullptr: there is none of that name.
const FaultRow* find_fault(std::string_view name);

// One of them, armed.
struct StepFault {
  FaultKind kind = FaultKind::drop;
  std::size_t step = 1;  // which one from now on of those that match
  std::string match;     // only steps that contain this text
  std::size_t at = 0;    // byte of it
  double seconds = 0;
};

}  // namespace sim52xx::sim
