// Session 0 in transparent mode: the fast path, and the ways into and out of it. Client bytes pass
// the escape guard, peer bytes pass the close detector; a suspected end is decided by an escape
// probe before anything is announced.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/event.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/stacks/ssl_session.hpp"
#include "protocol/close_detector.hpp"
#include "protocol/escape_guard.hpp"
#include "protocol/escape_proof.hpp"
#include "protocol/probe_budget.hpp"

namespace sim52xx::daemon {

class Online {
 public:
  Online(Runtime& runtime, Modem& modem, SslSession& session);

  // A transparent session is about to be opened.
  void before_connect();
  // The modem has said CONNECT.
  // `window_max`: the longest that session 0 waits for others.
  void begin(Duration probe_interval, Duration window_max);
  [[nodiscard]] bool active() const { return state_ != State::off; }

  // Bytes from the line.
  void on_bytes(std::string_view bytes);

  // Writes the front of `pending` as far as the escape guard and the line allow; returns how many
  // bytes. 0: wait_writable().
  std::size_t write_some(std::string_view pending);
  // Until write_some(pending) may take something, or more bytes may help, or the session ended. A
  // line that takes nothing for `patience` is the session's failure.
  asio::awaitable<void> wait_writable(std::string_view pending, Duration patience);

  // Decides suspicions and serves windows while active. Ends with the session.
  asio::awaitable<void> watch();

  // A window is the time in which session 0 stays open while the line is in online command mode,
  // for somebody else's commands. want_window() says that somebody will have commands, for as long
  // as the Want lives; each command holds a Use, which keeps the window open.
  class Want {
   public:
    explicit Want(Online& online) : online_(&online) {
      ++online.wants_;
      online.changed_.notify();
    }
    Want(Want&& other) noexcept : online_(std::exchange(other.online_, nullptr)) {}
    Want& operator=(Want&&) = delete;
    ~Want() {
      if (online_ == nullptr) return;
      --online_->wants_;
      online_->changed_.notify();
    }

   private:
    Online* online_;
  };
  class Use {
   public:
    explicit Use(Online& online) : online_(&online) { ++online.uses_; }
    Use(Use&& other) noexcept : online_(std::exchange(other.online_, nullptr)) {}
    Use& operator=(Use&&) = delete;
    ~Use() {
      if (online_ == nullptr) return;
      --online_->uses_;
      online_->last_use_ = online_->runtime_.now();
      online_->changed_.notify();
    }

   private:
    Online* online_;
  };
  // Until the line takes commands: at once where session 0 is not transparent.
  asio::awaitable<Use> command_mode();
  [[nodiscard]] bool in_window() const { return state_ == State::window; }
  // Something hints that session 0 has ended during the window: look as soon as may be.
  void doubt();
  // Called when data of session 1 was lost, for it looked like the end of session 0.
  void on_guest_cut(std::function<void()> call) { guest_cut_ = std::move(call); }
  // What the modem prints for others may still turn out to be session 0's data: to be kept until
  // that is decided, in order.
  [[nodiscard]] bool undecided() const { return undecided_; }
  void postpone(std::function<void()> call) { postponed_.push_back(std::move(call)); }

  // Back to command mode; the session may still be open there. False: the modem is in an unknown
  // state (and was told to start over).
  asio::awaitable<bool> leave();

  // The modem is lost.
  void reset();
  Event& changed() { return changed_; }

 private:
  enum class State { off, online, guarding, escaping, deciding, window, window_ending };
  // no_answer: in command mode, but nothing has said OK to the escape. still_online: nothing was
  // done, since the suspicion was wrong or what was written before does not leave.
  enum class Escape { command_mode, no_answer, still_online, lost, unknown };
  enum class Resumed { online, over, lost };

  // unusable: there is no DCD, or it was on before. awaited: it has not come on yet.
  enum class Carrier { unusable, awaited, believed };

  [[nodiscard]] Time next_task() const;
  asio::awaitable<void> probe();
  [[nodiscard]] std::optional<bool> line_carrier() const;
  bool carrier_lost();
  [[nodiscard]] Time next_look() const;
  asio::awaitable<void> follow_carrier();
  asio::awaitable<void> serve_window();
  asio::awaitable<void> quiet_moment();
  asio::awaitable<Resumed> resume();
  void deliver_answer(bool over);
  [[nodiscard]] Time window_end(Time opened) const;
  asio::awaitable<Escape> escape(bool only_while_suspect);
  asio::awaitable<bool> silence(Duration guard, bool only_while_suspect);
  asio::awaitable<bool> escape_by_dtr();
  asio::awaitable<void> escape_by_plus(Time guarded);
  [[nodiscard]] std::string_view behind_plus() const;
  asio::awaitable<bool> await_answer(Time earliest, Time latest, Duration quiet);
  asio::awaitable<bool> enter_command_mode(bool clean);
  [[nodiscard]] bool cut_stream(bool clean);
  [[nodiscard]] std::string guest_lines(std::string_view bytes) const;
  [[nodiscard]] std::optional<EscapeProof> find_proof() const;
  void judge_dtr(bool came_back);
  asio::awaitable<Resumed> back_online();
  void over();
  void ended();
  void decide(bool session_over);
  void deliver(CloseDetector::Data data);
  void arm_tick();
  [[nodiscard]] std::chrono::nanoseconds stamp(Time time) const { return time.time_since_epoch(); }

  Runtime& runtime_;
  Modem& modem_;
  SslSession& session_;
  EscapeGuard guard_;
  CloseDetector detector_;
  Timer tick_;
  Event changed_;
  State state_ = State::off;
  std::string answer_;     // what came since the escape was sent
  std::size_t asked_ = 0;  // how much of it came before the plus signs
  std::string late_;       // what came after the transparent mode was resumed, before the verdict
  Time last_byte_{};       // of answer_
  ProbeBudget probes_;
  Duration window_max_{};
  Time next_window_{};   // session 0 has the line until then
  Time last_traffic_{};  // of session 0, either way
  Time last_use_{};      // of the window
  std::function<void()> guest_cut_;
  std::size_t wants_ = 0;
  std::size_t uses_ = 0;
  std::vector<std::function<void()>> postponed_;
  bool guest_ = false;  // session 1 was in use when the escape was answered
  bool undecided_ = false;
  bool doubted_ = false;
  bool pressed_ = false;  // its client has something to send
  Carrier carrier_ = Carrier::unusable;
  Time begun_{};
  bool answered_ = false;  // the last escape: an OK in answer_ is the modem's
  bool by_dtr_ = false;    // the last escape
};

}  // namespace sim52xx::daemon
