// The bytes of a get between the modem, which pushes them, and a reader that may be slow. A bounded
// number of them waits in memory; beyond that the line is held where it listens to that, and the
// download fails where it does not: holding would then lose bytes without anybody knowing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/async/byte_queue.hpp"
#include "daemon/async/event.hpp"
#include "daemon/at/channel.hpp"
#include "daemon/body/body.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

class FtpsDownload final : public BlockSink {
 public:
  static constexpr std::size_t most_waiting = std::size_t{256} * 1024;
  static constexpr std::chrono::seconds longest_stall{30};

  // `changed` is notified when there is something to take, and at the end.
  FtpsDownload(Runtime& runtime, Channel& channel, Sink& to, Event& changed);
  ~FtpsDownload() override { release_line(); }

  void on_block(std::string_view bytes) override;
  void on_block_cut() override;

  // At most `most` of the waiting bytes, 0 where there are none.
  std::size_t take(char* to, std::size_t most);
  // What waits and what is still to come is dropped; the line is read.
  void fail(Error why);
  // The modem has nothing more to say.
  void finish(Result<Outcome> answer);

  [[nodiscard]] bool over() const { return answer_.has_value() && waiting_.empty(); }
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  [[nodiscard]] const Result<Outcome>& answer() const { return *answer_; }

 private:
  void hold_line();
  void release_line();
  void stalled();

  Runtime& runtime_;
  Channel& channel_;
  Sink& to_;
  Event& changed_;
  ByteQueue waiting_;
  bool holding_ = false;
  Timer stall_;
  std::optional<Error> failure_;
  std::optional<Result<Outcome>> answer_;
};

}  // namespace sim52xx::daemon
