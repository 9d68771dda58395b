// The common SSL stack: AT+CSSLxxx, chapters 4, 5.2 and 6.3 of the note, and ATO and ATH, which
// mean its session 0.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/core/commands.hpp"
#include "tests/emulator/core/network.hpp"
#include "tests/emulator/core/timers.hpp"

namespace sim52xx::sim {

class Modem;

enum class SessionState { closed, opening, suspended, open };
std::string_view name(SessionState state);

struct Session {
  SessionState state = SessionState::closed;
  bool transparent = false;
  bool peer_gone = false;  // bytes of it may still wait in `inbox`
  std::string host;
  std::uint16_t port = 0;
  std::string inbox;  // from the peer, for the port
  std::uint64_t up = 0;
  std::uint64_t down = 0;  // printed at the port
  std::uint64_t opens = 0;
  std::uint64_t alerts = 0;
  struct Sending {
    std::uint64_t end;  // of `up`
    std::size_t size;
  };
  std::deque<Sending> sends;  // accepted, not reported yet
};

class SslStack final : public NetworkEvents {
 public:
  static constexpr int sessions = 2;

  SslStack(Modem& modem, Network& network) : modem_(modem), network_(network) {}
  void install(CommandTable& table);

  void opened(int id) override;
  void alerted(int id, std::uint32_t bits) override;
  void failed(int id, std::optional<std::uint32_t> bits) override;
  void received(int id, std::string_view bytes) override;
  void sent(int id) override;
  void peer_closed(int id) override;

  // Data mode: bytes of the host for session 0.
  void from_host(std::string_view bytes);
  // Prints what has arrived, as far as the port and the mode allow.
  void pump();
  // How many bytes towards the peer the modem's cache still takes.
  [[nodiscard]] std::size_t room(int id) const;

  Result go_online();  // ATO
  Result hang_up();    // ATH, and DTR with AT&D2
  void power_failed();
  // Somebody on another port has stopped the stack.
  void stopped_elsewhere();
  // The network went away under the sessions: they end as if their peers had closed.
  void network_lost();
  // Takes nothing from the peers until the next pump().
  void stand_still();

  [[nodiscard]] const Session& session(int id) const { return sessions_.at(index(id)); }
  [[nodiscard]] bool started() const;
  [[nodiscard]] std::size_t unsent(int id) const { return network_.unsent(id); }

 private:
  static std::size_t index(int id) { return static_cast<std::size_t>(id); }
  Session& at(int id) { return sessions_.at(index(id)); }

  void install_sending(CommandTable& table);
  Result start();
  Result start_done();
  Result stop();
  Result set_mode(const Arguments& arguments);
  Result open(const Arguments& arguments);
  Result resume(const Arguments& arguments);
  Result close(const Arguments& arguments);
  Result send(const Arguments& arguments);
  Result query_unsent();

  void await_handshake(int id);
  void handshake_failed(int id);
  void take_payload(int id, std::string payload);
  void hand_over(int id, const std::string& payload);
  void wait_for_room(int id, std::string payload);
  void report_sent(int id, bool failed);
  void alert_line(int id, int level, std::uint32_t bits);
  void push_transparent();
  bool push_block(int id);
  void end_transparent();
  void end_counted(int id);
  void drop(int id, bool orderly);

  Modem& modem_;
  Network& network_;
  std::array<Session, sessions> sessions_;
  bool transparent_ = false;  // AT+CSSLMODE
  bool report_ = false;       // AT+CSSLSET
  int turn_ = 0;              // whose block is next

  // The command that is being carried out.
  std::optional<int> handshake_;  // CSSLOPEN or CSSLCONT of this session
  std::optional<int> sending_;    // CSSLSEND of this session: waits for room or for its report
  std::string waiting_payload_;
  Timers::Id timeout_ = Timers::none;
};

}  // namespace sim52xx::sim
