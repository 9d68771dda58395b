#include "protocol/urc.hpp"

#include <string>
#include <string_view>
#include <variant>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

// Which alternative a line becomes, and its content, in a form that a table can hold.
struct Words {
  std::string operator()(const urc::SslData& u) const { return pair("data", u.session, u.length); }
  std::string operator()(const urc::SslAlert& u) const {
    return pair("alert", u.alert.session, static_cast<int>(u.alert.level)) + " " +
           std::to_string(u.alert.bits);
  }
  std::string operator()(const urc::SslSent& u) const {
    return pair("sent", u.session, u.result) + " " + std::to_string(u.length);
  }
  std::string operator()(const urc::SslRecvEvent& u) const { return one("recv_event", u.session); }
  std::string operator()(const urc::SslClosed& u) const { return one("ssl_closed", u.session); }
  std::string operator()(urc::HttpsRecvEvent) const { return "https_recv_event"; }
  std::string operator()(urc::HttpsPeerClosed) const { return "https_peer_closed"; }
  std::string operator()(urc::FtpsRecvEvent) const { return "ftps_recv_event"; }
  std::string operator()(urc::FtpsPeerClosed) const { return "ftps_peer_closed"; }
  std::string operator()(urc::Closed) const { return "closed"; }
  std::string operator()(urc::NetworkLost) const { return "network_lost"; }
  std::string operator()(urc::Boot) const { return "boot"; }
  std::string operator()(const urc::SimState& u) const { return "sim " + std::string(u.state); }
  std::string operator()(const urc::Registration& u) const { return one("registration", u.stat); }
  std::string operator()(const urc::LateResult& u) const {
    return "late " + std::string(u.command) + " " + std::to_string(u.code);
  }
  std::string operator()(const urc::LateData& u) const { return one("late data", u.length); }
  std::string operator()(urc::Notice) const { return "notice"; }
  std::string operator()(urc::Unknown) const { return "unknown"; }

  template <class T>
  static std::string one(std::string name, T value) {
    return name + " " + std::to_string(value);
  }
  template <class A, class B>
  static std::string pair(const std::string& name, A a, B b) {
    return one(one(name, a), b);
  }
};

std::string read(std::string_view line) {
  return std::visit(Words{}, parse_urc(line));
}

struct Case {
  std::string_view line;
  std::string_view expected;
};

TEST(ParseUrc, what_the_note_prints) {
  for (const auto& [line, expected] : {
           Case{"+CSSLALERT: 1, 0, 0", "alert 1 0 0"},
           Case{"+CSSLALERT: 0,2,134218240", "alert 0 2 134218240"},
           Case{"+CSSLSEND: 1, 0, 1024", "sent 1 0 1024"},
           Case{"+CSSLSEND: 1, 0, 88", "sent 1 0 88"},
           Case{"+CSSLRECV: DATA, 1, 1024", "data 1 1024"},
           Case{"+CSSLRECV: DATA, 1, 249", "data 1 249"},
           Case{"+CSSL: RECV EVENT, 1", "recv_event 1"},
           Case{"+CHTTPS: RECV EVENT", "https_recv_event"},
       })
    EXPECT_EQ(read(line), expected) << line;
}

TEST(ParseUrc, what_firmware_prints_besides) {
  for (const auto& [line, expected] : {
           Case{"START", "boot"},
           Case{"RDY", "boot"},
           Case{"*ATREADY: 1", "boot"},
           Case{"CLOSED", "closed"},
           Case{"NO CARRIER", "closed"},
           Case{"+CPIN: READY", "sim READY"},
           Case{"+CPIN: SIM PIN", "sim SIM PIN"},
           Case{"+SIMCARD: NOT AVAILABLE", "sim NOT AVAILABLE"},
           Case{"+CREG: 1", "registration 1"},
           Case{"+CREG: 5,\"1816\",\"D5E1\"", "registration 5"},
           Case{"+CGREG: 2,1", "registration 1"},
           Case{"+CGREG: 2,1,\"1816\",\"D5E1\"", "registration 1"},
           Case{"+CHTTPS:RECV EVENT", "https_recv_event"},
           Case{"+CHTTPSNOTIFY: PEER CLOSED", "https_peer_closed"},
           Case{"+CFTPS: RECV EVENT", "ftps_recv_event"},
           Case{"+CFTPSNOTIFY: PEER CLOSED", "ftps_peer_closed"},
           Case{"+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY", "network_lost"},
           Case{"+CSSLCLOSE: 0", "ssl_closed 0"},
           Case{"+CSSLCLOSE: 1,4", "ssl_closed 1"},
           Case{"+CCH_PEER_CLOSED: 0", "ssl_closed 0"},
           Case{"+CSSLRECV: DATA,0,0", "data 0 0"},
           Case{"+CSSLRECV:DATA,1,7,", "data 1 7"},
           Case{"+CSSLALERT: 0,1,0x08000200", "alert 0 1 134218240"},
           Case{"+CSSLALERT: 0,3,4294967296", "alert 0 3 4294967296"},
       })
    EXPECT_EQ(read(line), expected) << line;
}

TEST(ParseUrc, blocks_that_come_late) {
  EXPECT_EQ(read("+CFTPSGET: DATA, 1024,"), "late data 1024");
  EXPECT_EQ(read("+CFTPSGET:DATA, 1058"), "late data 1058");
  EXPECT_EQ(read("+CFTPGET: DATA, 1020,"), "late data 1020");
  EXPECT_EQ(read("+CFTPSSLIST: DATA,193"), "late data 193");
  EXPECT_EQ(read("+HTTTPSRECV: DATA,249"), "late data 249");
  EXPECT_EQ(read("+CFTPSGET: DATA,"), "unknown");
  EXPECT_EQ(read("+CFTPSGET: DATA,99999999999"), "unknown");
}

