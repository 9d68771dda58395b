// Cuts the byte stream of the modem into frames. It takes orders: what comes next is known by the
// exchange (lines, a prompt, exactly N raw bytes, or the transparent mode), so payload is never
// searched for "OK".
//
// Pull parser: next() eats one frame from the front of the input and hands out a view; between two
// calls the owner may give a new order, which holds from the very next byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim52xx {

enum class FrameKind : std::uint8_t {
  line,      // one line, without its end; never empty
  prompt,    // the '>' that asks for payload
  raw,       // part of a counted block
  online,    // bytes of the transparent mode
  overlong,  // a line longer than max_line was dropped; bytes holds its beginning
  misfit,    // what follows a counted block is no line end: its bytes were not those announced
};

struct Frame {
  FrameKind kind;
  std::string_view bytes;  // valid until the next call of next() and while the input lives
  bool last = false;       // raw: the block is complete

  friend bool operator==(const Frame&, const Frame&) = default;
};

class Framer {
 public:
  static constexpr std::size_t max_line = 4096;

  // Orders. Lines is the initial one, and the one after a complete raw block.
  void expect_lines() { order_ = Order::lines; }
  void expect_prompt() { order_ = Order::prompt; }  // lines too; stays until another order
  void expect_raw(std::size_t length);              // 0 means lines
  void expect_online() { order_ = Order::online; }

  [[nodiscard]] bool in_raw() const { return order_ == Order::raw; }
  [[nodiscard]] std::size_t raw_left() const { return raw_left_; }

  // Eats the next frame from the front of `input`. nullopt: all is eaten, more is needed.
  std::optional<Frame> next(std::string_view& input);

  // Forgets a half line and the order: back to lines.
  void reset();

 private:
  enum class Order : std::uint8_t { lines, prompt, raw, online };

  std::optional<Frame> next_line(std::string_view& input);
  std::optional<Frame> finish(std::string_view tail);
  void keep(std::string_view bytes);
  bool misfits(std::string_view input);

  Order order_ = Order::lines;
  std::size_t raw_left_ = 0;
  bool behind_block_ = false;  // what follows shows whether a block was whole
  std::string behind_;         // the beginning of that
  std::string partial_;        // the beginning of a line whose end has not come
  std::string line_;           // a line put together from partial_
  bool dropping_ = false;      // inside an overlong line
};

}  // namespace sim52xx
