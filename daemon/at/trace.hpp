// The wire trace: what went to and came from the modem, as lines of the format that tests/traces
// has (CONTRIBUTING.md), with the times as comments. Keeps the last of it, bounded.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "daemon/async/runtime.hpp"
#include "daemon/at/line_watcher.hpp"

namespace sim52xx::daemon {

class Trace final : public LineWatcher {
 public:
  static constexpr std::size_t most = std::size_t{256} * 1024;

  explicit Trace(const Runtime& runtime) : runtime_(runtime) {}

  struct Text {
    std::string text;
    bool truncated = false;  // its beginning is lost
  };

  // Begins anew.
  void start();
  // Ends it and gives what it has kept.
  Text stop();
  [[nodiscard]] bool running() const { return running_; }

  void on_sent(std::string_view bytes) override;
  void on_received(std::string_view line) override;
  void on_payload(Payload kind, std::size_t count) override;

 private:
  void stamp();
  void flush();
  void add(std::string line);

  const Runtime& runtime_;
  std::deque<std::string> lines_;
  std::size_t size_ = 0;
  Time stamped_{};
  Time sent_{};              // when the host sent last
  std::size_t payload_ = 0;  // not yet written down: it comes in pieces
  Payload payload_kind_ = Payload::to_modem;
  bool truncated_ = false;
  bool running_ = false;
};

}  // namespace sim52xx::daemon
