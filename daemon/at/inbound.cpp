// The reading half of Channel: from bytes to the owner of each frame.
#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/at/channel.hpp"
#include "protocol/boot_lines.hpp"
#include "protocol/bytes.hpp"
#include "protocol/damage.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

// Without a byte in the middle of a block.
constexpr Duration longest_silence = 10s;
constexpr Duration silence_after_boot = 1s;
constexpr std::size_t tail_size = 512;
constexpr auto look_at_held = 1s;  // whether the device is there, while nobody reads

}  // namespace

asio::awaitable<void> Channel::read_loop() {
  for (;;) {
    while (holds_ > 0 && attached() && !port_->hung_up())
      co_await released_.wait_until(runtime_.now() + look_at_held);
    if (!attached()) break;
    const std::size_t count = port_->read_now(buffer_.data(), buffer_.size());
    counters_.read += count;
    if (count > 0) {
      feed(std::string_view(buffer_.data(), count));
    } else {
      co_await port_->readable();
    }
  }
  if (lost_reason_.empty()) lose(port_->reason().empty() ? "closed" : port_->reason());
}

void Channel::feed(std::string_view input) {
  for (;;) {
    const std::string_view before = input;
    const auto frame = framer_.next(input);
    show_received(frame, before.substr(0, before.size() - input.size()));
    if (!frame) return;
    dispatch(*frame);
  }
}

// Bytes that were taken for payload, and told as such.
void Channel::feed_again(std::string_view input) {
  while (const auto frame = framer_.next(input))
    dispatch(*frame);
}

void Channel::show_received(const std::optional<Frame>& frame, std::string_view bytes) const {
  if (watcher_ == nullptr) return;
  if (frame && (frame->kind == FrameKind::raw || frame->kind == FrameKind::online)) {
    watcher_->on_payload(bytes);
  } else if (frame || !bytes.empty()) {
    watcher_->on_line(bytes, frame.has_value());
  }
}

void Channel::dispatch(const Frame& frame) {
  switch (frame.kind) {
    case FrameKind::online:
      inbound_.on_online(frame.bytes);
      return;
    case FrameKind::raw:
      on_raw(frame);
      return;
    case FrameKind::line:
      on_line(frame.bytes);
      return;
    case FrameKind::misfit:
      spdlog::warn("modem: a counted block had other bytes than announced");
      block_damaged(ended_session_);
      return;
    case FrameKind::overlong:
      ++counters_.unknown_lines;
      spdlog::warn("modem: dropped an overlong line: {}", printable(mask_echo(frame.bytes)));
      return;
    case FrameKind::prompt:
      spdlog::debug("tty < >");
      prompted_ = exchange_.on_prompt() == Exchange::Step::send_payload;
      order_framer();
      changed_.notify();
      return;
  }
}

void Channel::on_line(std::string_view line) {
  block_tail_.clear();
  if (spdlog::should_log(spdlog::level::debug))  // an echo has our own words in it
    spdlog::debug("tty < {}", printable(mask_echo(line)));
  if (sync_ != Sync::none && on_sync_line(line)) return;
  switch (exchange_.on_line(line)) {
    case Exchange::Step::not_mine:
      on_unowned(line);
      break;
    case Exchange::Step::taken:
    case Exchange::Step::send_payload:
      last_byte_ = runtime_.now();
      changed_.notify();
      break;
    case Exchange::Step::block:
      last_byte_ = runtime_.now();
      block_session_ = of_command;
      framer_.expect_raw(exchange_.block_length());
      watch_block();
      return;
    case Exchange::Step::done:
      finish_command();
      break;
  }
  order_framer();
}

// A line while nothing is known of the modem; true: it was what the resync or poke waits for.
bool Channel::on_sync_line(std::string_view line) {
  const bool final = line == "OK" || line == "ERROR";
  if (sync_ == Sync::number && is_serial_number(line)) {
    serial_number_ = line;
    if (watcher_ != nullptr) watcher_->on_serial_number(line);
    sync_ = Sync::final;
    return true;
  }
  if ((sync_ != Sync::any_final || !final) && (sync_ != Sync::final || line != "OK")) return false;
  sync_ = Sync::done;
  changed_.notify();
  return true;
}

