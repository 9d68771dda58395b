// The names are those of the SIM52xx manuals (SIM5320 AT Command Set V1.23 and V2.02, SIMCOM WCDMA
// Internet Service ATC, SIMCOM WCDMA MMS ATC), and of later firmware where it has others.
#include "protocol/at_families.hpp"

#include <algorithm>
#include <array>

namespace sim52xx {
namespace {

using enum AtFamily;

// What a row says of a command.
enum class Does : std::uint8_t {
  uses,
  starts,
  stops,
  switches,      // stops with the argument 0, starts with another
  owned,         // the daemon's own: in no form
  kept,          // the daemon relies on what it sets; it may be asked
  prompts,       // wants more bytes than its line; it may be asked
  prompts_or_0,  // as kept, unless its argument is 0
  secret,        // harmless, but not for logs
};

struct Row {
  std::string_view name;
  bool prefix;  // and whatever begins so
  AtFamily family;
  Does does;
  bool secret = false;
};

constexpr bool exact = false;
constexpr bool prefix = true;

// In order: the first row that fits counts.
// clang-format off
constexpr std::array rows{
    // Plain FTP, note chapter 7. These begin like the FTPS commands, or are printed in their place.
    Row{"+CFTPSERV", exact, ftp, Does::uses},
    Row{"+CFTPPW", exact, ftp, Does::uses, true},
    Row{"+CFTPPUT", exact, ftp, Does::prompts},
    Row{"+CFTPLOGIN", exact, none, Does::owned},  // the note's other name of +CFTPSLOGIN
    // The three stacks themselves, and their names in later firmware.
    Row{"+CSSL", prefix, none, Does::owned},
    Row{"+CHTTPS", prefix, none, Does::owned},
    Row{"+CFTPS", prefix, none, Does::owned},
    Row{"+CCHSTART", exact, none, Does::owned},
    Row{"+CCHSTOP", exact, none, Does::owned},
    Row{"+CCHOPEN", exact, none, Does::owned},
    Row{"+CCHCLOSE", exact, none, Does::owned},
    Row{"+CCHSEND", exact, none, Does::owned},
    Row{"+CCHRECV", exact, none, Does::owned},
    Row{"+CCHSET", exact, none, Does::owned},
    Row{"+CCHMODE", exact, none, Does::owned},
    Row{"+CCHSTATE", exact, none, Does::owned},
    Row{"+CCHADDR", exact, none, Does::owned},
    Row{"+CCHSSLCFG", exact, none, Does::owned},

    // What the line and the dialogue rest on.
    Row{"D", exact, none, Does::owned},
    Row{"A", exact, none, Does::owned},
    Row{"A/", exact, none, Does::owned},
    Row{"O", exact, none, Does::owned},
    Row{"H", exact, none, Does::owned},
    Row{"Z", exact, none, Does::owned},
    Row{"E", exact, none, Does::owned},
    Row{"V", exact, none, Does::owned},
    Row{"Q", exact, none, Does::owned},
    Row{"&F", exact, none, Does::owned},
    Row{"&C", exact, none, Does::owned},
    Row{"&D", exact, none, Does::owned},
    Row{"&K", exact, none, Does::owned},
    Row{"S0", exact, none, Does::kept},   // answers calls, into data mode
    Row{"S2", exact, none, Does::kept},   // the character of the escape
    Row{"S3", exact, none, Does::kept},   // the end of a line
    Row{"S4", exact, none, Does::kept},
    Row{"S5", exact, none, Does::kept},
    Row{"S12", exact, none, Does::kept},  // the guard time
    Row{"+IPR", exact, none, Does::kept},
    Row{"+IPREX", exact, none, Does::kept},
    Row{"+ICF", exact, none, Does::kept},
    Row{"+IFC", exact, none, Does::kept},
    Row{"+CMUX", prefix, none, Does::kept},
    Row{"+CATR", exact, none, Does::kept},
    Row{"+CGDATA", exact, none, Does::kept},
    Row{"+CIPMODE", exact, tcpip, Does::prompts_or_0},  // a transparent mode without our guards

    // What wants more bytes than its line, or sends raw ones.
    Row{"+CMGS", exact, none, Does::prompts},
    Row{"+CMGW", exact, none, Does::prompts},
    Row{"+CMGC", exact, none, Does::prompts},
    Row{"+CNMA", exact, none, Does::prompts},
    Row{"+CCERTDOWN", exact, none, Does::prompts},
    Row{"+CFTRANRX", exact, none, Does::prompts},
    Row{"+CFTRANTX", exact, none, Does::prompts},
    Row{"+CRXFILE", exact, none, Does::prompts},
    Row{"+CTXFILE", exact, none, Does::prompts},
    Row{"+CHTTPACT", exact, http, Does::prompts},
    Row{"+HTTPDATA", exact, http, Does::prompts},
    Row{"+HTTPREAD", exact, http, Does::prompts},
    Row{"+CFTPGET", exact, ftp, Does::prompts},
    Row{"+CIPSEND", prefix, tcpip, Does::prompts},
    Row{"+TCPWRITE", exact, tcpip, Does::prompts},
    Row{"+UDPSEND", exact, tcpip, Does::prompts},
    Row{"+UDPWRITE", exact, tcpip, Does::prompts},
    Row{"+CMMSDOWN", exact, mms, Does::prompts},
    Row{"+CMMSREAD", exact, mms, Does::prompts},
    Row{"+SMTPSUB", exact, tcpip, Does::prompts},
    Row{"+SMTPBODY", exact, tcpip, Does::prompts},
    Row{"+SMTPFT", exact, tcpip, Does::prompts},

    // TCP/IP: from NETOPEN, or whatever opens a socket, to NETCLOSE.
    Row{"+NETOPEN", exact, tcpip, Does::starts},
    Row{"+NETCLOSE", exact, tcpip, Does::stops},
    Row{"+CIPOPEN", exact, tcpip, Does::starts},
    Row{"+CIPSTART", exact, tcpip, Does::starts},
    Row{"+CIPSHUT", exact, tcpip, Does::stops},
    Row{"+SERVERSTART", exact, tcpip, Does::starts},
    Row{"+TCPCONNECT", exact, tcpip, Does::starts},
    Row{"+UDPCONNECT", exact, tcpip, Does::starts},
    Row{"+SERVERSTOP", exact, tcpip, Does::uses},
    Row{"+TCP", prefix, tcpip, Does::uses},
    Row{"+UDP", prefix, tcpip, Does::uses},
    Row{"+CIP", prefix, tcpip, Does::uses},
    Row{"+IPADDR", exact, tcpip, Does::uses},
    Row{"+LISTEN", exact, tcpip, Does::uses},
    Row{"+ACTCLIENT", exact, tcpip, Does::uses},
    Row{"+CLOSECLIENT", exact, tcpip, Does::uses},
    Row{"+CDNSGIP", exact, tcpip, Does::uses},
    Row{"+CDNSGHNAME", exact, tcpip, Does::uses},
    Row{"+CPING", prefix, tcpip, Does::uses},
    Row{"+SMTPAUTH", exact, tcpip, Does::uses, true},
    Row{"+SMTP", prefix, tcpip, Does::uses},
    Row{"+POP3SRV", exact, tcpip, Does::uses, true},
    Row{"+POP3", prefix, tcpip, Does::uses},
    Row{"+CHTPUPDATE", exact, tcpip, Does::uses},
    Row{"+CNTP", exact, tcpip, Does::uses},

    // MMS: from the edit mode to its end.
    Row{"+CMMSEDIT", exact, mms, Does::switches},
    Row{"+CMMSINIT", exact, mms, Does::starts},
    Row{"+CMMSTERM", exact, mms, Does::stops},
    Row{"+CMMS", prefix, mms, Does::uses},

    // GPS: from CGPS=1 to CGPS=0.
    Row{"+CGPS", exact, gps, Does::switches},
    Row{"+CGPSCOLD", exact, gps, Does::starts},
    Row{"+CGPSWARM", exact, gps, Does::starts},
    Row{"+CGPSHOT", exact, gps, Does::starts},
    Row{"+CGPS", prefix, gps, Does::uses},
    Row{"+CGNSSPWR", exact, gps, Does::switches},
    Row{"+CGNS", prefix, gps, Does::uses},
    Row{"+CAGPS", prefix, gps, Does::uses},

    // HTTP and FTP without TLS: each of the old commands opens and closes its own connection.
    Row{"+HTTPINIT", exact, http, Does::starts},
    Row{"+HTTPTERM", exact, http, Does::stops},
    Row{"+HTTP", prefix, http, Does::uses},
    Row{"+CHTTP", prefix, http, Does::uses},
    Row{"+CFTP", prefix, ftp, Does::uses},

    Row{"+CPIN", exact, none, Does::secret},
    Row{"+CPIN2", exact, none, Does::secret},
    Row{"+CPWD", exact, none, Does::secret},
    Row{"+CLCK", exact, none, Does::secret},
    Row{"+CSOCKAUTH", exact, none, Does::secret, true},
    Row{"+CGAUTH", exact, none, Does::secret, true},
};
// clang-format on

constexpr std::string_view its_own =
    "belongs to the daemon, whose sessions and jobs it would break";
constexpr std::string_view relied_on = "sets what the daemon relies on; use the configuration";
constexpr std::string_view more_bytes =
    "goes on with other bytes than lines, which cannot be given or taken here";
constexpr std::string_view tells_secret = "would show a password";

AtRole role_of(Does does, std::string_view argument) {
  switch (does) {
    case Does::starts:
      return AtRole::starts;
    case Does::stops:
      return AtRole::stops;
    case Does::switches:
      return argument == "0" || argument.starts_with("0,") ? AtRole::stops : AtRole::starts;
    case Does::uses:
    case Does::prompts:
    case Does::prompts_or_0:
      return AtRole::uses;
    case Does::owned:
    case Does::kept:
    case Does::secret:
      break;
  }
  return AtRole::asks;
}

std::string_view refusal_of(const Row& row, bool asks, AtForm form, std::string_view argument) {
  if (row.does == Does::owned) return its_own;
  if (row.secret && form == AtForm::read) return tells_secret;
  if (asks) return {};
  if (row.does == Does::kept) return relied_on;
  if (row.does == Does::prompts_or_0 && argument != "0") return relied_on;
  return row.does == Does::prompts ? more_bytes : std::string_view();
}

}  // namespace

AtRule at_rule(std::string_view name, AtForm form, std::string_view argument) {
  const auto row = std::ranges::find_if(rows, [&](const Row& candidate) {
    return candidate.prefix ? name.starts_with(candidate.name) : name == candidate.name;
  });
  if (row == rows.end()) return {};
  const bool asks = form == AtForm::read || form == AtForm::test;
  AtRule rule;
  rule.family = row->family;
  rule.role = asks ? AtRole::asks : role_of(row->does, argument);
  rule.refusal = refusal_of(*row, asks, form, argument);
  rule.secret = row->secret || row->does == Does::secret;
  return rule;
}

std::string_view name(AtFamily family) {
  constexpr std::array<std::string_view, 6> names{"", "tcpip", "mms", "gps", "http", "ftp"};
  return names.at(static_cast<std::size_t>(family));
}

}  // namespace sim52xx
