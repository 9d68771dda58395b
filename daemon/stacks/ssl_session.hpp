// One of the two sessions of the SSL stack, as a connection: what has come from the peer, whether
// the peer has closed, why it failed. Filled by SslStack, emptied by the session's user.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/async/byte_queue.hpp"
#include "daemon/async/event.hpp"
#include "daemon/at/channel.hpp"
#include "protocol/alert.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

// Where a session goes, and what it may put up with.
struct Target {
  // `in`: the section of the configuration, where the name does not say it.
  Target(std::string n, std::string h, int p, std::uint32_t accepted, std::string in = {})
      : name(std::move(n)),
        host(std::move(h)),
        port(p),
        accept_alerts(accepted),
        section_(std::move(in)) {}

  // The section of the configuration it comes from.
  [[nodiscard]] std::string section() const {
    if (!section_.empty()) return section_;
    return name == "ssl0" || name == "ssl1" ? name : "endpoint." + name;
  }

  std::string name;  // of the endpoint, for messages: "ssl0"
  std::string host;
  int port;
  std::uint32_t accept_alerts;

 private:
  std::string section_;
};

// Takes bytes of the peer as they come, ahead of the queue.
class DataSink {
 public:
  virtual ~DataSink() = default;
  // Returns how many of `bytes` were taken; the rest is queued. Called only with an empty queue.
  virtual std::size_t take(std::string_view bytes) = 0;
};

class SslSession {
 public:
  enum class State : std::uint8_t { closed, opening, open, closing };
  enum class Mode : std::uint8_t { counted, transparent };

  SslSession(Runtime& runtime, Channel& channel, int number);

  // A new life, for a new user. At most about `limit` bytes wait in memory for that user; then
  // the line is held, for `stall` at a time where somebody else needs it; or, on a line without
  // flow control, where holding would lose bytes, the session fails.
  void begin(Mode wanted, std::size_t limit, Duration stall, const SslSession& other);
  // The session's life ends before or after its time; what has come can still be taken.
  void fail(Error error);
  // The same for bytes that the line has damaged: those that wait go no further.
  void spoil(Error error);
  void end();
  // It has failed or is being closed, and its user has not let go of it yet.
  [[nodiscard]] bool ending() const {
    return state == State::closing || (state == State::open && failure);
  }

  // Bytes from the peer: to the sink, or into the queue. After a failure they are dropped.
  void deliver(std::string_view bytes);
  // The user has taken `count` bytes of the queue.
  void pop(std::size_t count);
  [[nodiscard]] const ByteQueue& down() const { return down_; }
  // The line must be read now, whatever the user takes.
  void release_line();

  const int id;
  State state = State::closed;
  Mode mode = Mode::counted;
  DataSink* sink = nullptr;
  bool peer_closed = false;  // in order, after all that is in down()
  std::optional<Error> failure;
  std::optional<Alert> alert;  // the last one, not answered yet
  std::uint64_t received = 0;  // bytes from the peer
  std::uint64_t sent = 0;      // bytes the modem took for the peer
  std::uint64_t dropped = 0;   // bytes from the peer that came after the failure
  std::size_t outstanding = 0; // of `sent`: what may still wait in the modem
  std::uint64_t events = 0;    // +CSSL: RECV EVENT
  std::uint64_t alerts = 0;
  Event changed;

 private:
  void hold_line();
  void stalled();

  Runtime& runtime_;
  Channel& channel_;
  ByteQueue down_;
  std::size_t limit_ = 0;
  Duration stall_{};
  const SslSession* other_ = nullptr;
  bool holding_ = false;
  Timer stall_timer_;
};

std::string_view name(SslSession::State state);
std::string_view name(SslSession::Mode mode);

}  // namespace sim52xx::daemon
