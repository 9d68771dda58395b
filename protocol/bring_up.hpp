// From an open port to a modem that can be used, whatever state it was left in: in data mode, in
// the middle of a command or of its payload, with echo on, with stacks held. Then the line, the SIM
// and its PIN, the APN, registration.
//
// Pure: it says what is to be done next, and is told what came of it. Times are the caller's, from
// any monotonic clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/command.hpp"
#include "protocol/exchange.hpp"
#include "protocol/outcome.hpp"
#include "protocol/profile/profile.hpp"

namespace sim52xx {

class BringUp {
 public:
  using Time = std::chrono::nanoseconds;

  // What the user wants, and what is known of the port.
  struct Plan {
    bool data_mode = false;      // it was entered, and nobody has left it
    bool control_lines = false;  // there are DTR and DCD
    bool rtscts = false;
    std::optional<int> urc_port;
    std::string apn;  // empty: the context stored in the modem stays as it is
    std::string apn_user;
    int apn_auth = 3;  // 1 PAP, 2 CHAP, 3 either
    bool has_pin = false;
    bool has_apn_password = false;
    bool pin_refused = false;  // by this SIM, earlier
    // How long the modem may take to release a stack (note, 2.7, 3.16, 4.8).
    Time ssl_stop = std::chrono::minutes(2);
    Time https_stop = std::chrono::minutes(2);
    Time ftps_stop = std::chrono::minutes(2);
  };

  // What has become known on the way.
  struct Facts {
    std::string manufacturer;
    std::string model;
    std::string revision;
    std::string sim;           // READY, SIM PIN, ...
    std::string other_family;  // "CCH" where the firmware has these commands instead of CSSL
    std::optional<int> registration;
    bool dtr_escapes = false;  // AT&D1 was accepted
    bool dcd_follows = false;  // AT&C1 was accepted
    bool pin_refused = false;
  };

  // What is to be done next. Each is answered by exactly one call of the function it names.
  struct Poke {  // write this and wait for an OK or ERROR, whosever it is: on_reply()
    std::string text;
    Time wait{};
  };
  struct Prove {  // AT+CGSN, until its answer shows that nothing else is owed: on_reply()
    int attempts = 1;
    Time wait{};
  };
  struct Pause {  // on_reply()
    Time time{};
  };
  struct Ask {  // on_outcome()
    CommandId id{};
    CommandLine line;
    Time timeout{};
  };
  enum class Secret : std::uint8_t { pin, apn_password };
  struct Fetch {  // read this secret: on_secret()
    Secret secret{};
  };
  struct Over {  // ready, or why not: denied (PIN), not_found (no SIM), modem_error (the APN was
                 // refused), invalid (a value that cannot be sent), modem_absent, timeout
    Result<void> result;
  };
  using Step = std::variant<Poke, Prove, Pause, Ask, Fetch, Over>;

  // Something people should read.
  struct Remark {
    bool warning = false;
    std::string text;
  };

  // `profile` must outlive this.
  BringUp(const Profile& profile, Plan plan) : profile_(profile), plan_(std::move(plan)) {
    facts_.pin_refused = plan_.pin_refused;
    state_ = plan_.data_mode ? State::guard : State::call;
  }

  Step next(Time now);
  void on_reply(bool good);
  void on_outcome(Result<Outcome> outcome);
  void on_secret(Result<std::string> secret);

  // What it is doing, in words.
  [[nodiscard]] const std::string& doing() const { return doing_; }
  [[nodiscard]] const Facts& facts() const { return facts_; }
  // The modem is in command mode, and nothing of an earlier user is left.
  [[nodiscard]] bool in_command_mode() const { return state_ >= State::identity; }
  std::vector<Remark> take_remarks() { return std::exchange(remarks_, {}); }

 private:
  // In their order, but for what it takes to find the modem.
  // clang-format off
  enum class State : std::uint8_t {
    call, prove_call,                       // AT
    guard, plus, second_guard, prove_plus,  // +++
    fill, fill_pause, prove_fill,           // the payload of somebody's command
    echo, error_text, dtr, dcd, flow_control, urc_port,
    stop_ssl, stop_https, stop_ftps,
    identity, other_family,
    sim, fetch_pin, pin, sim_pause,
    context, context_choice, fetch_password, context_auth,
    packet_registration, registration, registration_pause,
    over,
  };
  // clang-format on

  Step find();
  Step set_up();
  Step ask_sim();
  Step set_context();
  Step register_it();
  Step over();
  Step ask(CommandId id, const CommandBuilder& builder, Time timeout = brief);
  Step stop(CommandId id, Time timeout);
  Step query(CommandId id);
  void identify(const Outcome& outcome);
  void on_network(Result<Outcome> asked);
  void on_sim(const Outcome& outcome);
  void want_pin();
  void on_registration(const Outcome& outcome);
  State after_pause();
  void fail(Error error);

  static constexpr Time brief = std::chrono::seconds(10);  // a command that needs no network

  const Profile& profile_;
  Plan plan_;
  Facts facts_;
  State state_;
  Time now_{};
  std::string doing_;
  std::vector<Remark> remarks_;
  std::optional<Error> error_;
  std::string secret_;             // between on_secret() and the command that takes it
  std::string stopping_;           // the command that releases a stack
  std::size_t calls_ = 0;          // AT in vain
  Time guarded_{};                 // nothing may be written before
  std::optional<Time> sim_until_;  // patience with the SIM
  bool pin_entered_ = false;
  unsigned waited_ = 0;  // pauses for the network since the SIM was asked
  bool denied_ = false;  // by the network, in this round
};

}  // namespace sim52xx
