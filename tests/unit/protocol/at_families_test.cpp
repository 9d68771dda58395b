// The note's chapter 7: TCP/IP, MMS, GPS, HTTP and FTP commands; and what nobody may give
// (DESIGN.md, modem.command). Names from SIM5320 AT Command Set V1.23 and V2.02 and modem-facts.
#include "protocol/at_families.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

using enum AtFamily;
using enum AtRole;
using enum AtForm;

struct Case {
  std::string_view name;
  AtForm form;
  std::string_view argument;
  AtFamily family;
  AtRole role;
};

const std::vector<Case> allowed{
    // TCP/IP
    {"+NETOPEN", exec, "", tcpip, starts},
    {"+NETOPEN", set, "\"TCP\",80", tcpip, starts},
    {"+NETOPEN", read, "", tcpip, asks},
    {"+NETCLOSE", exec, "", tcpip, stops},
    {"+CIPOPEN", set, "0,\"TCP\",\"host\",80", tcpip, starts},
    {"+CIPCLOSE", set, "0", tcpip, uses},
    {"+CIPRXGET", set, "2,0", tcpip, uses},
    {"+CIPMODE", set, "0", tcpip, uses},
    {"+CIPMODE", read, "", tcpip, asks},
    {"+CIPHEAD", set, "1", tcpip, uses},
    {"+CIPTIMEOUT", set, "120000", tcpip, uses},
    {"+CIPENPSH", test, "", tcpip, asks},
    {"+IPADDR", exec, "", tcpip, uses},
    {"+SERVERSTART", set, "80,0", tcpip, starts},
    {"+SERVERSTOP", set, "0", tcpip, uses},
    {"+TCPCONNECT", set, "\"host\",80", tcpip, starts},
    {"+TCPCLOSE", exec, "", tcpip, uses},
    {"+CDNSGIP", set, "\"host\"", tcpip, uses},
    {"+CPING", set, "\"host\",1", tcpip, uses},
    {"+CPINGSTOP", exec, "", tcpip, uses},
    // MMS
    {"+CMMSEDIT", set, "1", mms, starts},
    {"+CMMSEDIT", set, "0", mms, stops},
    {"+CMMSURL", set, "\"mms\"", mms, uses},
    {"+CMMSSEND", exec, "", mms, uses},
    {"+CMMSRECV", set, "\"x\"", mms, uses},
    {"+CMMSSEND", test, "", mms, asks},
    // GPS
    {"+CGPS", set, "1", gps, starts},
    {"+CGPS", set, "1,2", gps, starts},
    {"+CGPS", set, "0", gps, stops},
    {"+CGPS", read, "", gps, asks},
    {"+CGPSCOLD", exec, "", gps, starts},
    {"+CGPSHOT", exec, "", gps, starts},
    {"+CGPSINFO", exec, "", gps, uses},
    {"+CGPSAUTO", set, "1", gps, uses},
    {"+CGPSURL", set, "\"supl\"", gps, uses},
    // HTTP
    {"+HTTPINIT", exec, "", http, starts},
    {"+HTTPTERM", exec, "", http, stops},
    {"+HTTPPARA", set, "\"URL\",\"x\"", http, uses},
    {"+CHTTPACT", test, "", http, asks},
    // FTP, of which CFTPSERV begins like the FTPS commands
    {"+CFTPSERV", set, "\"host\"", ftp, uses},
    {"+CFTPPORT", set, "21", ftp, uses},
    {"+CFTPUN", set, "\"me\"", ftp, uses},
    {"+CFTPPW", set, "\"x\"", ftp, uses},
    {"+CFTPMODE", set, "1", ftp, uses},
    {"+CFTPTYPE", set, "I", ftp, uses},
    {"+CFTPLIST", set, "\"/\"", ftp, uses},
    {"+CFTPGETFILE", set, "\"f\",1", ftp, uses},
    {"+CFTPPUTFILE", set, "\"f\",1", ftp, uses},
    {"+CFTPDELE", set, "\"f\"", ftp, uses},
    {"+CFTPMKD", set, "\"d\"", ftp, uses},
    // no family
    {"+CSQ", exec, "", none, asks},
    {"+CREG", read, "", none, asks},
    {"+CPIN", set, "\"1234\"", none, asks},
    {"+CGSOCKCONT", set, "1,\"IP\",\"internet\"", none, asks},
    {"+CMGF", set, "1", none, asks},
    {"+CMSS", set, "1", none, asks},
    {"+CCHO", set, "\"A0\"", none, asks},  // a channel of the SIM, not the CCH stack
    {"+CCHC", set, "1", none, asks},
    {"+CRESET", exec, "", none, asks},
    {"I", exec, "", none, asks},
    {"&V", exec, "", none, asks},
    {"X", exec, "4", none, asks},
    {"S0", read, "", none, asks},
    {"+IPR", read, "", none, asks},
    {"+IFC", test, "", none, asks},
    {"+CMGS", test, "", none, asks},
    {"", exec, "", none, asks},
};

