// The second half of bringing a modem up: the SIM and its PIN, the APN, registration.
#include <utility>

#include "protocol/bring_up.hpp"
#include "protocol/fields.hpp"

namespace sim52xx {
namespace {

using namespace std::chrono_literals;

constexpr auto poll = 1s;           // SIM and registration
constexpr auto sim_patience = 40s;  // a SIM may take that long after power-up
constexpr unsigned sim_again = 15;  // pauses for the network until a SIM that said ERROR is asked

}  // namespace

BringUp::Step BringUp::ask_sim() {
  switch (state_) {
    case State::sim:
      if (!sim_until_) sim_until_ = now_ + sim_patience;
      doing_ = "waiting for the SIM";
      return query(CommandId::sim_state);
    case State::fetch_pin:
      doing_ = "entering the PIN";
      return Fetch{Secret::pin};
    case State::pin: {
      CommandBuilder builder("+CPIN");
      Step step = ask(CommandId::enter_pin, builder.secret("PIN", secret_, 8));
      secret_.clear();
      // Until the SIM has said otherwise: silence may be a refusal.
      if (std::holds_alternative<Ask>(step)) facts_.pin_refused = true;
      return step;
    }
    default:
      return Pause{poll};
  }
}

void BringUp::on_sim(const Outcome& outcome) {
  std::string& sim = facts_.sim;
  sim = outcome.lines.empty() ? outcome.text : std::string(Fields(outcome.lines.front()).text(0));
  if (sim == "READY" || outcome.final == Final::error) {
    // ERROR: firmware that cannot tell, or a line that garbled the question. Where no network
    // comes, it is asked again.
    state_ = waited_ > 0 ? State::packet_registration : State::context;
    sim_until_.reset();
  } else if (sim == "SIM PIN" && !std::exchange(pin_entered_, true)) {
    want_pin();
  } else if (sim.find("PUK") != std::string::npos) {
    fail(Error(ErrorKind::denied, "sim", "the SIM is blocked and wants its PUK (" + sim + ")"));
  } else if (now_ >= *sim_until_) {
    fail(Error(ErrorKind::not_found, "sim", "no usable SIM: " + sim));
  } else {
    state_ = State::sim_pause;
  }
}

void BringUp::want_pin() {
  if (plan_.pin_refused)
    return fail(Error(ErrorKind::denied, "sim",
                      "the SIM refused the configured PIN; it is not tried again (three wrong "
                      "ones block the SIM). Correct it and restart"));
  if (!plan_.has_pin)
    return fail(Error(ErrorKind::denied, "sim",
                      "the SIM wants a PIN: set modem.pin_credential or modem.pin_file"));
  state_ = State::fetch_pin;
}

void BringUp::on_secret(Result<std::string> secret) {
  if (!secret) return fail(secret.error());
  secret_ = std::move(*secret);
  state_ = state_ == State::fetch_pin ? State::pin : State::context_auth;
}

BringUp::Step BringUp::set_context() {
  switch (state_) {
    case State::context: {
      if (plan_.apn.empty()) break;
      doing_ = "setting the APN";
      CommandBuilder builder("+CGSOCKCONT");
      builder.number("cid", 1, 1, 16).text("type", "IP", 2).text("modem.apn", plan_.apn, 100);
      return ask(CommandId::context, builder);
    }
    case State::context_choice:
      return ask(CommandId::context_choice, CommandBuilder("+CSOCKSETPN").number("cid", 1, 1, 16));
    case State::fetch_password:
      if (plan_.apn_user.empty()) break;
      if (plan_.has_apn_password) return Fetch{Secret::apn_password};
      [[fallthrough]];
    default: {
      // Password before user: SIM52xx is alone with this order.
      CommandBuilder builder("+CSOCKAUTH");
      builder.number("cid", 1, 1, 16)
          .number("type", plan_.apn_auth, 0, 3)
          .secret("APN password", secret_, 132)
          .text("modem.apn_user", plan_.apn_user, 132);
      secret_.clear();
      state_ = State::context_auth;
      return ask(CommandId::context_auth, builder);
    }
  }
  state_ = State::packet_registration;
  return register_it();
}

// For as long as it takes: a modem without coverage is a state, not a failure.
BringUp::Step BringUp::register_it() {
  switch (state_) {
    case State::packet_registration:
      denied_ = false;
      return query(CommandId::packet_registration);
    case State::registration:
      return query(CommandId::registration);
    case State::registration_pause:
      doing_ = "waiting for the network";
      if (denied_) doing_ += " (the network denies it)";
      return Pause{poll};
    default:
      return over();
  }
}

// What follows a pause in the wait for the network.
BringUp::State BringUp::after_pause() {
  const bool ask_sim = ++waited_ % sim_again == 0 && facts_.sim != "READY";
  return ask_sim ? State::sim : State::packet_registration;
}

void BringUp::on_network(Result<Outcome> asked) {
  if (!asked) return fail(asked.error());
  const Outcome& outcome = *asked;
  switch (state_) {
    case State::sim:
      return on_sim(outcome);
    case State::pin:
      facts_.pin_refused = !outcome.ok();
      state_ = State::sim_pause;
      if (outcome.ok()) return;
      return fail(
          Error(ErrorKind::denied, "sim", "the SIM refused the PIN (" + outcome.text + ")"));
    case State::context:
      state_ = State::context_choice;
      if (outcome.ok()) return;
      return fail(Error(ErrorKind::modem_error, "apn",
                        "the modem refused the APN \"" + plan_.apn + "\": " + outcome.text));
    case State::context_choice:
      state_ = State::fetch_password;
      return;
    case State::context_auth:
      state_ = State::packet_registration;
      if (outcome.ok()) return;
      return fail(
          Error(ErrorKind::modem_error, "apn", "the modem refused the APN login: " + outcome.text));
    default:
      return on_registration(outcome);
  }
}

void BringUp::on_registration(const Outcome& outcome) {
  const bool packet = state_ == State::packet_registration;
  state_ = packet ? State::registration : State::registration_pause;
  if (!outcome.ok() || outcome.lines.empty()) return;
  const auto stat = Fields(outcome.lines.front()).number(1).value_or(0);
  facts_.registration = static_cast<int>(stat);
  denied_ = denied_ || stat == 3;
  if (stat == 1 || stat == 5) state_ = State::over;
}

}  // namespace sim52xx
