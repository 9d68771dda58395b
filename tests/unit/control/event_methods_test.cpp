#include "daemon/control/event_methods.hpp"

#include "tests/unit/control/calls.hpp"

namespace sim52xx::daemon::control::test {
namespace {

class EventMethods : public CallsTest {
 protected:
  EventMethods() {
    add_event_methods(methods_, hub_, [](const Client& client) {
      json snapshot = json::object();
      snapshot["uid"] = client.peer().uid;
      return snapshot;
    });
  }
  json subscribe(json params = json::object()) {
    const auto called = call("events.subscribe", std::move(params));
    if (called->call.after) called->call.after();
    return called->result();
  }
  json next() {
    const auto line = client_->feed->next_line();
    return line ? json::parse(*line) : json();
  }

  EventHub hub_;
};

TEST_F(EventMethods, TellFromNowOn) {
  hub_.publish("modem.ready", json::object());
  const json result = subscribe();
  EXPECT_EQ(result["boot_id"], hub_.boot_id());
  EXPECT_EQ(result["seq"], 1);
  EXPECT_FALSE(result.contains("snapshot"));
  EXPECT_TRUE(client_->kept);
  EXPECT_TRUE(next().is_null());
  hub_.publish("modem.absent", json::object());
  EXPECT_EQ(client_->woken, 1);
  const json event = next();
  EXPECT_EQ(event["method"], "event");
  EXPECT_EQ(event["params"]["type"], "modem.absent");
  EXPECT_EQ(event["params"]["seq"], 2);
  EXPECT_FALSE(event.contains("id"));
}

TEST_F(EventMethods, TheAnswerComesBeforeTheEvents) {
  const auto called = call("events.subscribe", json::object());
  hub_.publish("modem.ready", json::object());
  EXPECT_EQ(client_->feed, nullptr);
  called->call.after();
  EXPECT_EQ(next()["params"]["type"], "modem.ready") << "nothing is lost in between";
}

TEST_F(EventMethods, ASecondOneReplacesTheFirst) {
  subscribe();
  subscribe(json::parse(R"({"topics":["job"]})"));
  hub_.publish("modem.ready", json::object());
  hub_.publish("job.state", json::object(), alice);
  hub_.publish("job.state", json::object(), bob);
  EXPECT_EQ(next()["params"]["type"], "job.state");
  EXPECT_TRUE(next().is_null());
  calls_.clear();
  EXPECT_EQ(hub_.subscribers(), 1U);
  client_->feed.reset();
  EXPECT_EQ(hub_.subscribers(), 0U) << "a client that is gone leaves nothing behind";
}

TEST_F(EventMethods, BeginWithASnapshotWhereThatIsWanted) {
  EXPECT_EQ(subscribe(json::parse(R"({"snapshot":true})"))["snapshot"]["uid"], alice);
}

TEST_F(EventMethods, KnowTheirTopics) {
  const json error = refusal("events.subscribe", json::parse(R"({"topics":["jobs"]})"));
  EXPECT_EQ(error["code"], -32602);
  EXPECT_EQ(error["message"],
            "parameter topics: allowed arbiter, config, daemon, job, modem, session, urc");
  EXPECT_FALSE(refusal("events.subscribe", json::parse(R"({"topics":[5]})")).is_null());
  EXPECT_EQ(hub_.subscribers(), 0U);
}

}  // namespace
}  // namespace sim52xx::daemon::control::test
