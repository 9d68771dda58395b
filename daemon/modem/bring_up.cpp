#include "daemon/modem/bring_up.hpp"

#include <array>
#include <string>
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/config/secret.hpp"
#include "protocol/fields.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto brief = 10s;          // a command that needs no network
constexpr auto first_answer = 1s;    // AT
constexpr auto guard = 1100ms;       // silence around +++: the note's family wants 1 s
constexpr auto escape_answer = 2s;   // OK after +++, at the latest
constexpr auto stop_stack = 130s;    // the two minutes of the note's 2.7, 3.16, 4.8, and a margin
constexpr auto poll = 1s;            // SIM and registration
constexpr auto sim_patience = 40s;   // a SIM may take that long after power-up


}  // namespace

asio::awaitable<Result<void>> BringUp::run() {
  modem_.info() = {};
  const bool found = co_await find();
  if (!found)
    co_return Error(ErrorKind::modem_absent, "bring_up",
                    "the modem does not answer AT (wrong port, baud rate or flow control?)");
  co_await set_up_line();
  co_await release_stacks();
  modem_.marker().clear();
  co_await identify();
  auto unlocked = co_await unlock_sim();
  if (!unlocked) co_return unlocked;
  auto context = co_await set_context();
  if (!context) co_return context;
  auto registered = co_await wait_registered();
  if (!registered) co_return registered;
  co_await ask_network();
  co_return Result<void>();
}

// From any state to command mode with no answer owed.
asio::awaitable<bool> BringUp::find() {
  bool found = false;
  if (modem_.marker().is_set()) found = co_await escape();
  if (!found) found = co_await attention();
  if (!found) found = co_await escape();
  if (!found) found = co_await fill();
  co_return found;
}

asio::awaitable<bool> BringUp::attention() {
  modem_.set_step("asking for attention (AT)");
  Channel& channel = modem_.channel();
  // The second form also helps a modem that was told to be quiet or to answer in numbers.
  static constexpr std::array<std::string_view, 3> calls{"AT\r", "ATQ0V1\r", "AT\r"};
  for (const std::string_view text : calls) {
    const bool answered = co_await channel.poke(text, first_answer);
    if (!answered) continue;
    const bool synced = co_await channel.resync(2, first_answer);
    if (synced) co_return true;
  }
  co_return false;
}

asio::awaitable<bool> BringUp::escape() {
  modem_.set_step("leaving data mode (+++)");
  Channel& channel = modem_.channel();
  const bool silent = co_await pause(guard);
  if (!silent) co_return false;
  const Time quiet_until = runtime_.now() + guard;
  co_await channel.poke("+++", escape_answer);
  // Even after an early OK, which may be the peer's: nothing goes out before the guard has passed.
  while (runtime_.now() < quiet_until) {
    const bool waited = co_await pause(quiet_until - runtime_.now());
    if (!waited) co_return false;
  }
  // No OK means nothing yet: in command mode the +++ sits at the beginning of the next line.
  const bool synced = co_await channel.resync(2, first_answer);
  co_return synced;
}

// The modem may wait for the payload of a command whose sender is gone; no escape ends that, only
// bytes do. More than any command takes, and harmless as command lines.
asio::awaitable<bool> BringUp::fill() {
  modem_.set_step("ending a half command");
  Channel& channel = modem_.channel();
  std::string filler;
  while (filler.size() <= modem_.profile().limits.https_send) filler += "AT\r";
  co_await channel.poke(filler, escape_answer);
  const bool waited = co_await pause(first_answer);
  if (!waited) co_return false;
  const bool synced = co_await channel.resync(2, first_answer);
  co_return synced;
}

// None of these is worth giving up for: what the firmware does not know it need not do.
asio::awaitable<void> BringUp::set_up_line() {
  modem_.set_step("setting up the line");
  const auto echo = CommandBuilder("E0").line();
  co_await tell(CommandId::echo_off, echo);
  const auto cmee = CommandBuilder("+CMEE").number("n", 2, 0, 2).line();
  co_await tell(CommandId::error_text, cmee);
  co_await set_up_signals();
  const int flow = settings_.flow_control == config::FlowControl::rtscts ? 2 : 0;
  const auto ifc = CommandBuilder("+IFC").number("dce", flow, 0, 3).number("dte", flow, 0, 3).line();
  auto set = co_await ask(CommandId::flow_control, ifc);
  if (flow != 0 && !(set && set->ok()))
    spdlog::warn("modem: it refused RTS/CTS flow control (AT+IFC=2,2)");
  if (settings_.urc_port) {
    const auto catr = CommandBuilder("+CATR").number("port", *settings_.urc_port, 0, 7).line();
    co_await tell(CommandId::urc_port, catr);
  }
}

