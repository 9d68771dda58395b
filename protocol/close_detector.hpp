// Finds out, in the byte stream of the transparent mode, that the modem may have left it: a whole
// line such as "CLOSED" or "NO CARRIER" that the modem may have printed, or that may just as well
// be the peer's data. The detector only suspects and holds these bytes back; the escape probe of
// the owner decides.
//
// What is held: from the CR LF before a line of the list to the end of the stream, as long as only
// lines follow that a modem could print by itself. Any other byte makes all of it data again. The
// beginning of such a line at the end of the input is held for prefix_hold only; when its rest
// comes after that, the line is still suspected, and what is left of it is held.
//
// The first bytes of a session stand at the beginning of a line, with or without a CR LF.
//
// Pure: times are given by the caller, from any monotonic clock.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sim52xx {

class CloseDetector {
 public:
  using Time = std::chrono::nanoseconds;  // since any fixed point

  // How long the mere beginning of a suspicious line is held for its rest.
  static constexpr std::chrono::milliseconds prefix_hold{30};
  // More than this is never held: it is data.
  static constexpr std::size_t max_held = 1024;
  // The same while another session is open, whose data the modem prints behind its farewell.
  static constexpr std::size_t max_held_with_guest = 1U << 20U;

  // What is surely data now: first `held`, then `fresh` (a view into the input). Both are valid
  // until the next call.
  struct Data {
    std::string_view held;
    std::string_view fresh;
  };

  // Session 1 is open: once the modem is in command mode it may print that session's data.
  void expect_guest(bool present) { guest_ = present; }

  // Bytes from the modem.
  Data feed(std::string_view input, Time now);
  // To be called at deadline(): lets go of a beginning that did not become a suspicious line.
  Data tick(Time now);
  // When tick() has something to do; nullopt: nothing is held for a time.
  [[nodiscard]] std::optional<Time> deadline() const { return deadline_; }

  // A whole suspicious line is held: no client byte may go to the modem until it is decided.
  [[nodiscard]] bool suspect() const { return suspect_; }
  // The line that raised the suspicion, for the log; empty where there is none.
  [[nodiscard]] std::string_view words() const { return words_; }

  // Decided: the session lives, what was held is data.
  Data alive();
  // Decided: the session is over. `behind` came since. The modem's farewell, at most one word and
  // one report, is the last of its kind; what is before it was data, what is behind it was the
  // modem's. Afterwards words() tells the farewell.
  Data over(std::string_view behind = {});
  // While session 1 is open: what the modem has printed for it, and else, behind its farewell, if
  // that is what it is, in all that is held and in `behind`, whose end is the end of a line. At
  // `answer` in that there may be an OK that answers an escape. Empty where it cannot be so: that
  // OK is not behind a farewell, or stands outside of session 1's blocks, or a block stops short.
  [[nodiscard]] std::string modem_lines(std::string_view behind, std::size_t answer) const;
  // For a new session.
  void reset();

 private:
  Data release();

  std::string held_;          // begins with the CR LF of a line, or with the session
  std::size_t released_ = 0;  // so many bytes of held_ were handed out already
  std::string out_;           // what the last call let go
  std::string joined_;        // held_ and a short input in one piece
  std::string words_;
  bool suspect_ = false;
  bool guest_ = false;
  bool first_ = true;  // nothing came before held_
  std::optional<Time> deadline_;
};

}  // namespace sim52xx
