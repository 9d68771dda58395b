#include "protocol/urc.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "protocol/bytes.hpp"
#include "protocol/fields.hpp"

namespace sim52xx {
namespace {

std::optional<int> session_id(const Fields& fields, std::size_t i) {
  const auto id = fields.number(i);
  if (!id || *id < 0 || *id > 1) return std::nullopt;
  return static_cast<int>(*id);
}

Urc ssl_data(const Fields& fields) {
  const auto id = session_id(fields, 1);
  const auto length = fields.length(2);
  if (fields.text(0) != "DATA" || !id || !length) return urc::Unknown{};
  return urc::SslData{*id, *length};
}

Urc ssl_alert(const Fields& fields) {
  const auto id = session_id(fields, 0);
  const auto level = fields.number(1);
  const auto bits = fields.number(2);
  if (!id || !level || *level < 0 || *level > 3 || !bits || *bits < 0) return urc::Unknown{};
  return urc::SslAlert{
      Alert{*id, static_cast<AlertLevel>(*level), static_cast<std::uint64_t>(*bits)}};
}

Urc ssl_sent(const Fields& fields) {
  const auto id = session_id(fields, 0);
  const auto result = fields.number(1);
  const auto length = fields.number(2);
  if (fields.size() != 3 || !id || !result || !length) return urc::Unknown{};
  return urc::SslSent{*id, static_cast<long>(*result), static_cast<long>(*length)};
}

Urc ssl_event(const Fields& fields) {
  const auto id = session_id(fields, 1);
  if (fields.text(0) != "RECV EVENT" || !id) return urc::Unknown{};
  return urc::SslRecvEvent{*id};
}

Urc ssl_closed(const Fields& fields) {
  const auto id = session_id(fields, 0);
  if (!id) return urc::Unknown{};
  return urc::SslClosed{*id};
}

template <class Event>
Urc https_or_ftps(const Fields& fields, std::string_view text) {
  if (fields.text(0) != text) return urc::Unknown{};
  return Event{};
}

Urc network(const Fields& fields) {
  if (fields.rest().find("CLOSED") == std::string_view::npos) return urc::Notice{};
  return urc::NetworkLost{};
}

Urc sim_state(const Fields& fields) {
  return urc::SimState{fields.text(0)};
}

Urc registration(const Fields& fields) {
  // As a URC: <stat>[,<lac>,<ci>]; an answer has <n> in front and so an even number of fields.
  const auto stat = fields.number(fields.size() % 2 == 0 ? 1 : 0);
  if (!stat) return urc::Unknown{};
  return urc::Registration{static_cast<long>(*stat)};
}

Urc late_result(const Fields& fields) {
  const auto length = fields.length(1);
  if (fields.text(0) == "DATA" && length) return urc::LateData{*length};
  const auto code = fields.number(0);
  if (!code) return urc::Unknown{};
  return urc::LateResult{fields.name(), static_cast<long>(*code)};
}

Urc notice(const Fields&) {
  return urc::Notice{};
}

struct Row {
  std::string_view name;
  Urc (*read)(const Fields&);
};

constexpr std::array rows{
    Row{"+CSSLRECV", ssl_data},
    Row{"+CSSLSEND", ssl_sent},
    Row{"+CSSLALERT", ssl_alert},
    Row{"+CSSL", ssl_event},
    Row{"+CSSLCLOSE", ssl_closed},
    Row{"+CCH_PEER_CLOSED", ssl_closed},
    Row{"+CHTTPS",
        [](const Fields& f) { return https_or_ftps<urc::HttpsRecvEvent>(f, "RECV EVENT"); }},
    Row{"+CHTTPSNOTIFY",
        [](const Fields& f) { return https_or_ftps<urc::HttpsPeerClosed>(f, "PEER CLOSED"); }},
    Row{"+CFTPS",
        [](const Fields& f) { return https_or_ftps<urc::FtpsRecvEvent>(f, "RECV EVENT"); }},
    Row{"+CFTPSNOTIFY",
        [](const Fields& f) { return https_or_ftps<urc::FtpsPeerClosed>(f, "PEER CLOSED"); }},
    Row{"+CIPEVENT", network},
    Row{"+CPIN", sim_state},
    Row{"+SIMCARD", sim_state},
    Row{"+CREG", registration},
    Row{"+CGREG", registration},
    Row{"+CSSLSTART", late_result},
    Row{"+CSSLSTOP", late_result},
    Row{"+CSSLOPEN", late_result},
    Row{"+CHTTPSSTART", late_result},
    Row{"+CHTTPSSTOP", late_result},
    Row{"+CHTTPSOPSE", late_result},
    Row{"+CHTTPSCLSE", late_result},
    Row{"+CHTTPSSEND", late_result},
    Row{"+CHTTPSRECV", late_result},
    Row{"+CFTPSSTART", late_result},
    Row{"+CFTPSSTOP", late_result},
    Row{"+CFTPSLOGIN", late_result},
    Row{"+CFTPSLOGOUT", late_result},
    Row{"+CFTPSPUT", late_result},
    Row{"+CFTPSGET", late_result},
    Row{"+CFTPSLIST", late_result},
    Row{"+CFTPSGETFILE", late_result},
    Row{"+CFTPSPUTFILE", late_result},
    Row{"+CFTPSCWD", late_result},
    Row{"+CFTPSMKD", late_result},
    Row{"+CFTPSRMD", late_result},
    Row{"+CFTPSDELE", late_result},
    Row{"+CFTPSDEL", late_result},
    Row{"+CFTPSTYPE", late_result},
    Row{"+CFTPSPWD", notice},
    // The note's other spellings.
    Row{"+CHTTPSEND", late_result},
    Row{"+CHTTPSENDD", late_result},
    Row{"+HTTTPSRECV", late_result},
    Row{"+CFTPLOGIN", late_result},
    Row{"+CFTPSSPUT", late_result},
    Row{"+CFTPGET", late_result},
    Row{"+CFTPGETFILE", late_result},
    Row{"+CFTPSSLIST", late_result},
    Row{"+STIN", notice},
    Row{"+CGEV", notice},
    Row{"+CSQ", notice},
    Row{"+CNSMOD", notice},
    Row{"+CPSI", notice},
    Row{"+CTZV", notice},
    Row{"+NITZ", notice},
    Row{"+CMTI", notice},
    Row{"+CMT", notice},
    Row{"+CDSI", notice},
    Row{"+CUSD", notice},
    Row{"+CRING", notice},
    Row{"+CLIP", notice},
    Row{"+CLCC", notice},
    Row{"+VOICEMAIL", notice},
    Row{"MISSED_CALL", notice},
    Row{"VOICE CALL", notice},
    Row{"+NETOPEN", notice},
    Row{"+NETCLOSE", notice},
    Row{"+IPCLOSE", notice},
    Row{"+IP ERROR", notice},
};

// Where a row is found by its name: a hash table, made by the compiler.
constexpr std::size_t slots = 256;

constexpr std::size_t slot_of(std::string_view name) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(name[i]); };
  if (name.size() < 3) return 0;
  return (name.size() * 37 + at(2) * 11U + at(name.size() / 2) * 5U + at(name.size() - 1)) % slots;
}

