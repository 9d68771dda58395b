// The server and its lines: requests, notifications, batches, at every split.
#include "tests/unit/control/server_fixture.hpp"

namespace sim52xx::daemon::control {
namespace {

TEST_F(ServerTest, AnswersTheBasicMethods) {
  start();
  TestClient client = connect();
  client.send(request(1, "version"));
  EXPECT_EQ(client.message()["result"],
            json::parse(R"({"daemon":"1.2.3","api":{"major":1,"minor":0},"profile":"sim52xx",
                            "capabilities":["a","b"]})"));
  client.send(request(2, "status"));
  EXPECT_EQ(client.line(), R"({"id":2,"jsonrpc":"2.0","result":{"state":"ready"}})");
  client.send(request(3, "rpc.discover"));
  const json document = client.message()["result"];
  EXPECT_EQ(document["methods"].size(), methods_.all().size());
  EXPECT_EQ(document["methods"][2]["name"], "rpc.discover");
}

TEST_F(ServerTest, RefusesWhatItDoesNotUnderstand) {
  start();
  TestClient client = connect();
  const auto code = [&](const string& line) {
    client.send(line);
    return client.message()["error"]["code"];
  };
  EXPECT_EQ(code("{\n"), -32700);
  EXPECT_EQ(code(string("{}\0\n", 4)), -32700);
  EXPECT_EQ(code("[1,\n"), -32700);
  EXPECT_EQ(code("{}\n"), -32600);
  EXPECT_EQ(code(string(200000, '[') + "\n"), -32600);
  EXPECT_EQ(code(request(1, "no.such")), -32601);
  EXPECT_EQ(code(request(1, "echo", R"({"text":5})")), -32602);
  EXPECT_EQ(code(request(1, "echo", R"({"count":1.5})")), -32602);
  client.send(request(2, "echo", R"({"txet":"x"})"));
  EXPECT_EQ(client.message()["error"]["data"]["unknown"], json::parse(R"(["txet"])"));
}

TEST_F(ServerTest, TellsFailuresAndMistakes) {
  start();
  TestClient client = connect();
  client.send(request(1, "fail"));
  const json error = client.message()["error"];
  EXPECT_EQ(error["code"], -32000);
  EXPECT_EQ(error["data"], json::parse(R"({"kind":"busy","stage":"acquire","retryable":true})"));
  client.send(request(2, "throw"));
  EXPECT_EQ(client.message()["error"]["code"], -32603);
  client.send(request(3, "echo"));
  EXPECT_EQ(client.message()["id"], 3) << "the connection goes on";
}

TEST_F(ServerTest, TakesLinesAtEverySplit) {
  start();
  TestClient client = connect();
  const string lines = request(1, "echo", R"({"text":"a"})") + "\r\n \n" + request(2, "echo");
  for (std::size_t split = 0; split <= lines.size(); ++split) {
    client.send(lines.substr(0, split));
    while (runtime_.io.poll() > 0) {
    }
    client.send(lines.substr(split));
    EXPECT_EQ(client.message()["result"]["text"], "a");
    EXPECT_EQ(client.message()["id"], 2);
  }
}

TEST_F(ServerTest, ALastLineNeedsNoLineFeed) {
  start();
  TestClient client = connect();
  string line = request(1, "echo");
  line.pop_back();
  client.send(line);
  client.end_writing();
  EXPECT_EQ(client.message()["id"], 1);
  EXPECT_EQ(client.line(), "EOF");
}

TEST_F(ServerTest, AnswersAfterTheClientHasFinishedWriting) {
  start();
  TestClient waiter = connect();
  waiter.send(request(1, "wait") + request(2, "echo"));
  waiter.end_writing();
  EXPECT_EQ(waiter.message()["id"], 2) << "out of order";
  TestClient other = connect();
  other.send(request(1, "open_gate"));
  EXPECT_EQ(other.message()["result"], "opened");
  EXPECT_EQ(waiter.message()["result"], "waited");
  EXPECT_EQ(waiter.line(), "EOF");
}

TEST_F(ServerTest, NotificationsGetNoAnswer) {
  start();
  TestClient client = connect();
  client.send(R"({"jsonrpc":"2.0","method":"echo"})"
              "\n"
              R"({"jsonrpc":"2.0","method":"no.such"})"
              "\n" +
              request(3, "echo"));
  EXPECT_EQ(client.message()["id"], 3);
}

TEST_F(ServerTest, ABatchIsAnsweredTogether) {
  start();
  TestClient client = connect();
  client.send(R"([{"jsonrpc":"2.0","id":1,"method":"wait"},{"jsonrpc":"2.0","method":"echo"},)"
              R"({"jsonrpc":"2.0","id":2,"method":"no.such"},7])"
              "\n"
              R"([{"jsonrpc":"2.0","method":"echo"}])"
              "\n" +
              request(9, "open_gate"));
  EXPECT_EQ(client.message()["id"], 9);
  const json answers = client.message();
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0]["error"]["code"], -32601);
  EXPECT_EQ(answers[1]["error"]["code"], -32600);
  EXPECT_EQ(answers[2]["result"], "waited");
}

}  // namespace
}  // namespace sim52xx::daemon::control
