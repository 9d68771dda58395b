#include "daemon/at/channel.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "protocol/bytes.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto settle_time = 1s;  // for an OK that should frame a result, and may never come
constexpr auto sync_time = 2s;    // for the answer to a resync
constexpr int sync_attempts = 3;
constexpr auto block_pause = 1s;   // between two bytes of a block that is still coming
constexpr auto cut_time = 2s;      // for a result behind a block that stopped short
constexpr auto owed_time = 300ms;  // for the answer to an earlier attempt, behind a later one's

}  // namespace

// A place in the queue of commands.
class Channel::Turn {
 public:
  explicit Turn(Channel& channel) : channel_(channel), ticket_(channel.next_turn_++) {
    channel_.turns_.push_back(ticket_);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    std::erase(channel_.turns_, ticket_);
    channel_.changed_.notify();
  }
  [[nodiscard]] bool mine() const { return channel_.turns_.front() == ticket_; }

 private:
  Channel& channel_;
  std::uint64_t ticket_;
};

Channel::Channel(Runtime& runtime, Inbound& inbound)
    : runtime_(runtime),
      inbound_(inbound),
      changed_(runtime),
      released_(runtime),
      block_timer_(runtime.timers, [this] { block_stopped(); }) {}

void Channel::attach(std::unique_ptr<Port> port) {
  port_ = std::move(port);
  lost_reason_.clear();
  framer_.reset();
  exchange_.clear();
  block_timer_.cancel();
  stalled_at_.reset();
  online_ = done_ = prompted_ = false;
  sync_ = Sync::none;
  if (watcher_ != nullptr) watcher_->on_opened(port_->device());
}

void Channel::lose(std::string reason) {
  if (!attached() && !lost_reason_.empty()) return;
  lost_reason_ = std::move(reason);
  if (watcher_ != nullptr && port_) watcher_->on_closed(lost_reason_, !port_->reason().empty());
  if (port_) port_->close();
  exchange_.clear();
  block_timer_.cancel();
  online_ = false;
  changed_.notify();
  released_.notify();
}

void Channel::release() {
  if (--holds_ > 0) return;
  last_byte_ = runtime_.now();
  if (framer_.in_raw()) watch_block();
  released_.notify();
  changed_.notify();
}

asio::awaitable<Result<Outcome>> Channel::exec(Request request, Duration timeout) {
  Time deadline = std::min(runtime_.now() + timeout, limit_);
  const Turn turn(*this);
  while (attached() && (!turn.mine() || (exchange_.active() && !exchange_.abandoned()))) {
    const bool in_time = co_await changed_.wait_until(request.patient_turn ? limit_ : deadline);
    if (!in_time) co_return timed_out(request);
  }
  if (request.patient_turn) deadline = std::min(runtime_.now() + timeout, limit_);
  if (!attached()) co_return lost_error();
  if (online_) co_return Error(ErrorKind::busy, "command", "the line is in transparent mode");
  if (runtime_.now() >= deadline) co_return timed_out(request);
  if (exchange_.abandoned()) {
    const bool there = co_await still_there("it does not answer any more");
    if (!there) co_return lost_error();
  }
  auto result = co_await converse(request, deadline);
  if (cut_at_ && exchange_.abandoned() && attached()) {  // is it still there?
    const bool there =
        co_await still_there("it stopped in the middle of a block, and does not answer any more");
    if (!there) co_return lost_error();
  }
  co_return result;
}

std::optional<Time> Channel::owed_since() const {
  if (!attached() || online_ || !exchange_.active() || !exchange_.abandoned()) return std::nullopt;
  return given_up_;
}

asio::awaitable<void> Channel::make_sure() {
  const Turn turn(*this);
  while (attached() && !turn.mine())
    co_await changed_.wait();
  if (owed_since()) co_await still_there("it does not answer any more");
}

// Behind a command that was given up. False: it is lost now.
asio::awaitable<bool> Channel::still_there(std::string_view else_lost) {
  const bool there = co_await resync(sync_attempts, sync_time);
  if (!there) lose(std::string(else_lost));
  co_return there;
}