void Channel::on_unowned(std::string_view line) {
  const Urc urc = parse_urc(line);
  if (std::holds_alternative<urc::Unknown>(urc)) {
    if (is_damaged_header(line)) header_damaged(line);
    if (sync_ != Sync::none) return;  // an answer that was owed before the resync
    ++counters_.unknown_lines;
    spdlog::info("modem: unknown line: {}", printable(mask_echo(line)));
  }
  if (const auto* data = std::get_if<urc::SslData>(&urc); data != nullptr && data->length > 0) {
    block_session_ = data->session;
    framer_.expect_raw(data->length);
    watch_block();
  }
  if (const auto* data = std::get_if<urc::LateData>(&urc); data != nullptr && data->length > 0) {
    block_session_ = of_nobody;
    framer_.expect_raw(data->length);
    watch_block();
  }
  inbound_.on_urc(urc, line);
}

void Channel::on_raw(const Frame& frame) {
  last_byte_ = runtime_.now();
  block_tail_.append(
      frame.bytes.substr(frame.bytes.size() - std::min(frame.bytes.size(), tail_size)));
  block_tail_.erase(0, block_tail_.size() - std::min(block_tail_.size(), tail_size));
  if (frame.last) {
    block_timer_.cancel();
  } else {
    watch_block();
  }
  if (block_session_ >= 0) {
    inbound_.on_ssl_data(block_session_, frame.bytes);
  } else if (block_session_ == of_command && blocks_ != nullptr) {
    blocks_->on_block(frame.bytes);
  }
  if (!frame.last) return;
  ended_session_ = std::exchange(block_session_, of_command);
  order_framer();
}

void Channel::finish_command() {
  outcome_ = exchange_.take_outcome();
  done_ = true;
  if (outcome_.final == Final::connect) {
    online_ = true;
    framer_.expect_online();
  }
  changed_.notify();
}

// Lines, or lines and a prompt; never touches a block or the transparent mode.
void Channel::order_framer() {
  if (online_ || framer_.in_raw()) return;
  if (exchange_.wants_prompt()) {
    framer_.expect_prompt();
  } else {
    framer_.expect_lines();
  }
}

void Channel::watch_block() {
  const bool restarted = !boot_lines_at_end(block_tail_).empty();
  block_timer_.arm(runtime_.now() + (restarted ? silence_after_boot : longest_silence));
}

// Where what came of the block ends in the words of a modem that starts, these are what they are.
void Channel::block_stopped() {
  if (holds_ > 0) return;  // it is us who do not read; release() arms it anew
  spdlog::warn("modem: a counted block stopped {} bytes short", framer_.raw_left());
  const int session = std::exchange(block_session_, of_command);
  const std::string tail = std::exchange(block_tail_, {});
  framer_.reset();
  order_framer();
  feed_again(boot_lines_at_end(tail));
  if (attached()) block_damaged(session);
}

// Bytes of a counted block are lost, or are not its.
void Channel::block_damaged(int session) {
  if (session >= 0) {
    inbound_.on_ssl_cut(session);
  } else if (session == of_command && exchange_.active()) {
    cut_at_ = runtime_.now();
    if (blocks_ != nullptr) blocks_->on_block_cut();
    changed_.notify();
  }
}

// How long its block is, and whose, nobody knows: its bytes are read as lines, and belong to the
// command that waits for a block, else to any session.
void Channel::header_damaged(std::string_view line) {
  spdlog::warn("modem: the header of a counted block is damaged: {}", printable(line));
  if (exchange_.active() && blocks_ != nullptr) {
    block_damaged(of_command);
    return;
  }
  for (const int session : {0, 1})
    inbound_.on_ssl_cut(session);
}

}  // namespace sim52xx::daemon