TEST(AtFamilies, families_and_roles) {
  for (const Case& c : allowed) {
    SCOPED_TRACE(std::string(c.name) + " " + std::string(c.argument));
    const AtRule rule = at_rule(c.name, c.form, c.argument);
    EXPECT_EQ(rule.family, c.family);
    EXPECT_EQ(rule.role, c.role);
    EXPECT_EQ(rule.refusal, "");
  }
}

TEST(AtFamilies, the_daemons_own_are_refused_in_every_form) {
  for (const std::string_view name : {"+CSSLSTART",
                                      "+CSSLSTOP",
                                      "+CSSLOPEN",
                                      "+CSSLCONT",
                                      "+CSSLCLOSE",
                                      "+CSSLSEND",
                                      "+CSSLSET",
                                      "+CSSLMODE",
                                      "+CSSLCA",
                                      "+CHTTPSSTART",
                                      "+CHTTPSSTOP",
                                      "+CHTTPSOPSE",
                                      "+CHTTPSEND",
                                      "+CHTTPSENDD",
                                      "+CHTTPSSEND",
                                      "+CHTTPSRECV",
                                      "+CHTTPSCLSE",
                                      "+CHTTPSSTATE",
                                      "+CFTPSSTART",
                                      "+CFTPSSTOP",
                                      "+CFTPSLOGIN",
                                      "+CFTPLOGIN",
                                      "+CFTPSLOGOUT",
                                      "+CFTPSLIST",
                                      "+CFTPSSLIST",
                                      "+CFTPSGET",
                                      "+CFTPSPUT",
                                      "+CFTPSGETFILE",
                                      "+CFTPSPUTFILE",
                                      "+CFTPSDEL",
                                      "+CFTPSSIZE",
                                      "+CCHSTART",
                                      "+CCHSTOP",
                                      "+CCHOPEN",
                                      "+CCHCLOSE",
                                      "+CCHSEND",
                                      "+CCHRECV",
                                      "+CCHSET",
                                      "+CCHMODE",
                                      "+CCHSTATE",
                                      "+CCHADDR",
                                      "D",
                                      "A",
                                      "O",
                                      "H",
                                      "Z",
                                      "E",
                                      "V",
                                      "Q",
                                      "&F",
                                      "&C",
                                      "&D"}) {
    for (const AtForm form : {exec, read, test, set}) {
      SCOPED_TRACE(name);
      EXPECT_NE(at_rule(name, form, "0").refusal, "");
    }
  }
}

TEST(AtFamilies, what_the_daemon_relies_on_may_only_be_asked) {
  for (const std::string_view name : {"+IPR", "+IPREX", "+IFC", "+ICF", "+CMUX", "+CATR", "+CGDATA",
                                      "S0", "S2", "S3", "S4", "S5", "S12"}) {
    SCOPED_TRACE(name);
    EXPECT_NE(at_rule(name, set, "1").refusal, "");
    EXPECT_EQ(at_rule(name, read, "").refusal, "");
    EXPECT_EQ(at_rule(name, test, "").refusal, "");
  }
  EXPECT_NE(at_rule("+CIPMODE", set, "1").refusal, "") << "a data mode of its own";
}

TEST(AtFamilies, prompts_and_raw_bytes_are_refused) {
  for (const std::string_view name :
       {"+CMGS", "+CMGW", "+CMGC", "+CNMA", "+CCERTDOWN", "+CFTRANRX", "+CFTRANTX", "+CRXFILE",
        "+CTXFILE", "+CHTTPACT", "+HTTPDATA", "+CFTPPUT", "+CFTPGET", "+CIPSEND", "+TCPWRITE",
        "+UDPSEND", "+CMMSDOWN", "+SMTPSUB", "+SMTPBODY"}) {
    SCOPED_TRACE(name);
    EXPECT_NE(at_rule(name, set, "1,10").refusal, "");
    EXPECT_NE(at_rule(name, exec, "").refusal, "");
    EXPECT_EQ(at_rule(name, test, "").refusal, "");
  }
}

TEST(AtFamilies, secrets_are_not_read_back) {
  EXPECT_TRUE(at_rule("+CPIN", set, "1").secret);
  EXPECT_EQ(at_rule("+CPIN", read, "").refusal, "") << "its state is none";
  for (const std::string_view name : {"+CSOCKAUTH", "+CGAUTH", "+CFTPPW"}) {
    SCOPED_TRACE(name);
    EXPECT_TRUE(at_rule(name, set, "1").secret);
    EXPECT_NE(at_rule(name, read, "").refusal, "");
  }
  EXPECT_FALSE(at_rule("+CGSOCKCONT", set, "1").secret);
}

TEST(AtFamilies, names) {
  EXPECT_EQ(name(tcpip), "tcpip");
  EXPECT_EQ(name(mms), "mms");
  EXPECT_EQ(name(gps), "gps");
  EXPECT_EQ(name(http), "http");
  EXPECT_EQ(name(ftp), "ftp");
  EXPECT_EQ(name(none), "");
}

}  // namespace
}  // namespace sim52xx
