// One command in flight: which frames belong to it, when it is done, and with what result. Knows
// the completion shapes of the note; knows nothing of time.
//
// A command that was sent is never cancelled: abandon() frees the caller, the slot stays until its
// final result has come (or a resync has proven silence), so a late answer can never be taken for
// the next command's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sim52xx {

// How a command ends.
enum class Completion : std::uint8_t {
  plain,    // OK | ERROR. Also: result code before OK
  result,   // OK and "+CMD: <code>", in either order; or ERROR, before it perhaps the code
  data,     // OK (or none), blocks "+CMD: DATA,<n>", at last "+CMD: <code>"; or ERROR
  payload,  // '>', then exactly the announced bytes, then OK | ERROR
  open,     // OK | CONNECT | "+CMD: ALERTSTATE" and ERROR
  online,   // CONNECT | NO CARRIER | ERROR (ATO)
  raw,      // a final result; every line before it that is no URC, or has the command's name
};

// What the exchange has to know of a command; the views must outlive the exchange.
struct Expect {
  Completion completion = Completion::plain;
  // Names of the result lines that are this command's: "+CSSLSEND".
  std::span<const std::string_view> reads;
  // Bit n set: only lines with n fields are this command's, others are URCs. 0: any number.
  std::uint32_t arities = 0;
  // Lines without any name are answers too: AT+CGSN, ATI.
  bool bare = false;
  // Of these, only lines of digits: AT+CGSN.
  bool digits = false;
};

enum class Final : std::uint8_t {
  none,  // not yet
  ok,
  error,       // ERROR, ABORTED, COMMAND NOT SUPPORT
  cme,         // +CME ERROR: or +CMS ERROR:
  connect,     // CONNECT <text>: the line is in transparent mode from the next byte on
  no_carrier,  // NO CARRIER, CONNECT FAIL
};

struct Outcome {
  Final final = Final::none;
  std::string text;                // the final line as printed
  std::optional<long> code;        // "+CMD: <code>"
  bool alert_state = false;        // "+CSSLOPEN: ALERTSTATE"
  bool prompted = false;           // '>' was seen
  bool data = false;               // a counted block was announced
  std::vector<std::string> lines;  // result lines, in order, the code's not among them

  [[nodiscard]] bool ok() const {
    return (final == Final::ok || final == Final::connect) && code.value_or(0) == 0;
  }
};

class Exchange {
 public:
  enum class Step : std::uint8_t {
    not_mine,      // a URC, or nothing known
    taken,         // belongs to the command; more is to come
    send_payload,  // the prompt: the payload may go now
    block,         // a counted block of block_length() bytes follows
    done,          // finished: outcome()
  };

  // Begins a command. `sent` is its text without CR, for the echo; both must outlive the exchange.
  void start(const Expect& expect, std::string_view sent);
  // The last byte of the command line has left. Before this, only echo is taken.
  void written() { written_ = true; }

  Step on_line(std::string_view line);
  Step on_prompt();

  // Frees the caller; the slot still takes the rest of the answer.
  void abandon() { abandoned_ = true; }
  // Ends the command without an answer (the line is lost, or a resync proved silence).
  void clear();

  [[nodiscard]] bool active() const { return active_; }
  [[nodiscard]] bool abandoned() const { return abandoned_; }
  // The result code has come, but not the OK or ERROR that usually frames it; some firmware prints
  // none. The caller should wait for a short time only.
  [[nodiscard]] bool settling() const { return active_ && settled_ && final_missing(); }
  // Ends a settling command: what has come counts as OK.
  void settle();
  [[nodiscard]] bool wants_prompt() const;
  [[nodiscard]] std::size_t block_length() const { return block_length_; }
  [[nodiscard]] const Outcome& outcome() const { return outcome_; }
  Outcome take_outcome() { return std::move(outcome_); }

 private:
  Step on_result(std::string_view line);
  Step on_raw_line(std::string_view line);
  Step on_final(Final final, std::string_view line);
  [[nodiscard]] bool reads(std::string_view name) const;
  [[nodiscard]] bool final_missing() const { return outcome_.final == Final::none; }
  Step finish();
  void forget_outcome();
  void keep(std::string_view line);

  static constexpr std::size_t most_spare = 16;

  Expect expect_;
  std::string_view sent_;
  Outcome outcome_;
  std::vector<std::string> spare_;  // memory for lines
  std::size_t block_length_ = 0;
  bool active_ = false;
  bool written_ = false;
  bool abandoned_ = false;
  bool settled_ = false;  // the result code has come
};

}  // namespace sim52xx