asio::awaitable<Result<Outcome>> Channel::converse(Request& request, Time deadline) {
  spdlog::debug("tty > {}", request.line.shown);
  show_sent(request.line.wire, request.line.secrets);
  sent_ = trim(std::string_view(request.line.wire).substr(0, request.line.wire.size() - 1));
  exchange_.start(request.row->expect(), sent_);
  blocks_ = request.blocks;
  cut_at_.reset();
  done_ = prompted_ = false;
  order_framer();
  ++counters_.commands;
  counters_.written += request.line.wire.size();
  const bool sent = co_await write(request.line.wire, deadline);
  if (sent) exchange_.written();
  last_byte_ = runtime_.now();
  bool paid = request.payload.empty();
  std::optional<Time> settled;
  while (!done_ && attached()) {
    if (prompted_ && !paid) {
      paid = true;
      spdlog::debug("tty > {} bytes of payload", request.payload.size());
      if (watcher_ != nullptr) watcher_->on_payload_sent(request.payload);
      counters_.written += request.payload.size();
      const bool all = co_await write(request.payload, deadline);
      if (!all) break;
      continue;
    }
    Time until = sent ? give_up_at(request, deadline) : runtime_.now();
    if (stalled_at_) until = std::min(until, *stalled_at_);
    if (exchange_.settling() && !settled) settled = runtime_.now() + settle_time;
    if (settled) until = std::min(until, *settled);
    const bool in_time = co_await changed_.wait_until(until);
    watch_stall();
    if (in_time || done_ || !attached()) continue;
    const bool over = runtime_.now() >= give_up_at(request, deadline) || !sent;
    if (exchange_.settling() && (over || runtime_.now() >= settled)) {
      exchange_.settle();
      finish_command();
    } else if (over) {
      break;
    }
  }
  blocks_ = nullptr;
  if (done_) co_return std::move(outcome_);
  if (!attached()) co_return lost_error();
  exchange_.abandon();
  given_up_ = runtime_.now();
  inbound_.on_owed();
  if (!cut_at_) co_return timed_out(request);
  Error cut(ErrorKind::interrupted, "command",
            "the modem stopped in the middle of a block; bytes were lost on the line");
  cut.at = request.line.shown;
  co_return cut;
}

// What was written may still be in the driver, for the modem's CTS may be off: that is looked at
// later.
asio::awaitable<bool> Channel::write(std::string_view bytes, Time deadline) {
  const bool written = co_await port_->write_all(bytes, deadline);
  if (!port_->is_open()) lose(port_->reason());
  unsent_ = attached() ? port_->unsent() : 0;
  stalled_at_.reset();
  if (unsent_ > 0) stalled_at_ = runtime_.now() + Port::longest_stall;
  co_return written;
}

void Channel::watch_stall() {
  if (!stalled_at_ || runtime_.now() < *stalled_at_) return;
  const int left = port_->unsent();
  stalled_at_.reset();
  if (left == 0) return;
  if (left < unsent_) {
    stalled_at_ = runtime_.now() + Port::longest_stall;
    unsent_ = left;
    return;
  }
  port_->stalled();
  lose(port_->reason());
}

Time Channel::give_up_at(const Request& request, Time deadline) const {
  if (cut_at_) return std::min(*cut_at_ + cut_time, limit_);
  if (request.patience == nullptr) return deadline;
  const Time quiet = holds_ > 0 ? Time::max() : last_byte_ + request.patience->silence;
  return std::min({quiet, request.patience->latest, limit_});
}

asio::awaitable<bool> Channel::poke(std::string_view text, Duration wait) {
  const std::size_t length = text.find_last_not_of('\r') + 1;
  spdlog::debug("tty > {}", printable(text.substr(0, length), 64));
  show_sent(text);
  exchange_.clear();
  sync_ = Sync::any_final;
  const Time until = std::min(limit_, runtime_.now() + wait);
  if (!attached()) co_return false;
  bool in_time = co_await port_->write_all(text, until);
  while (in_time && attached() && sync_ != Sync::done)
    in_time = co_await changed_.wait_until(until);
  co_return std::exchange(sync_, Sync::none) == Sync::done;
}

asio::awaitable<bool> Channel::resync(int attempts, Duration wait) {
  exchange_.clear();
  // A block that is still coming is read to its end: bytes of a file are no answer.
  const bool flowing = framer_.in_raw() && runtime_.now() - last_byte_ < block_pause;
  if (!flowing) framer_.reset();
  sync_ = Sync::none;
  int owed = 0;
  for (; owed < attempts && attached() && sync_ != Sync::done; ++owed) {
    spdlog::debug("tty > AT+CGSN");
    show_sent("AT+CGSN\r");
    sync_ = Sync::number;
    const Time until = std::min(limit_, runtime_.now() + wait);
    bool in_time = co_await port_->write_all("AT+CGSN\r", until);
    while (in_time && attached() && sync_ != Sync::done)
      in_time = co_await changed_.wait_until(until);
  }
  const bool proven = sync_ == Sync::done;
  // A modem that was slow answers the first attempts too: none of it is the next command's.
  while (proven && attached() && sync_ == Sync::done && --owed > 0) {
    sync_ = Sync::number;
    const Time until = std::min(limit_, runtime_.now() + owed_time);
    bool in_time = true;
    while (in_time && attached() && sync_ != Sync::done)
      in_time = co_await changed_.wait_until(until);
  }
  sync_ = Sync::none;
  co_return proven&& attached();
}

Error Channel::timed_out(const Request& request) {
  ++counters_.timeouts;
  Error error(ErrorKind::timeout, "command", "the modem did not answer " + request.line.shown);
  error.at = request.line.shown;
  return error;
}

Error Channel::lost_error() const {
  return {ErrorKind::modem_absent, "command", "the modem was lost: " + lost_reason_};
}

void Channel::show_sent(std::string_view bytes, std::span<const SecretSpan> secrets) const {
  if (watcher_ != nullptr) watcher_->on_sent(bytes, secrets);
}

bool is_serial_number(std::string_view line) {
  return line.size() >= 14 && line.size() <= 17 &&
         line.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace sim52xx::daemon
