// What the modem says of itself, its SIM and its network.
#include <algorithm>
#include <cmath>

#include "daemon/ctl/doctor/check.hpp"
#include "daemon/ctl/doctor/modem_clock.hpp"
#include "daemon/ctl/units.hpp"

namespace sim52xx::ctl::doctor {
namespace {

constexpr double weak_dbm = -100;
constexpr double too_weak_dbm = -109;
constexpr std::string_view reload = "then: systemctl restart sim52xxd";

std::string modem_words(const json& error) {
  const std::string response = text(error, "response");
  return response.empty() ? text(error, "message") : response;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string count_text(const json& object, std::string_view name, std::string_view what) {
  const auto value = count(object, name);
  return value == 0 ? "" : std::to_string(value) + " " + std::string(what);
}

// The line's own errors tell a wrong baud rate from a modem that is off.
std::vector<std::string> silence_remedies(const json& facts) {
  const json& modem = modem_of(facts);
  const json& errors = member(modem, "line_errors");
  const std::string baud = text(modem, "baud");
  const std::string usb = text(member(facts, "device"), "usb");
  std::vector<std::string> remedies;
  const auto framing = count(errors, "framing") + count(errors, "parity") + count(errors, "breaks");
  if (framing > 0)
    remedies.push_back(std::to_string(framing) +
                       " bytes came broken: the modem speaks at another "
                       "speed than baud = " +
                       baud);
  if (text(modem, "flow_control") == "rtscts")
    remedies.emplace_back(
        "flow_control = \"rtscts\" needs the wires RTS and CTS: without them "
        "nothing is ever sent; try \"none\"");
  if (usb.empty() && framing == 0)
    remedies.push_back("speed: [modem] baud is " + baud +
                       "; these modems leave the factory with "
                       "115200 (AT+IPREX changes it for good)");
  if (!usb.empty() && !usb.ends_with("interface 02") && !usb.ends_with("interface 03"))
    remedies.push_back("the right port? This is USB " + usb + "; the modem port is interface 03");
  remedies.emplace_back(
      "is it switched on? A power cycle helps a modem that hangs; "
      "reset_command in [modem] lets the daemon do it");
  return remedies;
}

std::string registration_words(double stat) {
  switch (static_cast<int>(stat)) {
    case 1:
      return "registered at home";
    case 2:
      return "it searches for a network";
    case 3:
      return "the network denies it";
    case 5:
      return "registered, roaming";
    case 0:
      return "it is not registered and does not search";
    default:
      return "it does not know";
  }
}

bool is_registered(double stat) {
  return stat == 1 || stat == 5;
}

}  // namespace

Verdict look_at_answers(const json& facts) {
  const json& status = member(facts, "status");
  const json& modem = modem_of(facts);
  if (!status.is_object()) return unknown("not asked: first daemon");
  const std::string state = text(status, "state");
  const json& last = last_error_of(facts);
  const bool silent = text(last, "kind") == "modem_absent" && failed_in(facts, "bring_up");
  const std::string step = text(modem, "step");
  if (state == "ready" || !text(modem, "model").empty()) {
    const std::string model = text(modem, "model");
    return fine((model.empty() ? "yes" : model) + (step.empty() ? "" : ", " + step));
  }
  if (silent) return problem("nothing answers AT on " + device_of(facts), silence_remedies(facts));
  if (state == "modem_absent")
    return unknown("the daemon has not opened the port: " + text(last, "message"));
  return unknown("not known yet: " + (step.empty() ? state : step) + "; ask again in a minute");
}

Verdict look_at_firmware(const json& facts) {
  const json& modem = modem_of(facts);
  const std::string family = text(modem, "other_family");
  const std::string revision = text(modem, "revision");
  if (!family.empty())
    return problem("this firmware (" + revision + ") has the AT+" + family +
                       "... commands; profile \"" + text(modem, "profile") +
                       "\" speaks AT+CSSL..., which it may lack",
                   {"sessions will not work with it: firmware with AT+CSSL... is needed",
                    "HTTPS and FTPS jobs may: sim52xxctl https get URL --via https"});
  return fine((revision.empty() ? "" : revision + ", ") + "profile " + text(modem, "profile"));
}

Verdict look_at_sim(const json& facts) {
  const json& modem = modem_of(facts);
  const std::string sim = text(modem, "sim");
  const json& last = last_error_of(facts);
  const std::string said = sim + " " + (failed_in(facts, "sim") ? modem_words(last) : "");
  if (contains(said, "PUK"))
    return problem("the SIM is blocked and wants its PUK",
                   {"stop the daemon (systemctl stop sim52xxd) and enter PUK and new PIN in "
                    "another device; ten wrong PUKs end the SIM"});
  if (failed_in(facts, "sim") && contains(said, "refused the"))
    return problem("the SIM refused the configured PIN; it is not tried again",
                   {"correct what pin_credential or pin_file in [modem] names; a third wrong PIN "
                    "blocks the SIM",
                    std::string(reload)});
  if (sim == "SIM PIN" || (failed_in(facts, "sim") && contains(said, "wants a PIN")))
    return problem("the SIM wants its PIN",
                   {"write it into a file that only root reads and name it: pin_credential (with "
                    "LoadCredential= in the unit) or pin_file in [modem]",
                    std::string(reload)});
  if (sim == "READY") return fine("yes");
  const bool waits = contains(text(modem, "step"), "SIM");
  if (!waits && !failed_in(facts, "sim")) return sim.empty() ? unknown("not known yet") : fine(sim);
  return problem("no SIM is seen" + (sim.empty() ? "" : " (" + sim + ")"),
                 {"is it in the right way round, and does the holder touch it? Switch the modem "
                  "off before: most do not notice a SIM that comes later"});
}

Verdict look_at_apn(const json& facts) {
  const json& modem = modem_of(facts);
  const std::string apn = text(modem, "apn");
  const json& contexts = member(member(facts, "modem"), "contexts");
  const std::string set = "write apn = \"...\" into [modem]; the operator tells the name. " +
                          std::string("Then: systemctl restart sim52xxd");
  if (failed_in(facts, "apn"))
    return problem(text(last_error_of(facts), "message"),
                   {"the right name, user and password? [modem] apn, apn_user, apn_auth"});
  if (!apn.empty()) return fine(apn);
  if (contexts.is_array() && contexts.empty())
    return problem("none is configured, and the modem has none stored", {set});
  if (contexts.is_array())
    return fine("none is configured; the modem has stored " + plain(contexts.front()));
  return warning("none is configured; the modem uses what is stored in it", {set});
}

Verdict look_at_network(const json& facts) {
  const json& modem = modem_of(facts);
  const auto stat = number(modem, "registration");
  if (!stat) return unknown("not known yet");
  std::string words = registration_words(*stat);
  if (is_registered(*stat)) {
    for (const char* more : {"operator", "technology"})
      if (const std::string said = text(modem, more); !said.empty()) words += ", " + said;
    return fine(std::move(words));
  }
  if (*stat == 3)
    return problem(std::move(words),
                   {"is the SIM activated, with data, and allowed for this device and for roaming?",
                    "many operators have switched 3G off, and 2G too: ask for a SIM of one that "
                    "has not"});
  return problem(std::move(words), {"the antenna: is it connected, and to the right socket?",
                                    "is there 3G or 2G at all? Many operators have switched it off",
                                    "the first time with a new SIM may take 15 minutes"});
}

Verdict look_at_signal(const json& facts) {
  const json& modem = modem_of(facts);
  const auto dbm = number(modem, "signal_dbm");
  if (!dbm) return unknown("the modem does not know");
  const std::string words = text(modem, "signal_dbm") + " dBm";
  std::vector<std::string> remedies{
      "the antenna: another place, by a window or outside, away from metal; is its plug tight?"};
  if (*dbm <= too_weak_dbm) return problem(words + ": too weak for data", std::move(remedies));
  if (*dbm <= weak_dbm)
    return warning(words + ": weak; sessions will be slow and may break", std::move(remedies));
  return fine(words);
}

Verdict look_at_clock(const json& facts) {
  const auto now = parse_time(text(facts, "now"));
  constexpr std::string_view written = "2026-01-01T00:00:00Z";  // this program is younger
  if (now && *now < *parse_time(written))
    return problem("this machine believes it is " + text(facts, "now").substr(0, 10),
                   {"set it: timedatectl set-ntp true, or date -s; logs and job_ttl rest on it"});
  const std::string said = text(member(facts, "modem"), "clock");
  const auto modem = modem_clock(said);
  if (!modem || !now) return fine("this machine's is plausible; the modem's is not known");
  const double off = std::abs(std::chrono::duration<double>(*modem - *now).count());
  constexpr double day = 24.0 * 3600;
  if (off < day) return fine("this machine's and the modem's agree");
  const auto quote = said.find('"');
  return problem("the modem believes it is " +
                     (quote == std::string::npos ? said : said.substr(quote)) +
                     ": it will find certificates not valid yet, "
                     "or expired",
                 {"set it: sim52xxctl at '" + clock_command(*now) + "'"});
}

Verdict look_at_losses(const json& facts) {
  const json& counters = member(modem_of(facts), "counters");
  const json& errors = member(modem_of(facts), "line_errors");
  std::string words;
  std::vector<std::string> remedies;
  if (count(counters, "reboots") > 0) {
    words = "it restarted by itself " + count_text(counters, "reboots", "times");
    remedies.emplace_back(
        "its supply: it takes up to 2 A for a moment; a thin USB cable or hub "
        "does not give that");
  } else if (count(counters, "losses") > 0) {
    words = "it was lost " + count_text(counters, "losses", "times");
    remedies.emplace_back(
        "journalctl -u sim52xxd tells when and how; loose plugs and weak "
        "supplies are the usual reasons");
  }
  if (count(errors, "overruns") > 0) {
    words +=
        (words.empty() ? "" : "; ") + count_text(errors, "overruns", "bytes were lost on the line");
    remedies.emplace_back("wire RTS and CTS and set flow_control = \"rtscts\", or lower baud");
  }
  if (!words.empty()) return warning(std::move(words), std::move(remedies));
  return fine("since the daemon runs it was never lost");
}

}  // namespace sim52xx::ctl::doctor