TEST(ParseUrc, results_that_come_late) {
  for (const std::string_view name :
       {"+CSSLSTART",  "+CSSLSTOP",     "+CSSLOPEN",     "+CHTTPSSTART", "+CHTTPSSTOP",
        "+CHTTPSOPSE", "+CHTTPSCLSE",   "+CHTTPSSEND",   "+CHTTPSRECV",  "+CFTPSSTART",
        "+CFTPSSTOP",  "+CFTPSLOGIN",   "+CFTPSLOGOUT",  "+CFTPSPUT",    "+CFTPSGET",
        "+CFTPSLIST",  "+CFTPSGETFILE", "+CFTPSPUTFILE", "+CHTTPSEND",   "+CHTTPSENDD",
        "+HTTTPSRECV", "+CFTPLOGIN",    "+CFTPSSPUT",    "+CFTPGET",     "+CFTPGETFILE",
        "+CFTPSSLIST", "+CFTPSCWD",     "+CFTPSMKD",     "+CFTPSRMD",    "+CFTPSDELE",
        "+CFTPSDEL",   "+CFTPSTYPE"}) {
    const std::string line(name);
    EXPECT_EQ(read(line + ": 0"), "late " + line + " 0");
    EXPECT_EQ(read(line + ":12"), "late " + line + " 12");
    EXPECT_EQ(read(line + ": x"), "unknown");
  }
}

TEST(ParseUrc, of_no_consequence) {
  for (const std::string_view line : {"RING",
                                      "SMS DONE",
                                      "PB DONE",
                                      "CALL READY",
                                      "OPL UPDATING",
                                      "OPL DONE",
                                      "PNN UPDATING",
                                      "PNN DONE",
                                      "Network opened",
                                      "warning! Voltage is low: 3.3v",
                                      "+STIN: 25",
                                      "+CGEV: NW DETACH",
                                      "+CSQ: 17,99",
                                      "+CNSMOD: 4",
                                      "+CPSI: NO SERVICE,Online",
                                      "+CTZV: +32",
                                      "+NITZ: 12/08/22",
                                      "+CMTI: \"SM\",3",
                                      "+CMT: \"+49\"",
                                      "+CDSI: \"SM\",1",
                                      "+CUSD: 0,\"x\"",
                                      "+CRING: VOICE",
                                      "+CLIP: \"123\",129",
                                      "+CLCC: 1,1,4,0,0",
                                      "+VOICEMAIL: WAITING",
                                      "MISSED_CALL: 11:00AM 123",
                                      "VOICE CALL: BEGIN",
                                      "VOICE CALL: END: 000012",
                                      "+NETOPEN: 0",
                                      "+NETCLOSE: 0",
                                      "+IPCLOSE: 0,1",
                                      "+IP ERROR: Network not opened",
                                      "+CIPEVENT: SOMETHING ELSE"})
    EXPECT_EQ(read(line), "notice") << line;
}

TEST(ParseUrc, unknown_is_a_value) {
  for (const std::string_view line : {"",
                                      "OK",
                                      "ERROR",
                                      "CLOSED ",
                                      "closed",
                                      "NO CARRIER!",
                                      "STARTED",
                                      "+CSQ",
                                      "+CSQ:",
                                      "+FOO: 1",
                                      "DST: 1",
                                      "+CSSLRECV: DATA,2,5",
                                      "+CSSLRECV: DATA,0,-1",
                                      "+CSSLRECV: DATA,0",
                                      "+CSSLRECV: DATA,0,x",
                                      "+CSSLRECV: DATA,0,1048577",
                                      "+CSSLRECV: LEN,0,5",
                                      "+CSSLALERT: 2,2,1",
                                      "+CSSLALERT: 0,4,1",
                                      "+CSSLALERT: 0,-1,1",
                                      "+CSSLALERT: 0,2,-1",
                                      "+CSSLALERT: 0,2",
                                      "+CSSLSEND: 0,0,1,1024",
                                      "+CSSLSEND: 0,0",
                                      "+CSSLSEND: 2,0,1",
                                      "+CSSL: RECV EVENT",
                                      "+CSSL: RECV EVENT,2",
                                      "+CSSL: OTHER,0",
                                      "+CSSLCLOSE: 2",
                                      "+CHTTPS: OTHER",
                                      "+CHTTPSNOTIFY: OTHER",
                                      "+CREG: x",
                                      "+CSSLOPEN: ALERTSTATE"})
    EXPECT_EQ(read(line), "unknown") << line;
  EXPECT_EQ(read("+CSSLRECV: DATA,0,1048576"), "data 0 1048576");
}

TEST(MayBecomeUrc, each_beginning_of_a_known_line) {
  for (const std::string_view line :
       {"CLOSED", "NO CARRIER", "START", "*ATREADY: 1", "OPL UPDATING",
        "warning! Voltage is low: 3", "+CSSLALERT: 0,2,134218240", "+CHTTPS:RECV EVENT",
        "+CPIN: SIM PIN", "VOICE CALL: BEGIN", "MISSED_CALL: 1", "+IP ERROR: x", "+STIN: 25",
        "Network opened"})
    for (std::size_t n = 0; n <= line.size(); ++n)
      EXPECT_TRUE(may_become_urc(line.substr(0, n))) << line.substr(0, n);
  for (const std::string_view line : {"OK", "H", "CLOSEDX", "CLOSED ", "+CX", "+FOO: 1", "+CSQX: 1",
                                      "GET / HTTP/1.1", "Model: x", "STARTS"})
    EXPECT_FALSE(may_become_urc(line)) << line;
}

}  // namespace
}  // namespace sim52xx
