// What became of TLS with the host of an endpoint: tried just now, or the last time somebody did.
#include <algorithm>
#include <array>

#include "daemon/ctl/doctor/check.hpp"
#include "daemon/ctl/units.hpp"

namespace sim52xx::ctl::doctor {
namespace {

// What a server's owner, or the modem's, can do about an alert. By the bits' names.
struct Advice {
  std::string_view bit;
  std::string_view words;
};

constexpr std::string_view no_store =
    "the modem knows few CAs: a certificate it cannot check it reports, and you decide";

constexpr std::array advices{
    Advice{"bad-issuer", no_store},
    Advice{"unknown-ca", no_store},
    Advice{"certificate-expired",
           "the certificate has expired, or the modem's clock is wrong: see clock"},
    Advice{"host-mismatch", "the certificate is of another name than host in the configuration"},
    Advice{"certificate-revoked", "the certificate was revoked: tell the server's owner"},
    Advice{"bad-signature",
           "somebody may sit in between: compare the certificate with openssl "
           "s_client elsewhere before you accept this"},
};

constexpr std::string_view old_tls =
    "these modems speak SSL 3.0 and TLS 1.0 only: does the server still accept that? openssl "
    "s_client -tls1 -cipher DEFAULT@SECLEVEL=0 -connect ";

// Of the session's socket in the configuration.
std::string section_of(const std::string& name) {
  return name == "ssl0" || name == "ssl1" ? name : "endpoint." + name;
}

std::string joined(const json& list, std::string_view quote) {
  std::string all;
  if (!list.is_array()) return all;
  for (const json& entry : list) {
    all += all.empty() ? "" : ", ";
    all.append(quote).append(plain(entry)).append(quote);
  }
  return all;
}

bool has_bit(const json& bits, std::string_view name) {
  return bits.is_array() && std::any_of(bits.begin(), bits.end(), [&](const json& bit) {
           return bit.is_string() && bit.get<std::string>() == name;
         });
}

const json& try_of(const json& facts, const std::string& name) {
  static const json none;
  const json& tries = member(facts, "tries");
  if (!tries.is_array()) return none;
  const auto at = std::find_if(tries.begin(), tries.end(),
                               [&](const json& each) { return text(each, "name") == name; });
  return at == tries.end() ? none : *at;
}

Verdict refused(const json& session, const json& error, const std::string& target) {
  const json& bits = member(member(error, "alert"), "bits");
  std::vector<std::string> remedies;
  for (const Advice& advice : advices) {
    const std::string words(advice.words);
    const bool known = std::find(remedies.begin(), remedies.end(), words) != remedies.end();
    if (has_bit(bits, advice.bit) && !known) remedies.push_back(words);
  }
  const bool handshake = has_bit(bits, "handshake-failure") || has_bit(bits, "protocol-version") ||
                         has_bit(bits, "insufficient-security") ||
                         has_bit(bits, "negotiation-failed");
  if (handshake)
    remedies.push_back(std::string(old_tls) + target);
  else if (text(member(error, "alert"), "level") == "suspend")
    remedies.push_back("to accept it: accept_alerts = [" + joined(bits, "\"") + "] in [" +
                       section_of(text(session, "name")) + "], then: systemctl reload sim52xxd");
  return problem("the modem refuses " + target + ": " + joined(bits, "") + " (err " +
                     text(member(error, "alert"), "err") + ")",
                 std::move(remedies));
}

Verdict failed(const json& session, const json& error, const std::string& target) {
  if (member(error, "alert").is_object()) return refused(session, error, target);
  const std::string kind = text(error, "kind");
  if (kind == "connect_failed" || kind == "timeout" || kind == "peer_closed") {
    const std::string port = text(member(session, "target"), "port");
    return problem("no session with " + target + ": " + text(error, "message"),
                   {"host and port right, and reachable from the Internet? The firewall there sees "
                    "the operator's addresses",
                    std::string(old_tls) + target, "the context: does apn fit the SIM?"});
  }
  return problem("no session with " + target + ": " + text(error, "message"),
                 {"journalctl -u sim52xxd -n 50 has the dialogue with the modem"});
}

}  // namespace

Verdict look_at_tls(const json& facts, const json& session) {
  if (!member(facts, "status").is_object()) return unknown("not asked: first daemon");
  if (!session.is_object())
    return warning("no host is configured, so there is no socket for applications",
                   {"write host and port into [ssl0], then: systemctl reload sim52xxd"});
  const json& where = member(session, "target");
  const std::string target = text(where, "host") + ":" + text(where, "port");
  const json& tried = try_of(facts, text(session, "name"));
  const std::string outcome = text(tried, "outcome");
  if (outcome == "open")
    return fine(target + " opened in " + duration_text(number(tried, "seconds").value_or(0)) +
                (text(tried, "mode").empty() ? "" : ", " + text(tried, "mode")));
  if (outcome == "failed") return failed(session, member(tried, "error"), target);
  if (outcome == "late")
    return warning(
        target + " was not open after " + duration_text(number(tried, "seconds").value_or(0)),
        {"longer: --wait SECONDS; who is in the way: sim52xxctl status"});
  if (outcome == "denied") return unknown("you may not open its socket: " + text(tried, "message"));
  if (text(session, "state") == "open") return fine(target + " is open for a client");
  const json& last = member(session, "last_error");
  if (last.is_object()) return failed(session, last, target);
  if (text(session, "state") != "idle")
    return unknown(target + " is busy: " + text(session, "state"));
  return unknown(target + " was not tried");
}

}  // namespace sim52xx::ctl::doctor
