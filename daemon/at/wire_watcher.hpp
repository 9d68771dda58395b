// Told of every byte that goes to and comes from the modem, once each. Must not wait, and must not
// keep what is secret.
#pragma once

#include <span>
#include <string_view>

#include "protocol/command.hpp"

namespace sim52xx::daemon {

class WireWatcher {
 public:
  virtual ~WireWatcher() = default;
  virtual void on_opened(std::string_view device) = 0;
  // `by_itself`: the device has gone, or refuses to work. Otherwise it was us who closed it.
  virtual void on_closed(std::string_view reason, bool by_itself) = 0;
  // A command, the escape: words of our own.
  virtual void on_sent(std::string_view bytes, std::span<const SecretSpan> secrets) = 0;
  virtual void on_payload_sent(std::string_view bytes) = 0;
  // Line by line; not `whole`: its end has not come yet.
  virtual void on_line(std::string_view bytes, bool whole) = 0;
  // Of a counted block, or of the transparent mode with all that the modem says in it.
  virtual void on_payload(std::string_view bytes) = 0;
  // The modem's serial number is known.
  virtual void on_serial_number(std::string_view number) = 0;
};

}  // namespace sim52xx::daemon
