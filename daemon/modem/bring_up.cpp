#include "daemon/modem/bring_up.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/config/secret.hpp"
#include "protocol/fields.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto brief = 10s;  // a command that needs no network

BringUp::Plan plan_for(const Modem& modem) {
  const config::Modem& settings = modem.settings();
  const bool pap = settings.apn_auth == config::ApnAuth::pap;
  const bool chap = settings.apn_auth == config::ApnAuth::chap;
  BringUp::Plan plan;
  plan.data_mode = modem.marker().is_set();
  plan.control_lines = modem.channel().port()->carrier().has_value();
  plan.rtscts = settings.flow_control == config::FlowControl::rtscts;
  plan.urc_port = settings.urc_port;
  plan.apn = settings.apn;
  plan.apn_user = settings.apn_user;
  plan.apn_auth = pap ? 1 : chap ? 2 : 3;
  plan.has_pin = settings.pin.is_set();
  plan.has_apn_password = settings.apn_password.is_set();
  plan.pin_refused = modem.pin_refused;
  plan.ssl_stop = modem.timeouts().ssl.stop;
  plan.https_stop = modem.timeouts().https.stop;
  plan.ftps_stop = modem.timeouts().ftps.stop;
  return plan;
}

}  // namespace

BringUpRun::BringUpRun(Runtime& runtime, Modem& modem)
    : runtime_(runtime), modem_(modem), machine_(modem.profile(), plan_for(modem)) {}

asio::awaitable<Result<void>> BringUpRun::run() {
  modem_.info() = {};
  modem_.signals = {};
  marked_ = modem_.marker().is_set();
  for (;;) {
    BringUp::Step step = machine_.next(runtime_.now().time_since_epoch());
    modem_.set_step(machine_.doing());
    if (const auto* over = std::get_if<BringUp::Over>(&step)) {
      if (!over->result) co_return over->result;
      break;
    }
    if (const auto* fetch = std::get_if<BringUp::Fetch>(&step)) {
      const bool pin = fetch->secret == BringUp::Secret::pin;
      machine_.on_secret(
          config::read_secret(pin ? modem_.settings().pin : modem_.settings().apn_password));
    } else if (auto* ask = std::get_if<BringUp::Ask>(&step)) {
      if (ask->id == CommandId::enter_pin) modem_.pin_refused = true;  // until it says otherwise
      auto told = co_await outcome(std::move(*ask));
      machine_.on_outcome(std::move(told));
    } else {
      const bool good = co_await reply(step);
      if (!good && std::holds_alternative<BringUp::Pause>(step))
        co_return Error(ErrorKind::interrupted, "bring_up", "the port was lost while the modem was brought up");
      machine_.on_reply(good);
    }
    keep_facts();
  }
  co_await ask_network();
  co_return Result<void>();
}

asio::awaitable<bool> BringUpRun::reply(const BringUp::Step& step) {
  bool good = false;
  if (const auto* poke = std::get_if<BringUp::Poke>(&step)) {
    const auto wait = std::chrono::duration_cast<Duration>(poke->wait);
    good = co_await modem_.channel().poke(poke->text, wait);
  } else if (const auto* prove = std::get_if<BringUp::Prove>(&step)) {
    const auto wait = std::chrono::duration_cast<Duration>(prove->wait);
    good = co_await modem_.channel().resync(prove->attempts, wait);
  } else if (const auto* rest = std::get_if<BringUp::Pause>(&step)) {
    good = co_await pause(std::chrono::duration_cast<Duration>(rest->time));
  }
  co_return good;
}

asio::awaitable<Result<Outcome>> BringUpRun::outcome(BringUp::Ask ask) {
  const auto timeout = std::chrono::duration_cast<Duration>(ask.timeout);
  auto result = co_await modem_.command(ask.id, std::move(ask.line), timeout);
  co_return result;
}

void BringUpRun::keep_facts() {
  const BringUp::Facts& facts = machine_.facts();
  ModemInfo& info = modem_.info();
  if (machine_.in_command_mode()) info.imei = modem_.channel().serial_number();
  info.manufacturer = facts.manufacturer;
  info.model = facts.model;
  info.revision = facts.revision;
  info.sim = facts.sim;
  info.other_family = facts.other_family;
  if (facts.registration) info.registration = facts.registration;
  modem_.signals.dtr = facts.dtr_escapes ? Signals::Dtr::untried : Signals::Dtr::none;
  modem_.signals.dcd = facts.dcd_follows;
  modem_.pin_refused = facts.pin_refused;
  if (marked_ && machine_.in_command_mode()) {
    modem_.marker().clear();
    marked_ = false;
  }
  for (const BringUp::Remark& remark : machine_.take_remarks())
    spdlog::log(remark.warning ? spdlog::level::warn : spdlog::level::info, "modem: {}",
                remark.text);
}

asio::awaitable<void> BringUpRun::ask_network() {
  modem_.set_step("asking for signal and operator");
  ModemInfo& info = modem_.info();
  const std::string level = co_await answer(CommandId::signal, false);
  const auto rssi = Fields(level).number(0);
  if (rssi && *rssi <= 31) info.signal_dbm = static_cast<int>(-113 + 2 * *rssi);
  const std::string named = co_await answer(CommandId::operator_name, true);
  info.operator_name = Fields(named).text(2);
  const std::string mode = co_await answer(CommandId::technology, true);
  constexpr std::array<std::string_view, 9> modes{"none",  "GSM",   "GPRS", "EDGE", "WCDMA",
                                                  "HSDPA", "HSUPA", "HSPA", "LTE"};
  const auto number = Fields(mode).number(1).value_or(-1);
  if (number >= 0 && number < std::ssize(modes))
    info.technology = modes[static_cast<std::size_t>(number)];
  const std::string card = co_await answer(CommandId::card_id, false);
  info.iccid = Fields(card).text(0);
  info.at = runtime_.now();
}

asio::awaitable<std::string> BringUpRun::answer(CommandId id, bool query) {
  CommandBuilder builder(modem_.profile().row(id).names[0]);
  if (query) builder.query();
  const auto line = builder.line();
  auto result = co_await modem_.command(id, *line, brief);
  if (!result || !result->ok() || result->lines.empty()) co_return std::string();
  co_return result->lines.front();
}

// False: the port was lost while the modem was brought up.
asio::awaitable<bool> BringUpRun::pause(Duration duration) {
  const Time until = runtime_.now() + duration;
  bool waiting = true;
  while (waiting && modem_.channel().attached())
    waiting = co_await modem_.changed().wait_until(until);
  co_return modem_.channel().attached();
}

}  // namespace sim52xx::daemon