constexpr auto index = [] {
  static_assert(rows.size() < slots / 2);
  std::array<std::uint8_t, slots> table{};  // the number of the row from 1 on; 0: free
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::size_t slot = slot_of(rows[i].name);
    while (table[slot] != 0)
      slot = (slot + 1) % slots;
    table[slot] = static_cast<std::uint8_t>(i + 1);
  }
  return table;
}();

const Row* find_row(std::string_view name) {
  for (std::size_t slot = slot_of(name); index[slot] != 0; slot = (slot + 1) % slots) {
    const Row& row = rows[index[slot] - std::size_t{1}];
    if (row.name == name) return &row;
  }
  return nullptr;
}

struct Words {
  std::string_view text;
  bool prefix;
  Urc urc;
};

constexpr std::array words{
    Words{"CLOSED", false, urc::Closed{}},
    Words{"NO CARRIER", false, urc::Closed{}},
    Words{"START", false, urc::Boot{}},
    Words{"RDY", false, urc::Boot{}},
    Words{"*ATREADY", true, urc::Boot{}},
    Words{"RING", false, urc::Notice{}},
    Words{"SMS DONE", false, urc::Notice{}},
    Words{"PB DONE", false, urc::Notice{}},
    Words{"CALL READY", false, urc::Notice{}},
    Words{"OPL ", true, urc::Notice{}},
    Words{"PNN ", true, urc::Notice{}},
    Words{"Network opened", false, urc::Notice{}},
    Words{"warning! Voltage is low", true, urc::Notice{}},
};

}  // namespace

Urc parse_urc(std::string_view line) {
  if (!line.starts_with('+'))  // of the words none does
    for (const Words& row : words)
      if (row.prefix ? line.starts_with(row.text) : line == row.text) return row.urc;
  const Fields fields(line);
  const Row* const row = find_row(fields.name());
  if (row == nullptr || fields.rest().empty()) return urc::Unknown{};
  return row->read(fields);
}

bool may_become_urc(std::string_view beginning) {
  for (const Words& row : words)
    if (row.text.starts_with(beginning) || (row.prefix && beginning.starts_with(row.text)))
      return true;
  const auto colon = beginning.find(':');
  const std::string_view name = trim(beginning.substr(0, colon));
  return std::ranges::any_of(rows, [&](const Row& row) {
    return colon == std::string_view::npos ? row.name.starts_with(name) : row.name == name;
  });
}

}  // namespace sim52xx
