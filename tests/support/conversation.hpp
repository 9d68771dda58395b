// One command's conversation with the modem, as the owner of the serial line holds it: frames go to
// the exchange, the exchange's wishes become the framer's orders. Records all that came of it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/exchange.hpp"
#include "protocol/framer.hpp"
#include "protocol/profile/profile.hpp"
#include "protocol/urc.hpp"

namespace sim52xx::test {

class Conversation {
 public:
  Conversation() = default;
  Conversation(const Expect& expect, std::string sent) { start(expect, std::move(sent)); }
  Conversation(CommandId id, std::string sent)
      : Conversation(sim52xx_profile().row(id).expect(), std::move(sent)) {}
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void start(const Expect& expect, std::string sent, bool written = true) {
    sent_ = std::move(sent);
    exchange.start(expect, sent_);
    if (written) exchange.written();
    order();
  }

  void feed(std::string_view bytes) {
    while (const auto frame = framer.next(bytes)) {
      take(*frame);
      order();
    }
  }

  template <class Pieces>
  void feed_all(const Pieces& pieces) {
    for (const auto& piece : pieces)
      feed(piece);
  }

  Framer framer;
  Exchange exchange;
  int done = 0;
  Outcome outcome;
  int payloads = 0;               // how often the payload was asked for
  std::string block;              // counted blocks of the command
  std::vector<std::string> urcs;  // lines that are not the command's
  std::string pushed;             // counted blocks of +CSSLRECV
  std::string online;
  std::vector<std::string> overlong;
  int misfits = 0;  // counted blocks that had other bytes than announced

 private:
  void take(const Frame& frame) {
    switch (frame.kind) {
      case FrameKind::line:
        step(exchange.on_line(frame.bytes), frame.bytes);
        break;
      case FrameKind::prompt:
        step(exchange.on_prompt(), ">");
        break;
      case FrameKind::raw:
        (*raw_) += frame.bytes;
        break;
      case FrameKind::online:
        online += frame.bytes;
        break;
      case FrameKind::overlong:
        overlong.emplace_back(frame.bytes);
        break;
      case FrameKind::misfit:
        ++misfits;
        break;
    }
  }

  void step(Exchange::Step step, std::string_view line) {
    switch (step) {
      case Exchange::Step::taken:
        break;
      case Exchange::Step::send_payload:
        ++payloads;
        break;
      case Exchange::Step::block:
        expect_raw(exchange.block_length(), block);
        break;
      case Exchange::Step::done:
        ++done;
        outcome = exchange.take_outcome();
        if (outcome.final == Final::connect) framer.expect_online();
        break;
      case Exchange::Step::not_mine:
        urcs.emplace_back(line);
        const Urc urc = parse_urc(line);
        if (const auto* data = std::get_if<urc::SslData>(&urc)) expect_raw(data->length, pushed);
    }
  }

  void expect_raw(std::size_t length, std::string& into) {
    raw_ = &into;
    framer.expect_raw(length);
  }

  void order() {
    if (framer.in_raw() || outcome.final == Final::connect) return;
    exchange.wants_prompt() ? framer.expect_prompt() : framer.expect_lines();
  }

  std::string sent_;
  std::string* raw_ = &block;
};

}  // namespace sim52xx::test
