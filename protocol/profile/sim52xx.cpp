// Profile sim52xx: SIMCom SIM52xx SSL Application Note V0.01, with the spellings of real firmware
// first (SIM5320 AT Command Set V1.23, same dialect). Never in here: AT+CFTPGET and
// AT+CFTPGETFILE, which the note prints by mistake and which are real plain-FTP commands.
#include <algorithm>

#include "protocol/profile/profile.hpp"

namespace sim52xx {
namespace {

using enum CommandId;
using enum Completion;
using T = TimerClass;
using S = Stack;

constexpr std::uint32_t arity(std::initializer_list<unsigned> numbers) {
  std::uint32_t mask = 0;
  for (const unsigned n : numbers) mask |= 1U << n;
  return mask;
}

// clang-format off
constexpr std::array rows{
    CommandRow{https_start,      "2.1",  S::https, T::connect,  plain,   {"+CHTTPSSTART"}, {"+CHTTPSSTART"}},
    CommandRow{https_open,       "2.2",  S::https, T::connect,  plain,   {"+CHTTPSOPSE"}, {"+CHTTPSOPSE"}},
    CommandRow{https_send,       "2.3",  S::https, T::transfer, payload, {"+CHTTPSSEND", "+CHTTPSEND", "+CHTTPSENDD"}, {"+CHTTPSSEND", "+CHTTPSEND", "+CHTTPSENDD"}},
    CommandRow{https_commit,     "2.3",  S::https, T::transfer, result,  {"+CHTTPSSEND", "+CHTTPSEND", "+CHTTPSENDD"}, {"+CHTTPSSEND", "+CHTTPSEND", "+CHTTPSENDD"}},
    CommandRow{https_send_query, "2.3",  S::https, T::brief,    plain,   {"+CHTTPSSEND", "+CHTTPSEND", "+CHTTPSENDD"}, {"+CHTTPSSEND", "+CHTTPSEND", "+CHTTPSENDD"}, arity({1})},
    CommandRow{https_receive,    "2.4",  S::https, T::transfer, data,    {"+CHTTPSRECV"}, {"+CHTTPSRECV", "+HTTTPSRECV"}},
    CommandRow{https_close,      "2.5",  S::https, T::close,    plain,   {"+CHTTPSCLSE"}, {"+CHTTPSCLSE"}},
    CommandRow{https_stop,       "2.6",  S::https, T::stop,     plain,   {"+CHTTPSSTOP"}, {"+CHTTPSSTOP"}},

    CommandRow{ftps_start,       "3.1",  S::ftps,  T::connect,  plain,   {"+CFTPSSTART"}, {"+CFTPSSTART"}},
    CommandRow{ftps_login,       "3.2",  S::ftps,  T::connect,  plain,   {"+CFTPSLOGIN", "+CFTPLOGIN"}, {"+CFTPSLOGIN", "+CFTPLOGIN"}},
    CommandRow{ftps_pwd,         "3.3",  S::ftps,  T::transfer, plain,   {"+CFTPSPWD"}, {"+CFTPSPWD"}, arity({1})},
    CommandRow{ftps_cwd,         "3.4",  S::ftps,  T::transfer, plain,   {"+CFTPSCWD"}, {"+CFTPSCWD"}},
    CommandRow{ftps_mkdir,       "3.5",  S::ftps,  T::transfer, plain,   {"+CFTPSMKD"}, {"+CFTPSMKD"}},
    CommandRow{ftps_rmdir,       "3.6",  S::ftps,  T::transfer, plain,   {"+CFTPSRMD"}, {"+CFTPSRMD"}},
    CommandRow{ftps_delete,      "3.7",  S::ftps,  T::transfer, plain,   {"+CFTPSDELE", "+CFTPSDEL"}, {"+CFTPSDELE", "+CFTPSDEL"}},
    CommandRow{ftps_type,        "3.8",  S::ftps,  T::transfer, plain,   {"+CFTPSTYPE"}, {"+CFTPSTYPE"}},
    CommandRow{ftps_list,        "3.9",  S::ftps,  T::transfer, data,    {"+CFTPSLIST", "+CFTPSSLIST"}, {"+CFTPSLIST", "+CFTPSSLIST"}},
    CommandRow{ftps_put_file,    "3.10", S::ftps,  T::transfer, result,  {"+CFTPSPUTFILE"}, {"+CFTPSPUTFILE"}},
    CommandRow{ftps_put_first,   "3.11", S::ftps,  T::transfer, payload, {"+CFTPSPUT"}, {"+CFTPSPUT", "+CFTPSSPUT"}},
    CommandRow{ftps_put,         "3.11", S::ftps,  T::transfer, payload, {"+CFTPSPUT"}, {"+CFTPSPUT", "+CFTPSSPUT"}},
    CommandRow{ftps_put_commit,  "3.11", S::ftps,  T::transfer, result,  {"+CFTPSPUT"}, {"+CFTPSPUT", "+CFTPSSPUT"}},
    CommandRow{ftps_put_query,   "3.11", S::ftps,  T::brief,    plain,   {"+CFTPSPUT"}, {"+CFTPSPUT", "+CFTPSSPUT"}, arity({1})},
    CommandRow{ftps_get_file,    "3.12", S::ftps,  T::transfer, result,  {"+CFTPSGETFILE"}, {"+CFTPSGETFILE", "+CFTPGETFILE"}},
    CommandRow{ftps_get,         "3.13", S::ftps,  T::transfer, data,    {"+CFTPSGET"}, {"+CFTPSGET", "+CFTPGET"}},
    CommandRow{ftps_logout,      "3.14", S::ftps,  T::close,    plain,   {"+CFTPSLOGOUT"}, {"+CFTPSLOGOUT"}},
    CommandRow{ftps_stop,        "3.15", S::ftps,  T::stop,     plain,   {"+CFTPSSTOP"}, {"+CFTPSSTOP"}},

    CommandRow{ssl_start,        "4.1",  S::ssl,   T::connect,  plain,   {"+CSSLSTART"}, {"+CSSLSTART"}},
    CommandRow{ssl_open,         "4.2",  S::ssl,   T::connect,  open,    {"+CSSLOPEN"}, {"+CSSLOPEN"}},
    CommandRow{ssl_continue,     "4.2",  S::ssl,   T::connect,  open,    {"+CSSLCONT"}, {"+CSSLCONT", "+CSSLOPEN"}},
    CommandRow{ssl_send,         "4.3",  S::ssl,   T::transfer, payload, {"+CSSLSEND"}, {}},
    CommandRow{ssl_send_query,   "4.3",  S::ssl,   T::brief,    plain,   {"+CSSLSEND"}, {"+CSSLSEND"}, arity({4})},
    CommandRow{ssl_set,          "4.3",  S::ssl,   T::brief,    plain,   {"+CSSLSET"}, {}},
    CommandRow{ssl_mode,         "4.7",  S::ssl,   T::brief,    plain,   {"+CSSLMODE"}, {}},
    CommandRow{ssl_close,        "4.5",  S::ssl,   T::close,    plain,   {"+CSSLCLOSE"}, {}},
    CommandRow{ssl_stop,         "4.6",  S::ssl,   T::stop,     plain,   {"+CSSLSTOP"}, {"+CSSLSTOP"}},
    CommandRow{go_online,        "4.7",  S::ssl,   T::brief,    online,  {"O"}, {}},

    CommandRow{attention,        "", S::none, T::brief, plain, {""}, {}},
    CommandRow{echo_off,         "", S::none, T::brief, plain, {"E0"}, {}},
    CommandRow{error_text,       "", S::none, T::brief, plain, {"+CMEE"}, {}},
    CommandRow{dtr_mode,         "", S::none, T::brief, plain, {"&D"}, {}},
    CommandRow{dcd_mode,         "", S::none, T::brief, plain, {"&C"}, {}},
    CommandRow{flow_control,     "", S::none, T::brief, plain, {"+IFC"}, {}},
    CommandRow{urc_port,         "", S::none, T::brief, plain, {"+CATR"}, {}},
    CommandRow{serial_number,    "", S::none, T::brief, plain, {"+CGSN"}, {"+CGSN"}, 0, true, true},
    CommandRow{identity,         "", S::none, T::brief, plain, {"I"}, {"+GCAP"}, 0, true},
    CommandRow{sim_state,        "", S::none, T::brief, plain, {"+CPIN"}, {"+CPIN"}, arity({1})},
    CommandRow{enter_pin,        "", S::none, T::brief, plain, {"+CPIN"}, {}},
    CommandRow{signal,           "", S::none, T::brief, plain, {"+CSQ"}, {"+CSQ"}, arity({2})},
    CommandRow{registration,     "", S::none, T::brief, plain, {"+CREG"}, {"+CREG"}, arity({2, 4})},
    CommandRow{packet_registration, "", S::none, T::brief, plain, {"+CGREG"}, {"+CGREG"}, arity({2, 4})},
    CommandRow{operator_name,    "", S::none, T::brief, plain, {"+COPS"}, {"+COPS"}, arity({1, 3, 4})},
    CommandRow{technology,       "", S::none, T::brief, plain, {"+CNSMOD"}, {"+CNSMOD"}, arity({2})},
    CommandRow{context,          "", S::none, T::brief, plain, {"+CGSOCKCONT"}, {"+CGSOCKCONT"}},
    CommandRow{context_choice,   "", S::none, T::brief, plain, {"+CSOCKSETPN"}, {}},
    CommandRow{context_auth,     "", S::none, T::brief, plain, {"+CSOCKAUTH"}, {}},
    CommandRow{reset,            "", S::none, T::brief, plain, {"+CRESET"}, {}},
    CommandRow{card_id,          "", S::none, T::brief, plain, {"+CICCID"}, {"+ICCID", "+CICCID"}, arity({1})},
    CommandRow{other_ssl_family, "", S::none, T::brief, plain, {"+CCHOPEN"}, {"+CCHOPEN"}},
};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].id) != i) return false;
  return rows.size() == static_cast<std::size_t>(count_);
}
static_assert(in_order(), "rows are indexed by CommandId");

constexpr Profile profile{"sim52xx", rows, {4096, 4096, 512, 1024, 256}};
constexpr std::array<std::string_view, 1> names{"sim52xx"};

}  // namespace

Expect CommandRow::expect() const {
  const auto used = static_cast<std::size_t>(
      std::ranges::find_if(reads, &std::string_view::empty) - reads.begin());
  return {completion, std::span(reads).first(used), arities, bare, digits};
}

std::size_t CommandRow::spellings() const {
  return 1 + static_cast<std::size_t>(
                 std::ranges::find_if(names.begin() + 1, names.end(), &std::string_view::empty) -
                 (names.begin() + 1));
}

const Profile* find_profile(std::string_view name) {
  return name == profile.name ? &profile : nullptr;
}

std::span<const std::string_view> profile_names() { return names; }

const Profile& sim52xx_profile() { return profile; }

}  // namespace sim52xx
