// Whether the modem opens session 1 while session 0 is transparent. It is believed to, until it
// refuses. Its refusal is a plain ERROR, as is a connection that the network refuses; so what was
// proven once stays proven, an ERROR is believed only when it comes at once and a second time, and
// when the same connection fails with session 0 out of the way, too, it is taken back.
//
// Pure: times are given by the caller.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace sim52xx::daemon {

class WindowBelief {
 public:
  // network: the connection has failed. again: it has to be tried again. refused: the modem does
  // not do it here, or the network refuses it very quickly; which of them is known when session 0
  // is out of the way.
  enum class Verdict { network, again, refused };

  // Session 1 can be used beside a transparent session 0, as far as is known.
  [[nodiscard]] bool holds() const { return refusals_ < enough; }

  // In a window session 1 was opened, or there was an alert of its peer.
  void succeeded() {
    proven_ = true;
    refusals_ = 0;
  }
  // In a window the modem said ERROR, after so much time.
  Verdict failed(std::string_view target, std::chrono::nanoseconds after) {
    if (proven_ || after >= too_soon_for_network) return Verdict::network;
    if (target_ != target) refusals_ = 0;
    target_ = target;
    return ++refusals_ < enough ? Verdict::again : Verdict::refused;
  }
  // The modem said ERROR without a session 0 in the way.
  void failed_alone(std::string_view target) {
    if (target_ == target) refusals_ = 0;
  }

 private:
  static constexpr int enough = 2;
  static constexpr std::chrono::milliseconds too_soon_for_network{100};

  bool proven_ = false;
  int refusals_ = 0;
  std::string target_;
};

}  // namespace sim52xx::daemon
