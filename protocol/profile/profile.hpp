// What a profile is: the table of AT commands a family of firmware understands. One row per
// command: how it is spelled, how it ends, which timer of the note it runs under, its limits.
// Spelling is data: the first of `names` is what real firmware uses, the others are the note's
// other spellings, tried on a plain ERROR. All that the note prints is read.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "protocol/exchange.hpp"
#include "protocol/result_codes.hpp"

namespace sim52xx {

// Every command of the note (chapters 2 to 4), then those of bring-up and status.
enum class CommandId : std::uint8_t {
  https_start, https_open, https_send, https_commit, https_send_query, https_receive, https_close,
  https_stop,
  ftps_start, ftps_login, ftps_pwd, ftps_cwd, ftps_mkdir, ftps_rmdir, ftps_delete, ftps_type,
  ftps_list, ftps_put_file, ftps_put_first, ftps_put, ftps_put_commit, ftps_put_query,
  ftps_get_file, ftps_get, ftps_logout, ftps_stop,
  ssl_start, ssl_open, ssl_continue, ssl_send, ssl_send_query, ssl_set, ssl_mode, ssl_close,
  ssl_stop, go_online,
  attention, echo_off, error_text, dtr_mode, dcd_mode, flow_control, urc_port, serial_number,
  identity, sim_state, enter_pin, signal, registration, packet_registration, operator_name,
  technology, context, context_choice, context_auth, reset, card_id, other_ssl_family,
  count_,
};

// The timers of the note's 2.7, 3.16 and 4.8: two minutes each, per stack; and one for what needs
// no network.
enum class TimerClass : std::uint8_t { brief, connect, transfer, close, stop };

struct CommandRow {
  CommandId id;
  std::string_view chapter;  // of the note; empty where it is from the manuals
  Stack stack;
  TimerClass timer;
  Completion completion;
  std::array<std::string_view, 3> names;  // after "AT"; empty ones are unused
  std::array<std::string_view, 3> reads;  // names of its result lines
  std::uint32_t arities = 0;              // as in Expect
  bool bare = false;                      // as in Expect
  bool digits = false;                    // as in Expect

  // What the exchange needs; refers to this row.
  [[nodiscard]] Expect expect() const;
  // Number of spellings.
  [[nodiscard]] std::size_t spellings() const;
};

struct Limits {
  std::size_t https_send;   // bytes of one AT+CHTTPSSEND
  std::size_t https_receive;
  std::size_t ftps_put;
  std::size_t ssl_send;
  std::size_t text;         // host, path, user, password
};

struct Profile {
  std::string_view name;
  std::span<const CommandRow> rows;  // indexed by CommandId
  Limits limits;

  [[nodiscard]] const CommandRow& row(CommandId id) const {
    return rows[static_cast<std::size_t>(id)];
  }
};

// The profile of that name; nullptr where there is none.
const Profile* find_profile(std::string_view name);
// All names, for messages.
std::span<const std::string_view> profile_names();

// SIM5215, SIM5218, SIM5320 with the CSSL firmware of the note.
const Profile& sim52xx_profile();

}  // namespace sim52xx
