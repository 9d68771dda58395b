// Events: what happens in the daemon, told to whoever has subscribed. An event is made once and
// shared by all queues; a queue is bounded and forgets its oldest, so that a subscriber who does
// not read costs nobody anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include <nlohmann/json.hpp>

namespace sim52xx::daemon {

// The part of an event's type before the dot: "session.open" is of the topic "session".
const std::vector<std::string>& event_topics();

// Who may see what.
struct EventReader {
  uid_t uid = 0;
  bool admin = false;
  std::vector<std::string> topics;  // none: all

  [[nodiscard]] bool may_see(std::string_view type, std::optional<uid_t> owner) const;
};

// The queue of one subscriber.
class EventQueue {
 public:
  static constexpr std::size_t count_most = 1024;
  static constexpr std::size_t bytes_most = std::size_t{1} << 20U;

  // `filled` is called when the queue is no longer empty; it must not wait.
  EventQueue(EventReader reader, std::function<void()> filled)
      : reader_(std::move(reader)), filled_(std::move(filled)) {}

  // The oldest event, as JSON text; nullopt where there is none. Where some were forgotten that is
  // told first, by an event "events.lost" with their count.
  std::optional<std::string> take();
  [[nodiscard]] bool empty() const { return events_.empty() && lost_ == 0; }

 private:
  friend class EventHub;
  struct Entry {
    std::uint64_t seq;
    std::shared_ptr<const std::string> text;
  };

  void push(Entry entry);
  void forget_oldest();

  const EventReader reader_;
  const std::function<void()> filled_;
  std::deque<Entry> events_;
  std::size_t bytes_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t last_lost_ = 0;  // its seq
};

class EventHub {
 public:
  EventHub();

  // Of this run of the daemon: who has seen another one must not rely on job numbers.
  [[nodiscard]] const std::string& boot_id() const { return boot_id_; }
  // Of the last event.
  [[nodiscard]] std::uint64_t seq() const { return seq_; }

  // Tells all who may see it. `fields` is an object; seq, time and type are added. `owner`: only
  // this user and administrators see it.
  void publish(std::string_view type, nlohmann::json fields,
               std::optional<uid_t> owner = std::nullopt);

  // Lives as long as somebody else holds it.
  std::shared_ptr<EventQueue> subscribe(EventReader reader, std::function<void()> filled);
  [[nodiscard]] std::size_t subscribers() const;
  // Events that some subscriber did not get.
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

 private:
  std::string boot_id_;
  std::uint64_t seq_ = 0;
  std::uint64_t lost_ = 0;
  std::vector<std::weak_ptr<EventQueue>> queues_;
};

}  // namespace sim52xx::daemon
