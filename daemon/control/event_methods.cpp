#include "daemon/control/event_methods.hpp"

#include <algorithm>
#include <utility>

#include "daemon/control/call_params.hpp"

namespace sim52xx::daemon::control {
namespace {

using Task = boost::asio::awaitable<Result<json>>;

// What one client has subscribed to, for its connection to fetch.
class EventFeed final : public Feed {
 public:
  explicit EventFeed(std::shared_ptr<EventQueue> queue) : queue_(std::move(queue)) {}

  std::optional<std::string> next_line() override {
    const std::optional<std::string> event = queue_->take();
    if (!event) return std::nullopt;
    return R"({"jsonrpc":"2.0","method":"event","params":)" + *event + "}\n";
  }

 private:
  std::shared_ptr<EventQueue> queue_;
};

Result<std::vector<std::string>> topics_of(const CallParams& params) {
  std::vector<std::string> topics;
  const json* given = params.find("topics");
  if (given == nullptr) return topics;
  const auto& known = event_topics();
  for (const json& topic : *given) {
    const bool is_known =
        topic.is_string() &&
        std::find(known.begin(), known.end(), topic.get<std::string>()) != known.end();
    if (!is_known) {
      std::string words;
      for (const std::string& name : known)
        words += (words.empty() ? "" : ", ") + name;
      return params.wrong("topics", words);
    }
    topics.push_back(topic.get<std::string>());
  }
  return topics;
}

Task subscribe(EventHub& hub, const Snapshot& snapshot, Call& call) {
  const CallParams params(call.params);
  Result<std::vector<std::string>> topics = topics_of(params);
  if (!topics) co_return topics.error();
  const bool with_snapshot = params.flag("snapshot");
  const std::weak_ptr<Client> weak = call.client;
  const EventReader reader{call.client->peer().uid, call.client->is_admin(), std::move(*topics)};
  auto queue = hub.subscribe(reader, [weak] {
    if (const auto client = weak.lock()) client->wake();
  });
  json result = json::object();
  result["boot_id"] = hub.boot_id();
  result["seq"] = hub.seq();
  if (with_snapshot) result["snapshot"] = snapshot(*call.client);
  call.client->keep();
  // The answer first, then the events.
  call.after = [weak, queue = std::move(queue)] {
    if (const auto client = weak.lock()) client->set_feed(std::make_shared<EventFeed>(queue));
  };
  co_return result;
}

}  // namespace

void add_event_methods(Methods& methods, EventHub& hub, Snapshot snapshot) {
  methods.add(Method(
      "events.subscribe", Who::user,
      "Tells of what happens from now on, by notifications of the method \"event\". A second call "
      "takes the place of the first",
      {Parameter("topics", Type::array, "which ones; all where it is not given"),
       Parameter("snapshot", Type::boolean, "begin with the state as it is now")},
      "{boot_id, seq, snapshot}, then event {seq, time, type, ...}",
      [&hub, snapshot = std::move(snapshot)](Call& call) {
        return subscribe(hub, snapshot, call);
      }));
}

}  // namespace sim52xx::daemon::control
