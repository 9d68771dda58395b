// The HTTPS stack: AT+CHTTPSxxx, chapters 2, 5.1 and 6.1 of the note. One connection; the bytes of
// HTTP are the host's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/core/commands.hpp"
#include "tests/emulator/core/network.hpp"
#include "tests/emulator/core/timers.hpp"

namespace sim52xx::sim {

class Modem;

// <result> of "+CHTTPSSEND" and "+CHTTPSRECV".
enum class HttpsResult {
  success = 0,
  unknown = 1,
  busy = 2,
  server_closed = 3,
  timeout = 4,
  transfer_failed = 5,
  memory = 6,
  invalid_parameter = 7,
  network = 8,
};

class HttpsStack final : public NetworkEvents {
 public:
  enum class State { closed, opening, open };

  HttpsStack(Modem& modem, Network& network) : modem_(modem), network_(network) {}
  void install(CommandTable& table);

  void opened(int channel) override;
  // This stack gives no verdict on certificates: it goes on.
  void alerted(int channel, std::uint32_t bits) override;
  void failed(int channel, std::optional<std::uint32_t> bits) override;
  void received(int channel, std::string_view bytes) override;
  void sent(int channel) override;
  void peer_closed(int channel) override;

  // Prints what has been asked for, as far as the port and the mode allow.
  void pump();
  void power_failed();
  void network_lost();
  // Takes nothing from the server until the next pump().
  void stand_still();

  struct View {
    State state = State::closed;
    bool peer_gone = false;
    std::string host;
    std::uint16_t port = 0;
    std::uint64_t up = 0;
    std::uint64_t down = 0;  // printed at the port
    std::uint64_t opens = 0;
  };
  [[nodiscard]] const View& view() const { return view_; }
  [[nodiscard]] bool started() const;
  [[nodiscard]] std::size_t unsent() const;
  [[nodiscard]] std::size_t cached() const { return inbox_.size(); }
  [[nodiscard]] bool receiving() const { return receiving_.has_value(); }

 private:
  struct Receiving {
    std::size_t wanted;
    std::size_t given = 0;
    bool at_most = false;
    bool patient = true;  // waits for the first byte
    bool too_late = false;
  };

  void install_sending(CommandTable& table, const std::string& name, const std::string& reply,
                       Spelling spelling);
  void install_receiving(CommandTable& table);
  Result start();
  Result stop();
  Result open(const Arguments& arguments);
  Result close();
  Result send(const Arguments& arguments);
  Result commit(const std::string& reply);
  Result query_unsent(const std::string& reply);
  Result receive(const Arguments& arguments);
  Result query_cached();
  Result query_state();

  // "+CHTTPSxxx: <code>" of firmware that tells every end by a line of its own.
  [[nodiscard]] bool late() const;
  Result told(const std::string& name);
  Result refused(const std::string& name, HttpsResult why);
  void opening_ended(HttpsResult how);
  void drop(bool orderly);

  [[nodiscard]] std::size_t room() const;
  void take_payload(std::string payload);
  void hand_over(const std::string& payload);
  void flush_held();
  void look_after_sending();
  void end_commit(HttpsResult how);
  void push_block();
  bool receive_step();
  void end_receive(int result);
  void announce();

  Modem& modem_;
  Network& network_;
  View view_;
  std::string inbox_;       // from the server, for the port
  std::string held_;        // for the server, until the commit
  bool announced_ = false;  // RECV EVENT, for what is in the inbox now

  Timers::Id opening_ = Timers::none;
  std::optional<std::string> waiting_payload_;  // a CHTTPSSEND that finds no room
  Timers::Id sending_ = Timers::none;
  std::optional<std::string> committing_;  // what the commit's result line begins with
  Timers::Id commit_timer_ = Timers::none;
  std::optional<Receiving> receiving_;
  Timers::Id receive_timer_ = Timers::none;
};

}  // namespace sim52xx::sim
