#include "daemon/config/keys.hpp"

#include <array>
#include <concepts>
#include <type_traits>

#include "protocol/profile/profile.hpp"

namespace sim52xx::daemon::config {
namespace {

// How a member's type maps to Value and back.
template <class T>
void assign(T& member, const Value& value) {
  if constexpr (std::is_same_v<T, std::string>)
    member = value.text;
  else if constexpr (std::is_same_v<T, Duration>)
    member = Duration(value.number);
  else if constexpr (std::is_same_v<T, std::optional<int>>)
    member = value.unset ? T() : T(static_cast<int>(value.number));
  else
    member = static_cast<T>(value.number);
}

template <class T>
Value value_of(const T& member) {
  if constexpr (std::is_same_v<T, std::string>)
    return Value{member, 0, member.empty()};
  else if constexpr (std::is_same_v<T, Duration>)
    return Value{{}, member.count(), false};
  else if constexpr (std::is_same_v<T, std::optional<int>>)
    return Value{{}, member.value_or(0), !member.has_value()};
  else
    return Value{{}, static_cast<std::int64_t>(member), false};
}

template <class S, class T>
S owner_of(T S::*);

// Reaches a member of a section's structure through the pointers First, Rest...
template <auto First, auto... Rest>
struct Member {
  using Section = decltype(owner_of(First));

  static auto& reach(Target target) {
    return reach_from((*std::get<Section*>(target)).*First, Rest...);
  }
  static void set(Target target, const Value& value) { assign(reach(target), value); }
  static Value get(Target target) { return value_of(reach(target)); }

