#include "daemon/stacks/ftps_download.hpp"

#include <algorithm>
#include <utility>

namespace sim52xx::daemon {

FtpsDownload::FtpsDownload(Runtime& runtime, Channel& channel, Sink& to, Event& changed)
    : runtime_(runtime),
      channel_(channel),
      to_(to),
      changed_(changed),
      stall_(runtime.timers, [this] { stalled(); }) {}

void FtpsDownload::on_block(std::string_view bytes) {
  if (failure_ || answer_) return;
  waiting_.push(bytes);
  if (waiting_.size() >= most_waiting) hold_line();
  changed_.notify();
}

void FtpsDownload::on_block_cut() {
  fail(Error(ErrorKind::interrupted, "receive",
             "the modem stopped in the middle of a block; bytes were lost on the line"));
}

std::size_t FtpsDownload::take(char* to, std::size_t most) {
  const std::string_view bytes = waiting_.view().substr(0, most);
  std::ranges::copy(bytes, to);
  const std::size_t count = bytes.size();
  waiting_.pop(count);
  if (holding_) stall_.arm(runtime_.now() + longest_stall);
  if (waiting_.size() <= most_waiting / 2) release_line();
  return count;
}

void FtpsDownload::fail(Error why) {
  if (failure_) return;
  failure_ = std::move(why);
  waiting_.clear();
  release_line();
  changed_.notify();
}

void FtpsDownload::finish(Result<Outcome> answer) {
  answer_ = std::move(answer);
  release_line();
  changed_.notify();
}

void FtpsDownload::hold_line() {
  if (holding_) return;
  if (channel_.port() == nullptr || !channel_.port()->flow_controlled()) {
    fail(Error(ErrorKind::limit, "receive",
               "the reader is too slow: " + std::to_string(waiting_.size()) +
                   " bytes wait, and the line has no flow control to slow the server down"));
    to_.cancel();
    return;
  }
  holding_ = true;
  channel_.hold();
  stall_.arm(runtime_.now() + longest_stall);
}

void FtpsDownload::release_line() {
  if (!std::exchange(holding_, false)) return;
  stall_.cancel();
  channel_.release();
}

void FtpsDownload::stalled() {
  fail(Error(ErrorKind::limit, "receive",
             "the reader took nothing for " + std::to_string(longest_stall.count()) +
                 " s while the modem had to wait for it"));
  to_.cancel();
}

}  // namespace sim52xx::daemon
