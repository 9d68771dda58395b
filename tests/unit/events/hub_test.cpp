#include "daemon/events/hub.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sim52xx::daemon {
namespace {

using nlohmann::json;
using std::string;

constexpr uid_t alice = 1001;
constexpr uid_t bob = 1002;

json fields(int number) {
  json object = json::object();
  object["number"] = number;
  return object;
}

class HubTest : public testing::Test {
 protected:
  std::shared_ptr<EventQueue> subscribe(uid_t uid = alice, std::vector<string> topics = {},
                                        bool admin = false) {
    return hub_.subscribe(EventReader{uid, admin, std::move(topics)}, [this] { ++filled_; });
  }
  static std::vector<string> types(EventQueue& queue) {
    std::vector<string> found;
    while (const auto text = queue.take())
      found.push_back(json::parse(*text)["type"]);
    return found;
  }

  EventHub hub_;
  int filled_ = 0;
};

TEST_F(HubTest, TellsWhatWhenAndInWhichOrder) {
  hub_.publish("session.open", fields(0));
  const auto queue = subscribe();
  EXPECT_TRUE(queue->empty()) << "only from now on";
  EXPECT_EQ(hub_.seq(), 1U);
  hub_.publish("session.open", fields(1));
  hub_.publish("session.closed", fields(2));
  const json first = json::parse(*queue->take());
  EXPECT_EQ(first["seq"], 2);
  EXPECT_EQ(first["type"], "session.open");
  EXPECT_EQ(first["number"], 1);
  EXPECT_THAT(first["time"].get<string>(), testing::MatchesRegex("20..-..-..T..:..:..\\....Z"));
  EXPECT_EQ(json::parse(*queue->take())["seq"], 3);
  EXPECT_EQ(queue->take(), std::nullopt);
  EXPECT_EQ(hub_.boot_id().size(), 32U);
  EXPECT_NE(hub_.boot_id(), EventHub().boot_id());
}

TEST_F(HubTest, WakesOnlyWhoHasNothing) {
  const auto queue = subscribe();
  hub_.publish("job.state", fields(1));
  hub_.publish("job.state", fields(2));
  EXPECT_EQ(filled_, 1);
  queue->take();
  queue->take();
  hub_.publish("job.state", fields(3));
  EXPECT_EQ(filled_, 2);
}

TEST_F(HubTest, ByTopicAndByOwner) {
  const auto all = subscribe();
  const auto sessions = subscribe(alice, {"session", "modem"});
  const auto other = subscribe(bob);
  const auto admin = subscribe(bob, {}, true);
  hub_.publish("session.open", fields(1));
  hub_.publish("sessionless", fields(1));
  hub_.publish("job.state", fields(2), alice);
  EXPECT_THAT(types(*all), testing::ElementsAre("session.open", "sessionless", "job.state"));
  EXPECT_THAT(types(*sessions), testing::ElementsAre("session.open"));
  EXPECT_THAT(types(*other), testing::ElementsAre("session.open", "sessionless"));
  EXPECT_THAT(types(*admin), testing::ElementsAre("session.open", "sessionless", "job.state"));
}

TEST_F(HubTest, ForgetsTheOldestAndSaysSo) {
  const auto queue = subscribe();
  for (int i = 1; i <= 1030; ++i)
    hub_.publish("job.progress", fields(i));
  const json lost = json::parse(*queue->take());
  EXPECT_EQ(lost["type"], "events.lost");
  EXPECT_EQ(lost["count"], 6);
  EXPECT_EQ(lost["seq"], 6);
  for (int i = 7; i <= 1030; ++i)
    ASSERT_EQ(json::parse(*queue->take())["number"], i);
  EXPECT_EQ(queue->take(), std::nullopt);
  EXPECT_EQ(hub_.lost(), 6U);
  hub_.publish("job.progress", fields(1031));
  EXPECT_EQ(json::parse(*queue->take())["number"], 1031);
}

TEST_F(HubTest, IsBoundedInBytesToo) {
  const auto queue = subscribe();
  json large = json::object();
  large["text"] = string(100000, 'x');
  for (int i = 0; i < 20; ++i)
    hub_.publish("urc.unknown", large);
  EXPECT_EQ(json::parse(*queue->take())["count"], 10);
  int left = 0;
  while (queue->take())
    ++left;
  EXPECT_EQ(left, 10);
}

TEST_F(HubTest, WhoIsGoneIsForgotten) {
  auto queue = subscribe();
  EXPECT_EQ(hub_.subscribers(), 1U);
  queue.reset();
  hub_.publish("job.state", fields(1));
  EXPECT_EQ(hub_.subscribers(), 0U);
  EXPECT_EQ(filled_, 0);
}

TEST_F(HubTest, ASubscriptionMayEndWhileItIsTold) {
  std::shared_ptr<EventQueue> first;
  first = hub_.subscribe(EventReader{alice, false, {}}, [&] { first.reset(); });
  const auto second = subscribe();
  hub_.publish("job.state", fields(1));
  EXPECT_EQ(first, nullptr);
  EXPECT_FALSE(second->empty());
}

TEST_F(HubTest, TextThatIsNoUtf8IsRepaired) {
  const auto queue = subscribe();
  json odd = json::object();
  odd["line"] = "+X: \xff";
  hub_.publish("urc.unknown", odd);
  EXPECT_EQ(json::parse(*queue->take())["line"], "+X: \xef\xbf\xbd");
}

}  // namespace
}  // namespace sim52xx::daemon
