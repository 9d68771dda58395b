// What may be kept of the wire: bytes with some of them masked, in a compact form, and the text of
// it. A masked byte keeps its place and nothing else. Of payloads only what matters to a dialogue
// stays: of what we send how it ends, of what comes the ends of lines, and the lines that a modem
// says by itself.
//
// The form: any byte below 0x80 but 0x10 stands for itself; 0x10 and a byte for that byte; what is
// above is a number of masked bytes. In text: \r \n \\ \xHH, and \{N} for N masked bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "protocol/command.hpp"

namespace sim52xx {

// Append to a masked form.
void add_plain(std::string& form, std::string_view bytes);
void add_masked(std::string& form, std::size_t count);
// `bytes` with the spans masked; these are in order and do not overlap.
void add_sent(std::string& form, std::string_view bytes, std::span<const SecretSpan> secrets);
// A line of the modem, line ends included. What an echo says behind "=" may be a password, and is
// masked; true: it was.
bool add_line(std::string& form, std::string_view line);

// The form as text, a line for each line of it, each behind `mark` and a blank.
std::string mask_text(std::string_view form, char mark);

// Payload of one direction, as it comes in pieces. What a dialogue turns on stands at the ends of a
// piece; of a long one, what is between is masked without a look.
class PayloadMask {
 public:
  enum class Keep : std::uint8_t {
    shape,  // CR, LF and + among the last bytes
    words,  // LF, CR before it, and the modem's own lines
    all,    // all but the values of HTTP headers that are credentials
  };
  // What is looked at of a piece; for the shape, that at its end is enough.
  static constexpr std::size_t shape_tail = 16;
  static constexpr std::size_t words_head = 64;
  static constexpr std::size_t words_tail = 256;

  explicit PayloadMask(Keep keep) : keep_(keep) {}
  void set_keep(Keep keep) { keep_ = keep; }

  // Appends what can be said of it; some bytes may be kept until more is known.
  void feed(std::string_view bytes, std::string& form);
  // Something else comes: what was kept is masked.
  void flush(std::string& form);
  // One more line that stays as it is: the modem's number, which proves that it is the modem.
  void set_known(std::string_view line) { known_ = line; }

 private:
  void lines(std::string_view bytes, std::string& form);
  void part(std::string_view bytes, std::string& form);
  void finish_line(std::string& form);
  [[nodiscard]] bool own_words(std::string_view line) const;

  Keep keep_;
  std::array<char, 40> line_{};  // the beginning of the line that is not yet in the form
  std::size_t held_ = 0;
  bool decided_ = false;  // the line is too long to be the modem's; or the header is judged
  bool hide_ = false;     // the rest of the line is a credential
  std::string known_;
};

}  // namespace sim52xx
