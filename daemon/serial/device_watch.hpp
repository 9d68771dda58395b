// Notices at once that a device which is not there may have come: watches (inotify) the directories
// on the way to it, those that its symbolic links point into as well, and only for the names that
// matter. Tells that something has changed, never what: whoever waits looks again.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/async/runtime.hpp"

namespace sim52xx::daemon {

class DeviceWatch {
 public:
  // `changed` is called from the event loop.
  DeviceWatch(Runtime& runtime, std::string device, std::function<void()> changed);
  DeviceWatch(const DeviceWatch&) = delete;
  DeviceWatch& operator=(const DeviceWatch&) = delete;
  ~DeviceWatch();

  // Looks at the way to the device as it is now; what changes from here on is noticed. True: it is
  // not there and its coming will be noticed. False: it is there, or cannot be watched.
  bool arm();
  // Something has changed since arm().
  [[nodiscard]] bool noticed() const;

 private:
  struct Watcher;

  Runtime& runtime_;
  std::string device_;
  std::function<void()> changed_;
  std::shared_ptr<Watcher> watcher_;  // the event loop may still hold it
};

}  // namespace sim52xx::daemon
