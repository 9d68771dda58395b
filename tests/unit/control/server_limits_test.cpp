// What the server allows no client: lines without end, too much at a time, silence, deafness.
#include "tests/unit/control/server_fixture.hpp"

namespace sim52xx::daemon::control {
namespace {

TEST_F(ServerTest, ALineThatIsTooLongEndsTheConnection) {
  start();
  TestClient client = connect();
  EXPECT_TRUE(client.send(string(2 << 20, 'x') + "\n"));
  const json refused = client.message();
  EXPECT_EQ(refused["error"]["code"], -32600);
  EXPECT_EQ(refused["id"], nullptr);
  EXPECT_EQ(client.line(), "EOF");
}

TEST_F(ServerTest, ALineThatNeverEndsIsAnsweredToo) {
  start();
  TestClient client = connect();
  EXPECT_TRUE(client.send(string(2 << 20, 'x')));
  EXPECT_EQ(client.message()["error"]["code"], -32600);
  EXPECT_EQ(client.line(), "EOF");
}

TEST_F(ServerTest, The65thRequestInFlightIsRefused) {
  start();
  TestClient client = connect();
  string lines;
  for (int i = 1; i <= 65; ++i)
    lines += request(i, "wait");
  client.send(lines);
  const json refused = client.message();
  EXPECT_EQ(refused["id"], 65);
  EXPECT_EQ(refused["error"]["data"]["kind"], "limit");
  TestClient other = connect();
  other.send(request(1, "open_gate"));
  for (int i = 1; i <= 64; ++i)
    EXPECT_EQ(client.message()["result"], "waited");
  client.send(request(66, "wait"));
  EXPECT_EQ(client.message()["id"], 66);
}

TEST_F(ServerTest, QuickRequestsAreNotLimited) {
  start();
  TestClient client = connect();
  string lines;
  for (int i = 1; i <= 1000; ++i)
    lines += request(i, "echo");
  client.send(lines);
  for (int i = 1; i <= 1000; ++i)
    ASSERT_EQ(client.message()["id"], i);
}

TEST_F(ServerTest, AClientThatVanishesCostsNobodyAnything) {
  start();
  TestClient client = connect();
  client.send(request(1, "wait"));
  EXPECT_TRUE(pump_.until([&] { return waiting_ == 1; }));
  client.close();
  EXPECT_TRUE(pump_.until([&] { return gone_ == 1; })) << "the request is told";
  TestClient half = connect();
  half.send("{\"jsonrpc\":");
  half.close();
  TestClient other = connect();
  other.send(request(1, "open_gate"));
  EXPECT_EQ(other.message()["result"], "opened");
  EXPECT_TRUE(pump_.until([&] { return waiting_ == 0; }));
}

TEST_F(ServerTest, AClientThatDoesNotReadIsDropped) {
  start();
  TestClient client = connect();
  client.send(request(1, "flood"));
  TestClient other = connect();
  other.send(request(1, "echo"));
  EXPECT_EQ(other.message()["id"], 1);
  string line;
  int lines = 0;
  do {
    line = client.line();
    ++lines;
  } while (line.starts_with("{"));
  EXPECT_THAT(line, AnyOf("EOF", "reset"));
  EXPECT_LT(lines, 6);
}

TEST_F(ServerTest, ASubscriberIsKeptUntilItIsGone) {
  start();
  TestClient client = connect();
  client.send(request(1, "subscribe"));
  client.end_writing();
  EXPECT_EQ(client.message()["result"], "subscribed");
  server_->for_each([](Client& each) { each.notify("event", json::object()); });
  EXPECT_EQ(client.line(), R"({"jsonrpc":"2.0","method":"event","params":{}})");
  ASSERT_TRUE(subscriber_);
  EXPECT_FALSE(subscriber_->gone());
  client.close();
  EXPECT_TRUE(pump_.until([&] { return subscriber_->gone(); }));
  EXPECT_FALSE(subscriber_->notify("event", json::object()));
}

}  // namespace
}  // namespace sim52xx::daemon::control
