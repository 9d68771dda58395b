// The card and the power switch.
#include "tests/emulator/core/modem.hpp"
#include "tests/emulator/core/phone.hpp"

namespace sim52xx::sim {
namespace {

constexpr int max_tries = 3;

}  // namespace

std::string Phone::card_state() const {
  const auto& sim = modem_.settings().sim;
  if (sim == "pin") return "+CPIN: SIM PIN";
  if (sim == "puk") return "+CPIN: SIM PUK";
  return "+CPIN: READY";
}

Result Phone::card_problem() const {
  const auto& sim = modem_.settings().sim;
  if (sim == "absent") return cme_error(10);
  return cme_error(sim == "puk" ? 12 : 11);
}

void Phone::install_card(CommandTable& table) {
  table.add("+CPIN", {.set =
                          [this](const Arguments& a) {
                            const auto& sim = modem_.settings().sim;
                            if (sim == "pin") return enter_pin(a);
                            if (sim == "puk") return enter_puk(a);
                            return cme_error(sim == "absent" ? 10 : 3);
                          },
                      .read =
                          [this] {
                            if (modem_.settings().sim == "absent") return card_problem();
                            modem_.output().line(card_state());
                            return ok;
                          },
                      .test = [] { return ok; }});
}

Result Phone::wrong_code() {
  if (tries_ > 0) --tries_;
  if (tries_ == 0 && modem_.settings().sim == "pin") modem_.settings().sim = "puk";
  return cme_error(16);
}

Result Phone::enter_pin(const Arguments& arguments) {
  if (arguments.size() != 1) return error;
  if (arguments.text(0) != modem_.settings().pin) return wrong_code();
  tries_ = max_tries;
  modem_.settings().sim = "ready";
  report_sim();
  return ok;
}

Result Phone::enter_puk(const Arguments& arguments) {
  if (arguments.size() != 2) return error;
  if (arguments.text(0) != modem_.settings().puk) return cme_error(16);
  tries_ = max_tries;
  modem_.settings().pin = arguments.text(1);
  modem_.settings().sim = "ready";
  report_sim();
  return ok;
}

void Phone::report_sim() {
  if (modem_.settings().sim == "absent")
    modem_.urc("+SIMCARD: NOT AVAILABLE");
  else
    modem_.urc(card_state());
}

void Phone::sim_changed() {
  tries_ = max_tries;
  report_sim();
}

void Phone::install_power(CommandTable& table) {
  table.add("+CFUN", {.set = [this](const Arguments& a) { return power(a); },
                      .read =
                          [this] {
                            modem_.output().line("+CFUN: " + std::to_string(function_));
                            return ok;
                          }});
  // OK leaves the modem before it goes down.
  table.add("+CRESET", {.exec = [this](const Arguments&) {
              modem_.output().result(ResultCode::success);
              modem_.restart();
              return done;
            }});
  table.add("+CPOF", {.exec = [this](const Arguments&) {
              modem_.output().result(ResultCode::success);
              modem_.power_off();
              return done;
            }});
}

Result Phone::power(const Arguments& arguments) {
  const auto level = arguments.number(0, 0, 7);
  if (!level || *level == 2 || *level == 3) return error;
  if (*level == 6) {
    modem_.output().result(ResultCode::success);
    modem_.restart();
    return done;
  }
  function_ = *level;
  if (function_ != 1) modem_.network_lost();
  registration_changed();
  return ok;
}

void Phone::reset() {
  function_ = 1;
  for (auto& [name, how] : report_)
    how = 0;
}

}  // namespace sim52xx::sim
