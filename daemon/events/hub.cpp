#include "daemon/events/hub.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>
#include <utility>

#include "daemon/report/times.hpp"

namespace sim52xx::daemon {
namespace {

using nlohmann::json;

std::string random_id() {
  std::random_device source;
  std::string id;
  for (int i = 0; i < 4; ++i) {
    std::array<char, 9> part{};
    std::snprintf(part.data(), part.size(), "%08x", source());
    id += part.data();
  }
  return id;
}

std::string event_text(std::uint64_t seq, std::string_view type, json fields) {
  fields["seq"] = seq;
  fields["time"] = rfc3339(std::chrono::system_clock::now());
  fields["type"] = type;
  return fields.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

const std::vector<std::string>& event_topics() {
  static const std::vector<std::string> topics{"arbiter", "config",  "daemon", "job",
                                               "modem",   "session", "urc"};
  return topics;
}

bool EventReader::may_see(std::string_view type, std::optional<uid_t> owner) const {
  if (owner && *owner != uid && !admin) return false;
  const std::string_view topic = type.substr(0, type.find('.'));
  return topics.empty() || std::find(topics.begin(), topics.end(), topic) != topics.end();
}

std::optional<std::string> EventQueue::take() {
  if (lost_ > 0) {
    json fields = json::object();
    fields["count"] = std::exchange(lost_, 0);
    return event_text(last_lost_, "events.lost", std::move(fields));
  }
  if (events_.empty()) return std::nullopt;
  std::string text = *events_.front().text;
  bytes_ -= text.size();
  events_.pop_front();
  return text;
}

void EventQueue::push(Entry entry) {
  const bool was_empty = empty();
  bytes_ += entry.text->size();
  events_.push_back(std::move(entry));
  while (events_.size() > count_most || bytes_ > bytes_most)
    forget_oldest();
  if (was_empty) filled_();
}

void EventQueue::forget_oldest() {
  bytes_ -= events_.front().text->size();
  last_lost_ = events_.front().seq;
  events_.pop_front();
  ++lost_;
}

EventHub::EventHub() : boot_id_(random_id()) {}

void EventHub::publish(std::string_view type, json fields, std::optional<uid_t> owner) {
  ++seq_;
  std::erase_if(queues_, [](const auto& queue) { return queue.expired(); });
  std::shared_ptr<const std::string> text;
  // A copy: filled() may end a subscription, or make one.
  const std::vector<std::weak_ptr<EventQueue>> queues = queues_;
  for (const auto& weak : queues) {
    const auto queue = weak.lock();
    if (!queue || !queue->reader_.may_see(type, owner)) continue;
    if (!text) text = std::make_shared<std::string>(event_text(seq_, type, std::move(fields)));
    const std::uint64_t lost = queue->lost_;
    queue->push({seq_, text});
    lost_ += queue->lost_ > lost ? queue->lost_ - lost : 0;
  }
}

std::shared_ptr<EventQueue> EventHub::subscribe(EventReader reader, std::function<void()> filled) {
  auto queue = std::make_shared<EventQueue>(std::move(reader), std::move(filled));
  queues_.push_back(queue);
  return queue;
}

std::size_t EventHub::subscribers() const {
  return static_cast<std::size_t>(std::count_if(
      queues_.begin(), queues_.end(), [](const auto& queue) { return !queue.expired(); }));
}

}  // namespace sim52xx::daemon