 private:
  template <class T>
  static T& reach_from(T& member) {
    return member;
  }
  template <class T, class Next>
  static auto& reach_from(T& member, Next next) {
    return member.*next;
  }
};

template <auto... Path>
constexpr KeyRow row(std::string_view group, std::string_view key, Kind kind, Range range,
                     std::span<const std::string_view> words, std::string_view description) {
  return {group, key, kind, range, words, description, Member<Path...>::set, Member<Path...>::get};
}

using std::string_view;

// In the order of the enumerators that they name.
constexpr std::array<string_view, 2> flow_controls{"none", "rtscts"};
constexpr std::array<string_view, 3> auths{"either", "pap", "chap"};
constexpr std::array<string_view, 3> sessions{"0", "1", "any"};
constexpr std::array<string_view, 3> transparents{"auto", "always", "never"};
constexpr std::array<string_view, 3> busies{"wait", "reject", "kick"};
constexpr std::array<string_view, 2> replies{"none", "http"};
constexpr std::array<string_view, 3> preempts{"idle", "any", "never"};
// Those that the modems and termios have in common.
constexpr std::array<string_view, 13> bauds{"300",    "600",    "1200",  "2400",  "4800",
                                            "9600",   "19200",  "38400", "57600", "115200",
                                            "230400", "460800", "921600"};
constexpr double day = 86400;
constexpr double year = 365 * day;
constexpr double mebi = 1024.0 * 1024;
constexpr std::span<const string_view> no_words;

// clang-format off
const auto& rows() {
  using enum Kind;
  using E = Endpoint;
  using T = StackTimeouts;
  static const std::array table{
    row<&Modem::device>("modem", "device", path, {1, 4096}, no_words, "the modem's serial port"),
    row<&Modem::baud>("modem", "baud", integer, {}, bauds, "speed of the port"),
    row<&Modem::flow_control>("modem", "flow_control", word, {}, flow_controls, "none, or the lines RTS and CTS"),
    row<&Modem::profile>("modem", "profile", word, {}, profile_names(), "the family of firmware"),
    row<&Modem::apn>("modem", "apn", text, {0, 100}, no_words, "access point name; without it the modem's stored context is used"),
    row<&Modem::apn_user>("modem", "apn_user", text, {0, 132}, no_words, "user of the access point"),
    row<&Modem::apn_password, &SecretName::credential>("modem", "apn_password_credential", credential, {}, no_words, "systemd credential with the access point's password"),
    row<&Modem::apn_password, &SecretName::file>("modem", "apn_password_file", path, {}, no_words, "file with the access point's password"),
    row<&Modem::apn_auth>("modem", "apn_auth", word, {}, auths, "how the access point asks for the password"),
    row<&Modem::pin, &SecretName::credential>("modem", "pin_credential", credential, {}, no_words, "systemd credential with the SIM's PIN"),
    row<&Modem::pin, &SecretName::file>("modem", "pin_file", path, {}, no_words, "file with the SIM's PIN"),
    row<&Modem::urc_port>("modem", "urc_port", integer, {0, 7}, no_words, "port to which the modem sends its reports (AT+CATR); without it AT+CATR is not sent"),
    row<&Modem::reset_command>("modem", "reset_command", shell, {}, no_words, "shell command that resets a modem which no longer answers"),

    row<&E::session>("endpoint", "session", word, {}, sessions, "the modem's SSL session to use"),
    row<&E::host>("endpoint", "host", host, {1, 256}, no_words, "host to connect to"),
    row<&E::port>("endpoint", "port", integer, {1, 65535}, no_words, "port to connect to"),
    row<&E::transparent>("endpoint", "transparent", word, {}, transparents, "transparent mode, which only session 0 has"),
    row<&E::accept_alerts>("endpoint", "accept_alerts", alerts, {}, no_words, "certificate alerts that do not end the session"),
    row<&E::busy>("endpoint", "busy", word, {}, busies, "what happens to a second client"),
    row<&E::half_close_timeout>("endpoint", "half_close_timeout", seconds, {0, day}, no_words, "how long an answer may go on after the client has finished writing"),
    row<&E::idle_timeout>("endpoint", "idle_timeout", seconds, {0, year}, no_words, "end of a session without a byte either way; 0 is never"),
    row<&E::stall_timeout>("endpoint", "stall_timeout", seconds, {1, day}, no_words, "how long a client may leave received data unread while others wait"),
    row<&E::window_max>("endpoint", "window_max", seconds, {0.5, 3600}, no_words, "how long other work may interrupt transparent mode"),
    row<&E::probe_interval>("endpoint", "probe_interval", seconds, {1, 3600}, no_words, "time between two escape probes of transparent mode, in the long run"),
    row<&E::buffer_limit>("endpoint", "buffer_limit", bytes, {4096, 64 * mebi}, no_words, "received data kept for a slow client"),
    row<&E::failure_reply>("endpoint", "failure_reply", word, {}, replies, "what a client gets when its session cannot be opened"),

    row<&Https::accept_alerts>("https", "accept_alerts", alerts, {}, no_words, "certificate alerts that do not end an HTTPS job over an SSL session"),

    row<&T::connect>("timeouts", "connect", seconds, {0.1, day}, no_words, "opening a session"),
    row<&T::transfer>("timeouts", "transfer", seconds, {0.1, day}, no_words, "one transfer command"),
    row<&T::close>("timeouts", "close", seconds, {0.1, day}, no_words, "closing a session"),
    row<&T::stop>("timeouts", "stop", seconds, {0.1, day}, no_words, "stopping a stack and its wireless network"),

    row<&Arbiter::linger>("arbiter", "linger", seconds, {0, day}, no_words, "how long a stack stays started after its last user"),
    row<&Arbiter::preempt>("arbiter", "preempt", word, {}, preempts, "which sessions a waiting job may close"),
    row<&Arbiter::preempt_after>("arbiter", "preempt_after", seconds, {0, year}, no_words, "how long a job waits before it may close sessions"),
    row<&Arbiter::idle_after>("arbiter", "idle_after", seconds, {0, year}, no_words, "without a byte for this long a session is idle"),

    row<&Control::job_ttl>("control", "job_ttl", seconds, {1, year}, no_words, "how long finished jobs are kept"),
    row<&Control::spool_limit>("control", "spool_limit", bytes, {4096, 1024 * 1024 * mebi}, no_words, "spooled bodies of all jobs together"),
  };
  return table;
}

constexpr std::array<SectionRow, 11> sections_table{{
    {"modem", "modem", "", "the modem and its serial port"},
    {"ssl0", "endpoint", "session", "the socket ssl0.sock, on session 0"},
    {"ssl1", "endpoint", "session", "the socket ssl1.sock, on session 1"},
    {"endpoint.*", "endpoint", "", "a further socket, NAME.sock"},
    {"https", "https", "", "HTTPS jobs"},
    {"timeouts", "timeouts", "", "timers of all stacks"},
    {"timeouts.https", "timeouts", "", "timers of the HTTPS stack"},
    {"timeouts.ftps", "timeouts", "", "timers of the FTPS stack"},
    {"timeouts.ssl", "timeouts", "", "timers of the SSL stack"},
    {"arbiter", "arbiter", "", "who gets the modem, and when"},
    {"control", "control", "", "the control socket and its jobs"},
}};
// clang-format on

}  // namespace

std::span<const KeyRow> key_rows() {
  return rows();
}

std::span<const SectionRow> section_rows() {
  return sections_table;
}

bool has_key(const SectionRow& section, const KeyRow& key) {
  return key.group == section.group && key.key != section.hidden;
}

const KeyRow* find_key(const SectionRow& section, std::string_view key) {
  for (const KeyRow& candidate : key_rows())
    if (candidate.key == key && has_key(section, candidate)) return &candidate;
  return nullptr;
}

const SectionRow* find_section(std::string_view path) {
  constexpr std::string_view any_name = "endpoint.";
  for (const SectionRow& section : sections_table)
    if (section.path == path) return &section;
  if (path.starts_with(any_name) && path.find('.', any_name.size()) == std::string_view::npos)
    return find_section("endpoint.*");
  return nullptr;
}

}  // namespace sim52xx::daemon::config
