// The wire trace: always on, the last 256 KiB of what went to and came from the modem, in fixed
// memory. Secrets are masked before they get here to stay, and so are payloads, all but their
// shape. As text it has the format of tests/traces (CONTRIBUTING.md), and sim52xx-sim can play it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/async/runtime.hpp"
#include "daemon/at/wire_ring.hpp"
#include "daemon/at/wire_watcher.hpp"
#include "protocol/wire_mask.hpp"

namespace sim52xx::daemon {

class Trace final : public WireWatcher {
 public:
  static constexpr std::size_t most = std::size_t{256} * 1024;

  explicit Trace(const Runtime& runtime) : runtime_(runtime), ring_(most) {
    form_.reserve(WireRing::most_bytes);
    partial_.reserve(512);
  }

  struct Text {
    std::string text;
    bool truncated = false;  // its beginning is lost
  };

  // A part of the text, and from where to go on.
  struct Page {
    std::string text;
    std::uint64_t next = 0;
    bool more = false;
    bool truncated = false;  // what was between `from` and this page is lost
  };

  // All that is kept.
  Text text();
  // From the place `from` on (0: the beginning), about `size` bytes of text.
  Page page(std::uint64_t from, std::size_t size);

  // From here on until stop(), which gives what has come since, at most 256 KiB of text.
  // `payload`: payloads are kept as they are, but for headers with credentials.
  void start(bool payload = false);
  Text stop();
  [[nodiscard]] bool running() const { return started_.has_value(); }

  void on_opened(std::string_view device) override;
  void on_closed(std::string_view reason, bool by_itself) override;
  void on_sent(std::string_view bytes, std::span<const SecretSpan> secrets) override;
  void on_payload_sent(std::string_view bytes) override;
  void on_line(std::string_view bytes, bool whole) override;
  void on_payload(std::string_view bytes) override;
  void on_serial_number(std::string_view number) override { from_modem_.set_known(number); }

 private:
  using Kind = WireRing::Kind;

  void flush();
  void flush_partial();
  void flush_from_modem();
  void flush_to_modem();
  void keep(Kind kind, Time at);
  void event(std::string_view words);
  void payload(PayloadMask& mask, Kind kind, std::string_view bytes);
  void set_payload(bool on);

  const Runtime& runtime_;
  WireRing ring_;
  PayloadMask to_modem_{PayloadMask::Keep::shape};
  PayloadMask from_modem_{PayloadMask::Keep::words};
  std::string form_;     // what is being written down
  std::string partial_;  // the beginning of a line of the modem
  Time heard_{};         // when the last byte of what is held back came
  bool hiding_ = false;  // the rest of that line is masked
  std::optional<std::uint64_t> started_;
};

}  // namespace sim52xx::daemon
