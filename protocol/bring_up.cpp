#include "protocol/bring_up.hpp"

#include <algorithm>
#include <array>

#include "protocol/fields.hpp"

namespace sim52xx {
namespace {

using namespace std::chrono_literals;

constexpr auto first_answer = 1s;     // AT
constexpr auto guard_time = 1100ms;   // silence around +++: the note's family wants 1 s
constexpr auto first_guard = 1600ms;  // what a killed predecessor wrote may still be on its way
constexpr auto escape_answer = 2s;    // OK after +++, at the latest

// The second also helps a modem that was told to be quiet or to answer in numbers.
constexpr std::array<std::string_view, 3> calls{"AT\r", "ATQ0V1\r", "AT\r"};

// More than any command takes as payload, and harmless as command lines.
std::string filler(std::size_t most) {
  std::string text;
  while (text.size() <= most)
    text += "AT\r";
  return text;
}

}  // namespace

BringUp::Step BringUp::next(Time now) {
  now_ = now;
  if (state_ < State::echo) return find();
  if (state_ < State::sim) return set_up();
  if (state_ < State::context) return ask_sim();
  if (state_ < State::packet_registration) return set_context();
  return register_it();
}

// From any state to command mode with no answer owed: called three times; else escaped from data
// mode (first, where it is known to be entered); else a half command's payload is filled up, which
// no escape ends.
BringUp::Step BringUp::find() {
  switch (state_) {
    case State::call:
      doing_ = "asking for attention (AT)";
      return Poke{std::string(calls.at(calls_)), first_answer};
    case State::guard:
      doing_ = "leaving data mode (+++)";
      return Pause{calls_ == 0 ? first_guard : guard_time};
    case State::plus:
      guarded_ = now_ + guard_time;
      return Poke{"+++", escape_answer};
    case State::second_guard:
      // Even after an early OK, which may be the peer's: nothing goes out before it has passed.
      return Pause{std::max<Time>(guarded_ - now_, 0s)};
    case State::fill:
      doing_ = "ending a half command";
      return Poke{filler(profile_.limits.https_send), escape_answer};
    case State::fill_pause:
      return Pause{first_answer};
    default:
      return Prove{2, first_answer};
  }
}

void BringUp::on_reply(bool good) {
  switch (state_) {
    case State::call:
      if (good) {
        state_ = State::prove_call;
        return;
      }
      [[fallthrough]];
    case State::prove_call:
      if (good) {
        state_ = State::echo;
        return;
      }
      state_ = ++calls_ < calls.size() ? State::call : State::guard;
      return;
    case State::guard:
    case State::plus:  // no OK means nothing yet: the plus signs may begin the next line
    case State::second_guard:
    case State::fill:  // whatever came
    case State::fill_pause:
      state_ = static_cast<State>(static_cast<int>(state_) + 1);
      return;
    case State::prove_plus:
      if (good) {
        state_ = State::echo;
        return;
      }
      state_ = calls_ < calls.size() ? State::call : State::fill;
      return;
    case State::prove_fill:
      if (good) {
        state_ = State::echo;
        return;
      }
      return fail(Error(ErrorKind::modem_absent, "bring_up",
                        "the modem does not answer AT (wrong port, baud rate or flow control?)"));
    case State::sim_pause:
      state_ = State::sim;
      return;
    case State::registration_pause:
      state_ = after_pause();
      return;
    default:
      return;
  }
}

// None of these is worth giving up for: what the firmware does not know it need not do.
BringUp::Step BringUp::set_up() {
  switch (state_) {
    case State::echo:
      doing_ = "setting up the line";
      return ask(CommandId::echo_off, CommandBuilder("E0"));
    case State::error_text:
      return ask(CommandId::error_text, CommandBuilder("+CMEE").number("n", 2, 0, 2));
    case State::dtr:
      // With control lines, dropping DTR leaves data mode and keeps the session; without, noise.
      return ask(CommandId::dtr_mode, CommandBuilder(plan_.control_lines ? "&D1" : "&D0"));
    case State::dcd:
      return ask(CommandId::dcd_mode, CommandBuilder("&C1"));
    case State::flow_control: {
      const int flow = plan_.rtscts ? 2 : 0;
      CommandBuilder ifc("+IFC");
      return ask(CommandId::flow_control, ifc.number("dce", flow, 0, 3).number("dte", flow, 0, 3));
    }
    case State::urc_port:
      if (!plan_.urc_port) break;
      return ask(CommandId::urc_port,
                 CommandBuilder("+CATR").number("port", *plan_.urc_port, 0, 7));
    // What an earlier user left acquired (note, 2.6, 3.15, 4.6). ERROR is the usual answer.
    case State::stop_ssl:
      doing_ = "releasing the stacks";
      return stop(CommandId::ssl_stop, plan_.ssl_stop);
    case State::stop_https:
      return stop(CommandId::https_stop, plan_.https_stop);
    case State::stop_ftps:
      return stop(CommandId::ftps_stop, plan_.ftps_stop);
    case State::identity:
      doing_ = "asking who it is";
      return ask(CommandId::identity, CommandBuilder("I"));
    default:
      return ask(CommandId::other_ssl_family, CommandBuilder("+CCHOPEN").test());
  }
  state_ = State::stop_ssl;
  return set_up();
}

void BringUp::on_outcome(Result<Outcome> outcome) {
  if (state_ >= State::sim) {
    on_network(std::move(outcome));
    return;
  }
  const bool ok = outcome && outcome->ok();
  switch (state_) {
    case State::dtr:
      // The factory's AT&D2 would end the session: no DTR where the modem did not say OK.
      facts_.dtr_escapes = plan_.control_lines && ok;
      break;
    case State::dcd:
      facts_.dcd_follows = plan_.control_lines && ok;
      break;
    case State::flow_control:
      if (plan_.rtscts && !ok)
        remarks_.push_back({true, "it refused RTS/CTS flow control (AT+IFC=2,2)"});
      break;
    case State::stop_ssl:
    case State::stop_https:
    case State::stop_ftps:
      if (ok) remarks_.push_back({false, "released a stack that was held (" + stopping_ + ")"});
      break;
    case State::identity:
      if (outcome) identify(*outcome);
      break;
    case State::other_family:
      if (!ok || outcome->lines.empty()) break;
      facts_.other_family = "CCH";
      remarks_.push_back({true, "this firmware has the AT+CCH... commands; profile " +
                                    std::string(profile_.name) +
                                    " speaks AT+CSSL... and may not work with it"});
      break;
    default:
      break;
  }
  state_ = static_cast<State>(static_cast<int>(state_) + 1);
}

void BringUp::identify(const Outcome& outcome) {
  for (const std::string& line : outcome.lines) {
    const Fields fields(line);
    if (fields.name() == "Manufacturer") facts_.manufacturer = fields.rest();
    if (fields.name() == "Model") facts_.model = fields.rest();
    if (fields.name() == "Revision") facts_.revision = fields.rest();
  }
}

BringUp::Step BringUp::stop(CommandId id, Time timeout) {
  CommandBuilder builder(profile_.row(id).names[0]);
  Step step = ask(id, builder, timeout);
  if (const auto* asked = std::get_if<Ask>(&step)) stopping_ = asked->line.shown;
  return step;
}

BringUp::Step BringUp::query(CommandId id) {
  CommandBuilder builder(profile_.row(id).names[0]);
  return ask(id, builder.query());
}

// What the builder refuses ends it: the configuration has a value that cannot be sent.
BringUp::Step BringUp::ask(CommandId id, const CommandBuilder& builder, Time timeout) {
  auto line = builder.line();
  if (line) return Ask{id, std::move(*line), timeout};
  fail(line.error());
  return over();
}

BringUp::Step BringUp::over() {
  doing_.clear();
  return error_ ? Over{*error_} : Over{Result<void>()};
}

void BringUp::fail(Error error) {
  error_ = std::move(error);
  state_ = State::over;
}

}  // namespace sim52xx
