// What a modem says in a busy hour, and the parser's work on it as the owner of the line does it:
// framer, exchange, fields, unsolicited codes. For measuring what that costs.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/exchange.hpp"
#include "protocol/framer.hpp"
#include "protocol/profile/profile.hpp"
#include "protocol/urc.hpp"

namespace sim52xx::test {

// Cycles of a command each: an answer and OK, one in twenty an ERROR; in a quarter of them an
// unsolicited code, in a tenth a line that nobody knows, and in one of `block_every` a counted
// block of 1 KiB (0: none).
struct MixedStream {
  MixedStream(std::size_t cycles, std::size_t block_every) {
    constexpr std::array<std::string_view, 4> answers{"+CSQ: 21,99", "+CREG: 0,1",
                                                      "+COPS: 0,0,\"Operator\",2", "+CGREG: 0,1"};
    constexpr std::array<std::string_view, 5> urcs{"+CREG: 1", "+CSSL: RECV EVENT,1", "RING",
                                                   "+CSSLALERT: 0,2,134218240",
                                                   "+CSSLSEND: 0,0,1024"};
    for (std::size_t i = 0; i < cycles; ++i) {
      if (i % 4 == 1) line(urcs.at(i / 4 % urcs.size()));
      if (i % 10 == 3) line("^DSFLOWRPT: 00000A3C,0000,0000");
      if (block_every > 0 && i % block_every == 0) {
        line("+CSSLRECV: DATA,1,1024");
        bytes += std::string(1024, static_cast<char>('a' + i % 26)) + "\r\n";
      }
      if (i % 20 != 7) line(answers.at(i % answers.size()));
      line(i % 20 != 7 ? "OK" : "ERROR");
    }
  }
  void line(std::string_view text) {
    ++lines;
    bytes += "\r\n" + std::string(text) + "\r\n";
  }

  std::string bytes;
  std::size_t lines = 0;
};

class StreamParser {
 public:
  void feed(std::string_view bytes) {
    while (const auto frame = framer_.next(bytes)) {
      if (frame->kind == FrameKind::line) on_line(frame->bytes);
      if (frame->kind == FrameKind::raw) block_bytes += frame->bytes.size();
    }
  }
  // In reads of 4 KiB.
  void feed_all(std::string_view bytes) {
    constexpr std::size_t read = 4096;
    for (std::size_t at = 0; at < bytes.size(); at += read)
      feed(bytes.substr(at, read));
  }

  std::size_t lines = 0;
  std::size_t finals = 0;
  std::size_t answers = 0;
  std::size_t urcs = 0;
  std::size_t unknown = 0;
  std::size_t block_bytes = 0;

 private:
  // The next command is always under way.
  void command() {
    constexpr std::array<CommandId, 4> ids{CommandId::signal, CommandId::registration,
                                           CommandId::operator_name,
                                           CommandId::packet_registration};
    constexpr std::array<std::string_view, 4> texts{"AT+CSQ", "AT+CREG?", "AT+COPS?", "AT+CGREG?"};
    const std::size_t which = finals % ids.size();
    exchange_.start(sim52xx_profile().row(ids.at(which)).expect(), texts.at(which));
    exchange_.written();
  }

  void on_line(std::string_view line) {
    ++lines;
    if (!exchange_.active()) command();
    const Exchange::Step step = exchange_.on_line(line);
    if (step == Exchange::Step::done) {
      answers += exchange_.outcome().lines.size();
      ++finals;
    }
    if (step != Exchange::Step::not_mine) return;
    const Urc urc = parse_urc(line);
    if (const auto* data = std::get_if<urc::SslData>(&urc)) framer_.expect_raw(data->length);
    ++(std::holds_alternative<urc::Unknown>(urc) ? unknown : urcs);
  }

  Framer framer_;
  Exchange exchange_;
};

}  // namespace sim52xx::test