// With control lines, dropping DTR leaves data mode and keeps the session; without, it is noise.
asio::awaitable<void> BringUp::set_up_signals() {
  const bool lines = modem_.channel().port()->carrier().has_value();
  modem_.signals = {};
  const auto dtr = CommandBuilder(lines ? "&D1" : "&D0").line();
  const bool escapes = co_await tell(CommandId::dtr_mode, dtr);
  const auto dcd = CommandBuilder("&C1").line();
  const bool follows = co_await tell(CommandId::dcd_mode, dcd);
  // The factory's AT&D2 would end the session: no DTR where the modem did not say OK.
  if (lines && escapes) modem_.signals.dtr = Signals::Dtr::untried;
  modem_.signals.dcd = lines && follows;
}

// What an earlier user left acquired (note, chapters 2.6, 3.15, 4.6). ERROR is the usual answer.
asio::awaitable<void> BringUp::release_stacks() {
  modem_.set_step("releasing the stacks");
  static constexpr std::array stops{CommandId::ssl_stop, CommandId::https_stop,
                                    CommandId::ftps_stop};
  for (const CommandId id : stops) {
    const auto line = CommandBuilder(modem_.profile().row(id).names[0]).line();
    auto released = co_await modem_.command(id, *line, stop_stack);
    if (released && released->ok())
      spdlog::info("modem: released a stack that was held ({})", line->shown);
  }
}

asio::awaitable<void> BringUp::identify() {
  modem_.set_step("asking who it is");
  ModemInfo& info = modem_.info();
  info.imei = modem_.channel().serial_number();
  const auto identity = CommandBuilder("I").line();
  auto who = co_await ask(CommandId::identity, identity);
  if (who) {
    for (const std::string& line : who->lines) {
      const Fields fields(line);
      if (fields.name() == "Manufacturer") info.manufacturer = fields.rest();
      if (fields.name() == "Model") info.model = fields.rest();
      if (fields.name() == "Revision") info.revision = fields.rest();
    }
  }
  const auto test = CommandBuilder("+CCHOPEN").test().line();
  auto cch = co_await ask(CommandId::other_ssl_family, test);
  if (cch && cch->ok() && !cch->lines.empty()) {
    info.other_family = "CCH";
    spdlog::warn("modem: this firmware has the AT+CCH... commands; profile {} speaks AT+CSSL... "
                 "and may not work with it", modem_.profile().name);
  }
}

asio::awaitable<Result<void>> BringUp::unlock_sim() {
  modem_.set_step("waiting for the SIM");
  const Time patience = runtime_.now() + sim_patience;
  bool pin_entered = false;
  for (;;) {
    auto asked = co_await query(CommandId::sim_state);
    if (!asked) co_return asked.error();
    std::string& sim = modem_.info().sim;
    sim = asked->lines.empty() ? asked->text : std::string(Fields(asked->lines.front()).text(0));
    if (sim == "READY" || asked->final == Final::error) co_return Result<void>();
    if (sim == "SIM PIN" && !std::exchange(pin_entered, true)) {
      auto entered = co_await enter_pin();
      if (!entered) co_return entered;
    } else if (sim.find("PUK") != std::string::npos) {
      co_return Error(ErrorKind::denied, "sim", "the SIM is blocked and wants its PUK (" + sim + ")");
    } else if (runtime_.now() >= patience) {
      co_return Error(ErrorKind::not_found, "sim", "no usable SIM: " + sim);
    }
    const bool waited = co_await pause(poll);
    if (!waited) co_return Error(ErrorKind::interrupted, "sim", "stopped while waiting for the SIM");
  }
}

asio::awaitable<Result<void>> BringUp::enter_pin() {
  modem_.set_step("entering the PIN");
  if (modem_.pin_refused)
    co_return Error(ErrorKind::denied, "sim",
                    "the SIM refused the configured PIN; it is not tried again (three wrong ones "
                    "block the SIM). Correct it and restart");
  if (!settings_.pin.is_set())
    co_return Error(ErrorKind::denied, "sim",
                    "the SIM wants a PIN: set modem.pin_credential or modem.pin_file");
  auto pin = config::read_secret(settings_.pin);
  if (!pin) co_return pin.error();
  const auto line = CommandBuilder("+CPIN").secret("PIN", *pin, 8).line();
  if (!line) co_return line.error();
  modem_.pin_refused = true;  // until the SIM has said otherwise: silence may be a refusal
  auto entered = co_await ask(CommandId::enter_pin, line);
  if (!entered) co_return entered.error();
  modem_.pin_refused = !entered->ok();
  if (entered->ok()) co_return Result<void>();
  co_return Error(ErrorKind::denied, "sim", "the SIM refused the PIN (" + entered->text + ")");
}

