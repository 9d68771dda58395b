// Every row of the profile against a table written by hand from the note and the manuals.
#include "protocol/profile/profile.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

using Names = std::vector<std::string_view>;
using Arities = std::vector<unsigned>;
using C = Completion;
using I = CommandId;
using S = Stack;
using T = TimerClass;

struct Expected {
  CommandId id;
  std::string_view chapter;
  Stack stack;
  TimerClass timer;
  Completion completion;
  Names names;  // as sent, the first one first
  Names reads;
  Arities arities = {};
};

// clang-format off
const Names send{"+CHTTPSSEND", "+CHTTPSEND", "+CHTTPSENDD"};
const std::vector<Expected> https{
    {I::https_start,      "2.1", S::https, T::connect,  C::plain,   {"+CHTTPSSTART"}, {"+CHTTPSSTART"}},
    {I::https_open,       "2.2", S::https, T::connect,  C::plain,   {"+CHTTPSOPSE"}, {"+CHTTPSOPSE"}},
    {I::https_send,       "2.3", S::https, T::transfer, C::payload, send, send},
    {I::https_commit,     "2.3", S::https, T::transfer, C::result,  send, send},
    {I::https_send_query, "2.3", S::https, T::brief,    C::plain,   send, send, {1}},
    {I::https_receive,    "2.4", S::https, T::transfer, C::data,    {"+CHTTPSRECV"}, {"+CHTTPSRECV", "+HTTTPSRECV"}},
    {I::https_close,      "2.5", S::https, T::close,    C::plain,   {"+CHTTPSCLSE"}, {"+CHTTPSCLSE"}},
    {I::https_stop,       "2.6", S::https, T::stop,     C::plain,   {"+CHTTPSSTOP"}, {"+CHTTPSSTOP"}},
};
const std::vector<Expected> ftps{
    {I::ftps_start,       "3.1",  S::ftps, T::connect,  C::plain,   {"+CFTPSSTART"}, {"+CFTPSSTART"}},
    {I::ftps_login,       "3.2",  S::ftps, T::connect,  C::plain,   {"+CFTPSLOGIN", "+CFTPLOGIN"}, {"+CFTPSLOGIN", "+CFTPLOGIN"}},
    {I::ftps_pwd,         "3.3",  S::ftps, T::transfer, C::plain,   {"+CFTPSPWD"}, {"+CFTPSPWD"}, {1}},
    {I::ftps_cwd,         "3.4",  S::ftps, T::transfer, C::plain,   {"+CFTPSCWD"}, {"+CFTPSCWD"}},
    {I::ftps_mkdir,       "3.5",  S::ftps, T::transfer, C::plain,   {"+CFTPSMKD"}, {"+CFTPSMKD"}},
    {I::ftps_rmdir,       "3.6",  S::ftps, T::transfer, C::plain,   {"+CFTPSRMD"}, {"+CFTPSRMD"}},
    {I::ftps_delete,      "3.7",  S::ftps, T::transfer, C::plain,   {"+CFTPSDELE", "+CFTPSDEL"}, {"+CFTPSDELE", "+CFTPSDEL"}},
    {I::ftps_type,        "3.8",  S::ftps, T::transfer, C::plain,   {"+CFTPSTYPE"}, {"+CFTPSTYPE"}},
    {I::ftps_list,        "3.9",  S::ftps, T::transfer, C::data,    {"+CFTPSLIST", "+CFTPSSLIST"}, {"+CFTPSLIST", "+CFTPSSLIST"}},
    {I::ftps_put_file,    "3.10", S::ftps, T::transfer, C::result,  {"+CFTPSPUTFILE"}, {"+CFTPSPUTFILE"}},
    {I::ftps_put_first,   "3.11", S::ftps, T::transfer, C::payload, {"+CFTPSPUT"}, {"+CFTPSPUT", "+CFTPSSPUT"}},
    {I::ftps_put,         "3.11", S::ftps, T::transfer, C::payload, {"+CFTPSPUT"}, {"+CFTPSPUT", "+CFTPSSPUT"}},
    {I::ftps_put_commit,  "3.11", S::ftps, T::transfer, C::result,  {"+CFTPSPUT"}, {"+CFTPSPUT", "+CFTPSSPUT"}},
    {I::ftps_put_query,   "3.11", S::ftps, T::brief,    C::plain,   {"+CFTPSPUT"}, {"+CFTPSPUT", "+CFTPSSPUT"}, {1}},
    {I::ftps_get_file,    "3.12", S::ftps, T::transfer, C::result,  {"+CFTPSGETFILE"}, {"+CFTPSGETFILE", "+CFTPGETFILE"}},
    {I::ftps_get,         "3.13", S::ftps, T::transfer, C::data,    {"+CFTPSGET"}, {"+CFTPSGET", "+CFTPGET"}},
    {I::ftps_logout,      "3.14", S::ftps, T::close,    C::plain,   {"+CFTPSLOGOUT"}, {"+CFTPSLOGOUT"}},
    {I::ftps_stop,        "3.15", S::ftps, T::stop,     C::plain,   {"+CFTPSSTOP"}, {"+CFTPSSTOP"}},
};
const std::vector<Expected> ssl{
    {I::ssl_start,        "4.1", S::ssl, T::connect,  C::plain,   {"+CSSLSTART"}, {"+CSSLSTART"}},
    {I::ssl_open,         "4.2", S::ssl, T::connect,  C::open,    {"+CSSLOPEN"}, {"+CSSLOPEN"}},
    {I::ssl_continue,     "4.2", S::ssl, T::connect,  C::open,    {"+CSSLCONT"}, {"+CSSLCONT", "+CSSLOPEN"}},
    {I::ssl_send,         "4.3", S::ssl, T::transfer, C::payload, {"+CSSLSEND"}, {}},
    {I::ssl_send_query,   "4.3", S::ssl, T::brief,    C::plain,   {"+CSSLSEND"}, {"+CSSLSEND"}, {4}},
    {I::ssl_set,          "4.3", S::ssl, T::brief,    C::plain,   {"+CSSLSET"}, {}},
    {I::ssl_mode,         "4.7", S::ssl, T::brief,    C::plain,   {"+CSSLMODE"}, {}},
    {I::ssl_close,        "4.5", S::ssl, T::close,    C::plain,   {"+CSSLCLOSE"}, {}},
    {I::ssl_stop,         "4.6", S::ssl, T::stop,     C::plain,   {"+CSSLSTOP"}, {"+CSSLSTOP"}},
    {I::go_online,        "4.7", S::ssl, T::brief,    C::online,  {"O"}, {}},
};
// From the manuals: brief, and ending with OK or ERROR, all of them.
struct Manual { CommandId id; std::string_view name; Names reads; Arities arities; };
const std::vector<Manual> manuals{
    {I::attention, "", {}, {}},
    {I::echo_off, "E0", {}, {}},
    {I::error_text, "+CMEE", {}, {}},
    {I::dtr_mode, "&D", {}, {}},
    {I::dcd_mode, "&C", {}, {}},
    {I::flow_control, "+IFC", {}, {}},
    {I::urc_port, "+CATR", {}, {}},
    {I::serial_number, "+CGSN", {"+CGSN"}, {}},
    {I::identity, "I", {"+GCAP"}, {}},
    {I::sim_state, "+CPIN", {"+CPIN"}, {1}},
    {I::enter_pin, "+CPIN", {}, {}},
    {I::signal, "+CSQ", {"+CSQ"}, {2}},
    {I::registration, "+CREG", {"+CREG"}, {2, 4}},
    {I::packet_registration, "+CGREG", {"+CGREG"}, {2, 4}},
    {I::operator_name, "+COPS", {"+COPS"}, {1, 3, 4}},
    {I::technology, "+CNSMOD", {"+CNSMOD"}, {2}},
    {I::context, "+CGSOCKCONT", {"+CGSOCKCONT"}, {}},
    {I::context_choice, "+CSOCKSETPN", {}, {}},
    {I::context_auth, "+CSOCKAUTH", {}, {}},
    {I::reset, "+CRESET", {}, {}},
    {I::card_id, "+CICCID", {"+ICCID", "+CICCID"}, {1}},
    {I::other_ssl_family, "+CCHOPEN", {"+CCHOPEN"}, {}},
};
// clang-format on

