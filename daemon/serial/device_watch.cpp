#include "daemon/serial/device_watch.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include <sys/inotify.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace sim52xx::daemon {
namespace {

namespace fs = std::filesystem;

constexpr int most_links = 16;  // on the way; the kernel's own limit is 40
// A device node has its rights only some time after it was made: IN_ATTRIB.
constexpr std::uint32_t events =
    IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

}  // namespace

struct DeviceWatch::Watcher : std::enable_shared_from_this<Watcher> {
  struct Place {
    int number;
    std::string name;
  };

  Watcher(asio::io_context& io, int fd, std::function<void()> done)
      : queue(io, fd), changed(std::move(done)) {}

  bool follow(fs::path path);
  bool watch(const fs::path& directory, const std::string& name);
  void read();
  [[nodiscard]] bool concerns(std::string_view queued) const;

  asio::posix::stream_descriptor queue;
  std::function<void()> changed;
  std::vector<Place> places;
  bool noticed = false;
  alignas(inotify_event) std::array<char, 4096> buffer{};
};

// Along the symbolic links to what is not there. False: nothing is missing, or it cannot be
// watched.
bool DeviceWatch::Watcher::follow(fs::path path) {
  std::error_code error;
  for (int hops = 0; hops < most_links; ++hops) {
    path = fs::absolute(path, error).lexically_normal();
    fs::path directory = path.parent_path();
    fs::path name = path.filename();
    while (!fs::is_directory(directory, error) && directory.has_relative_path()) {
      name = directory.filename();
      directory = directory.parent_path();
    }
    if (!watch(directory, name)) return false;
    const fs::file_status status = fs::symlink_status(path, error);
    if (!fs::exists(status)) return true;
    if (!fs::is_symlink(status)) return false;
    const fs::path target = fs::read_symlink(path, error);
    if (error) return true;  // gone just now: an event is there
    path = path.parent_path() / target;
  }
  return false;
}

bool DeviceWatch::Watcher::watch(const fs::path& directory, const std::string& name) {
  const int number = inotify_add_watch(queue.native_handle(), directory.c_str(), events);
  if (number < 0) return false;
  places.push_back({number, name});
  return true;
}

void DeviceWatch::Watcher::read() {
  queue.async_read_some(asio::buffer(buffer),
                        [self = shared_from_this()](const auto& error, std::size_t count) {
                          if (error) return;
                          if (self->concerns({self->buffer.data(), count}) &&
                              !std::exchange(self->noticed, true) && self->changed)
                            self->changed();
                          if (self->queue.is_open()) self->read();
                        });
}

bool DeviceWatch::Watcher::concerns(std::string_view queued) const {
  while (queued.size() >= sizeof(inotify_event)) {
    inotify_event event;  // NOLINT: filled below
    std::memcpy(&event, queued.data(), sizeof event);
    const std::string_view padded = queued.substr(sizeof event, event.len);
    const std::string_view name = padded.substr(0, padded.find('\0'));
    if ((event.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_Q_OVERFLOW)) != 0) return true;
    const int watch = event.wd;  // clang captures no object with a flexible array
    if (std::ranges::any_of(places, [&](const Place& place) {
          return place.number == watch && place.name == name;
        }))
      return true;
    queued.remove_prefix(std::min(queued.size(), sizeof event + event.len));
  }
  return false;
}

DeviceWatch::DeviceWatch(Runtime& runtime, std::string device, std::function<void()> changed)
    : runtime_(runtime), device_(std::move(device)), changed_(std::move(changed)) {}

DeviceWatch::~DeviceWatch() {
  if (!watcher_) return;
  watcher_->changed = nullptr;
  boost::system::error_code ignored;
  watcher_->queue.close(ignored);
}

bool DeviceWatch::arm() {
  if (watcher_) {
    boost::system::error_code ignored;
    watcher_->changed = nullptr;
    watcher_->queue.close(ignored);
    watcher_.reset();
  }
  const int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) return false;
  watcher_ = std::make_shared<Watcher>(runtime_.io, fd, changed_);
  if (!watcher_->follow(device_)) return false;
  watcher_->read();
  return true;
}

bool DeviceWatch::noticed() const {
  return watcher_ && watcher_->noticed;
}

}  // namespace sim52xx::daemon
