// Told of what goes to and comes from the modem, with secrets masked and payloads counted. Must not
// wait.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sim52xx::daemon {

class LineWatcher {
 public:
  enum class Payload : std::uint8_t {
    to_modem,    // after a prompt
    from_modem,  // a counted block
    online_up,   // transparent mode
    online_down,
  };

  virtual ~LineWatcher() = default;
  // A command with its CR, or the three plus signs of the escape.
  virtual void on_sent(std::string_view bytes) = 0;
  // A line, without its line ends; ">" for a prompt.
  virtual void on_received(std::string_view line) = 0;
  virtual void on_payload(Payload kind, std::size_t count) = 0;
};

}  // namespace sim52xx::daemon
