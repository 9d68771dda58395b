// The modem's part in the faults at a step of a dialogue: what cannot be done by changing a line.
#include <utility>

#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {

// Whether the command line ends with it.
bool Modem::strike(const StepFault& fault) {
  switch (fault.kind) {
    case FaultKind::lost_command:
      answering_ = false;
      return true;
    case FaultKind::plain_error:
      conclude(error);
      return true;
    case FaultKind::cme_error:
      conclude(cme_error(3));
      return true;
    case FaultKind::reboot:
      reboot(now_);
      return true;
    case FaultKind::wedge:
      settings_.wedge = true;
      return true;
    case FaultKind::slow:
      output_.pause();
      after_fault(fault.seconds, [this] { output_.resume(); });
      return false;
    case FaultKind::vanish:
      if (fault_outside_.vanish) fault_outside_.vanish(fault.seconds);
      return false;
    case FaultKind::peer_close:
      if (fault_outside_.close_peers) fault_outside_.close_peers();
      return false;
    case FaultKind::network_loss:
      network_lost();
      return false;
    default:
      return false;
  }
}

void Modem::strike_later(FaultSteps::Shape shape) {
  if (shape.silence) {
    output_.pause();
    after_fault(shape.seconds, [this] { output_.resume(); });
    return;
  }
  if (!shape.busy) {
    after_fault(shape.seconds, [this] { output_.late(output_.steps().take_held()); });
    return;
  }
  busy_ = true;
  after_fault(shape.seconds, [this, bytes = std::move(shape.later)] {
    busy_ = false;
    output_.late(bytes);
    if (std::exchange(connected_late_, false)) enter_data_mode();
  });
}

// What the host sends next is counted in bytes.
void Modem::strike_payload() {
  const auto fault = output_.steps().on_payload();
  if (!fault) return;
  Fault::Kind kind = Fault::Kind::drop;
  if (fault->kind == FaultKind::payload_garble) kind = Fault::Kind::garble;
  if (fault->kind == FaultKind::payload_repeat) kind = Fault::Kind::repeat;
  from_host_.arm({kind, fault->at, 1, ""});
}

void Modem::after_fault(double time, std::function<void()> call) {
  after(milliseconds(static_cast<std::int64_t>(time * 1000)), std::move(call));
}

}  // namespace sim52xx::sim