asio::awaitable<Result<void>> BringUp::set_context() {
  if (settings_.apn.empty()) co_return Result<void>();
  modem_.set_step("setting the APN");
  const auto line = CommandBuilder("+CGSOCKCONT").number("cid", 1, 1, 16).text("type", "IP", 2)
                        .text("modem.apn", settings_.apn, 100).line();
  auto set = co_await ask(CommandId::context, line);
  if (!set) co_return set.error();
  if (!set->ok())
    co_return Error(ErrorKind::modem_error, "apn",
                    "the modem refused the APN \"" + settings_.apn + "\": " + set->text);
  const auto choice = CommandBuilder("+CSOCKSETPN").number("cid", 1, 1, 16).line();
  auto chosen = co_await ask(CommandId::context_choice, choice);
  if (!chosen) co_return chosen.error();
  if (settings_.apn_user.empty()) co_return Result<void>();
  auto authorised = co_await set_context_auth();
  co_return authorised;
}

// Password before user: SIM52xx is alone with this order.
asio::awaitable<Result<void>> BringUp::set_context_auth() {
  std::string password;
  if (settings_.apn_password.is_set()) {
    auto secret = config::read_secret(settings_.apn_password);
    if (!secret) co_return secret.error();
    password = *secret;
  }
  const int type = settings_.apn_auth == config::ApnAuth::pap    ? 1
                   : settings_.apn_auth == config::ApnAuth::chap ? 2
                                                                 : 3;
  const auto line = CommandBuilder("+CSOCKAUTH").number("cid", 1, 1, 16).number("type", type, 0, 3)
                        .secret("APN password", password, 132)
                        .text("modem.apn_user", settings_.apn_user, 132).line();
  auto set = co_await ask(CommandId::context_auth, line);
  if (!set) co_return set.error();
  if (set->ok()) co_return Result<void>();
  co_return Error(ErrorKind::modem_error, "apn", "the modem refused the APN login: " + set->text);
}

// For as long as it takes: a modem without coverage is a state, not a failure.
asio::awaitable<Result<void>> BringUp::wait_registered() {
  static constexpr std::array domains{CommandId::packet_registration, CommandId::registration};
  for (;;) {
    std::string denied;
    for (const CommandId id : domains) {
      auto asked = co_await query(id);
      if (!asked) co_return asked.error();
      if (!asked->ok() || asked->lines.empty()) continue;
      const auto stat = Fields(asked->lines.front()).number(1).value_or(0);
      modem_.info().registration = static_cast<int>(stat);
      if (stat == 1 || stat == 5) co_return Result<void>();
      if (stat == 3) denied = " (the network denies it)";
    }
    modem_.set_step("waiting for the network" + denied);
    const bool waited = co_await pause(poll);
    if (!waited)
      co_return Error(ErrorKind::interrupted, "registration", "stopped while waiting for the network");
  }
}

asio::awaitable<void> BringUp::ask_network() {
  modem_.set_step("asking for signal and operator");
  ModemInfo& info = modem_.info();
  const auto csq = CommandBuilder("+CSQ").line();
  auto signal = co_await ask(CommandId::signal, csq);
  const std::string level = signal && !signal->lines.empty() ? signal->lines.front() : "";
  const auto rssi = Fields(level).number(0);
  if (rssi && *rssi <= 31) info.signal_dbm = static_cast<int>(-113 + 2 * *rssi);
  const std::string named = co_await answer(CommandId::operator_name);
  info.operator_name = Fields(named).text(2);
  const std::string mode = co_await answer(CommandId::technology);
  constexpr std::array<std::string_view, 9> modes{"none",  "GSM",   "GPRS",  "EDGE", "WCDMA",
                                                  "HSDPA", "HSUPA", "HSPA", "LTE"};
  const auto number = Fields(mode).number(1).value_or(-1);
  if (number >= 0 && number < std::ssize(modes)) info.technology = modes[static_cast<std::size_t>(number)];
  const auto iccid_line = CommandBuilder("+CICCID").line();
  auto card = co_await ask(CommandId::card_id, iccid_line);
  if (card && !card->lines.empty()) info.iccid = Fields(card->lines.front()).text(0);
  info.at = runtime_.now();
}

asio::awaitable<Result<Outcome>> BringUp::ask(CommandId id, Result<CommandLine> line) {
  if (!line) co_return line.error();
  auto result = co_await modem_.command(id, std::move(*line), brief);
  co_return result;
}

asio::awaitable<bool> BringUp::tell(CommandId id, Result<CommandLine> line) {
  auto told = co_await ask(id, std::move(line));
  co_return told && told->ok();
}

asio::awaitable<Result<Outcome>> BringUp::query(CommandId id) {
  CommandBuilder builder(modem_.profile().row(id).names[0]);
  auto line = builder.query().line();
  auto result = co_await ask(id, std::move(line));
  co_return result;
}

asio::awaitable<std::string> BringUp::answer(CommandId id) {
  auto result = co_await query(id);
  if (!result || !result->ok() || result->lines.empty()) co_return std::string();
  co_return result->lines.front();
}

// False: the port was lost meanwhile.
asio::awaitable<bool> BringUp::pause(Duration duration) {
  const Time until = runtime_.now() + duration;
  bool waiting = true;
  while (waiting && modem_.channel().attached())
    waiting = co_await modem_.changed().wait_until(until);
  co_return modem_.channel().attached();
}

}  // namespace sim52xx::daemon
