// The second half of bringing a modem up: the SIM and its PIN, the APN, registration, and what is
// shown of the network.
#include <array>
#include <string>
#include <utility>

#include "daemon/config/secret.hpp"
#include "daemon/modem/bring_up.hpp"
#include "protocol/fields.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto poll = 1s;           // SIM and registration
constexpr auto sim_patience = 40s;  // a SIM may take that long after power-up

}  // namespace

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
      co_return Error(ErrorKind::denied, "sim",
                      "the SIM is blocked and wants its PUK (" + sim + ")");
    } else if (runtime_.now() >= patience) {
      co_return Error(ErrorKind::not_found, "sim", "no usable SIM: " + sim);
    }
    const bool waited = co_await pause(poll);
    if (!waited)
      co_return Error(ErrorKind::interrupted, "sim", "stopped while waiting for the SIM");
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
  const auto line = CommandBuilder("+CGSOCKCONT")
                        .number("cid", 1, 1, 16)
                        .text("type", "IP", 2)
                        .text("modem.apn", settings_.apn, 100)
                        .line();
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
  const auto line = CommandBuilder("+CSOCKAUTH")
                        .number("cid", 1, 1, 16)
                        .number("type", type, 0, 3)
                        .secret("APN password", password, 132)
                        .text("modem.apn_user", settings_.apn_user, 132)
                        .line();
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
      co_return Error(ErrorKind::interrupted, "registration",
                      "stopped while waiting for the network");
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
  constexpr std::array<std::string_view, 9> modes{"none",  "GSM",   "GPRS", "EDGE", "WCDMA",
                                                  "HSDPA", "HSUPA", "HSPA", "LTE"};
  const auto number = Fields(mode).number(1).value_or(-1);
  if (number >= 0 && number < std::ssize(modes))
    info.technology = modes[static_cast<std::size_t>(number)];
  const auto iccid_line = CommandBuilder("+CICCID").line();
  auto card = co_await ask(CommandId::card_id, iccid_line);
  if (card && !card->lines.empty()) info.iccid = Fields(card->lines.front()).text(0);
  info.at = runtime_.now();
}

}  // namespace sim52xx::daemon