void expect_row(const Expected& expected) {
  SCOPED_TRACE(expected.names.front());
  const CommandRow& row = sim52xx_profile().row(expected.id);
  EXPECT_EQ(row.id, expected.id);
  EXPECT_EQ(row.chapter, expected.chapter);
  EXPECT_EQ(row.stack, expected.stack);
  EXPECT_EQ(row.timer, expected.timer);
  EXPECT_EQ(row.spellings(), expected.names.size());
  EXPECT_EQ(Names(row.names.begin(), row.names.begin() + static_cast<long>(row.spellings())),
            expected.names);

  const Expect expect = row.expect();
  EXPECT_EQ(expect.completion, expected.completion);
  EXPECT_EQ(Names(expect.reads.begin(), expect.reads.end()), expected.reads);
  std::uint32_t arities = 0;
  for (const unsigned n : expected.arities)
    arities |= 1U << n;
  EXPECT_EQ(expect.arities, arities);
  EXPECT_EQ(expect.bare, expected.id == I::serial_number || expected.id == I::identity);
  EXPECT_EQ(expect.digits, expected.id == I::serial_number);
}

TEST(Profile, rows_of_the_note) {
  for (const auto* chapter : {&https, &ftps, &ssl})
    for (const Expected& expected : *chapter)
      expect_row(expected);
}

TEST(Profile, rows_of_the_manuals) {
  for (const auto& [id, name, reads, arities] : manuals)
    expect_row({id, "", S::none, T::brief, C::plain, {name}, reads, arities});
}

TEST(Profile, has_no_other_rows) {
  const std::size_t listed = https.size() + ftps.size() + ssl.size() + manuals.size();
  EXPECT_EQ(listed, static_cast<std::size_t>(I::count_));
  EXPECT_EQ(sim52xx_profile().rows.size(), listed);
}

// The note misprints AT+CFTPSGET and AT+CFTPSGETFILE so; both exist and are plain FTP.
TEST(Profile, never_sends_plain_ftp) {
  for (const CommandRow& row : sim52xx_profile().rows) {
    for (const std::string_view name : row.names) {
      EXPECT_NE(name, "+CFTPGET");
      EXPECT_NE(name, "+CFTPGETFILE");
    }
  }
}

TEST(Profile, limits) {
  const Limits& limits = sim52xx_profile().limits;
  EXPECT_EQ(limits.https_send, 4096U);
  EXPECT_EQ(limits.https_receive, 4096U);
  EXPECT_EQ(limits.ftps_put, 512U);
  EXPECT_EQ(limits.ssl_send, 1024U);
  EXPECT_EQ(limits.text, 256U);
}

TEST(Profile, is_found_by_name) {
  EXPECT_EQ(find_profile("sim52xx"), &sim52xx_profile());
  EXPECT_EQ(sim52xx_profile().name, "sim52xx");
  EXPECT_EQ(find_profile(""), nullptr);
  EXPECT_EQ(find_profile("SIM52XX"), nullptr);
  ASSERT_EQ(profile_names().size(), 1U);
  EXPECT_EQ(profile_names().front(), "sim52xx");
}

}  // namespace
}  // namespace sim52xx
