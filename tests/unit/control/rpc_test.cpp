#include "daemon/control/rpc.hpp"

#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sim52xx::daemon::control {
namespace {

using std::string;

// The requests as "id method params", the refusals as "id code message".
std::vector<string> shown(const Message& message) {
  std::vector<string> lines;
  for (const auto& entry : message.entries) {
    if (const auto* request = std::get_if<Request>(&entry)) {
      lines.push_back((request->notification ? "-" : request->id.dump()) + " " + request->method +
                      " " + request->params.dump());
    } else {
      const json& refused = std::get<json>(entry);
      EXPECT_EQ(refused["jsonrpc"], "2.0");
      lines.push_back(refused["id"].dump() + " " + refused["error"]["code"].dump() + " " +
                      refused["error"]["message"].get<string>());
    }
  }
  return lines;
}

struct Row {
  string line;
  std::vector<string> entries;
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.line.substr(0, 80);
}

class Parse : public testing::TestWithParam<Row> {};

TEST_P(Parse, GivesRequestsOrRefusals) {
  EXPECT_EQ(shown(parse(GetParam().line)), GetParam().entries);
}

const string not_json = "null -32700 this is not JSON";

INSTANTIATE_TEST_SUITE_P(
    Good, Parse,
    testing::Values(
        Row{R"({"jsonrpc":"2.0","id":1,"method":"status"})", {"1 status {}"}},
        Row{R"( {"jsonrpc":"2.0","id":"a","method":"m","params":{"x":[1]}} )" + string("\r"),
            {R"("a" m {"x":[1]})"}},
        Row{R"({"jsonrpc":"2.0","id":null,"method":"m","params":[]})", {"null m {}"}},
        Row{R"({"jsonrpc":"2.0","method":"m","other":true})", {"- m {}"}},
        Row{R"([{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","id":2,"method":"b"}])",
            {"1 a {}", "2 b {}"}},
        Row{R"([{"jsonrpc":"2.0","id":1,"method":"a"},7])",
            {"1 a {}", "null -32600 a request must be an object"}}));

INSTANTIATE_TEST_SUITE_P(
    Bad, Parse,
    testing::Values(
        Row{"", {not_json}}, Row{"{", {not_json}}, Row{"{\"a\":1", {not_json}},
        Row{"nonsense", {not_json}}, Row{"{} {}", {not_json}}, Row{string("\"\xff\""), {not_json}},
        Row{string("{}\0", 3), {not_json}}, Row{string("\0", 1), {not_json}},
        Row{"{\"jsonrpc\":\"2.0\",\"method\":\"a\\u0000\"}", {string("- a\0 {}", 7)}},
        Row{"1", {"null -32600 a request must be an object"}},
        Row{"[]", {"null -32600 an empty batch"}},
        Row{"{}", {"null -32600 jsonrpc must be \"2.0\""}},
        Row{R"({"jsonrpc":"1.0","id":3,"method":"m"})", {"3 -32600 jsonrpc must be \"2.0\""}},
        Row{R"({"jsonrpc":2.0,"id":3,"method":"m"})", {"3 -32600 jsonrpc must be \"2.0\""}},
        Row{R"({"jsonrpc":"2.0","id":3})", {"3 -32600 method must be a string"}},
        Row{R"({"jsonrpc":"2.0","id":3,"method":4})", {"3 -32600 method must be a string"}},
        Row{R"({"jsonrpc":"2.0","id":[],"method":"m"})",
            {"null -32600 id must be a string, a number or null"}},
        Row{R"({"jsonrpc":"2.0","id":3,"method":"m","params":[1]})",
            {"3 -32602 params must be an object: parameters go by name"}},
        Row{R"({"jsonrpc":"2.0","id":3,"method":"m","params":"x"})",
            {"3 -32602 params must be an object: parameters go by name"}}));

TEST(ParseLimits, Nesting) {
  const auto nested = [](std::size_t depth) {
    return R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"x":)" + string(depth, '[') +
           string(depth, ']') + "}}";
  };
  EXPECT_THAT(shown(parse(nested(30)))[0], testing::StartsWith("1 m "));
  EXPECT_EQ(shown(parse(nested(31)))[0], "null -32600 nested deeper than 32 levels");
  EXPECT_EQ(shown(parse(string(1 << 20, '[')))[0], "null -32600 nested deeper than 32 levels");
  const string in_string =
      R"({"jsonrpc":"2.0","id":1,"method":"[[[[[[[[[[[[[[[[[[\"[[[[[[[[[[[["})";
  EXPECT_THAT(shown(parse(in_string))[0], testing::StartsWith("1 [[["));
}

TEST(ParseLimits, Batch) {
  const auto batch = [](int size) {
    string line = "[";
    for (int i = 0; i < size; ++i)
      line += string(i == 0 ? "" : ",") + R"({"jsonrpc":"2.0","method":"m"})";
    return line + "]";
  };
  EXPECT_EQ(parse(batch(32)).entries.size(), 32U);
  EXPECT_TRUE(parse(batch(1)).batch);
  EXPECT_EQ(shown(parse(batch(33)))[0], "null -32600 a batch of more than 32 requests");
  EXPECT_FALSE(parse(batch(33)).batch);
}

TEST(Answers, AreLines) {
  EXPECT_EQ(to_line(answer(7, "x")), "{\"id\":7,\"jsonrpc\":\"2.0\",\"result\":\"x\"}\n");
  EXPECT_EQ(to_line(notification("event", json::object())),
            "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{}}\n");
  EXPECT_EQ(to_line("\xff\n"), "\"\xef\xbf\xbd\\n\"\n") << "never a second line, always UTF-8";
}

TEST(Answers, CarryTheWholeError) {
  Error error(ErrorKind::tls_alert, "handshake", "the certificate is refused");
  error.at = "AT+CSSLOPEN=0";
  error.response = "+CSSLALERT: 0,2,134218240";
  error.alert = Alert{0, AlertLevel::suspend, 134218240};
  const json expected = json::parse(R"({"id":1,"jsonrpc":"2.0","error":{"code":-32006,
    "message":"the certificate is refused","data":{"kind":"tls_alert","stage":"handshake",
    "retryable":false,"at":"AT+CSSLOPEN=0","response":"+CSSLALERT: 0,2,134218240",
    "alert":{"level":"suspend","err":134218240,"bits":["bad-issuer","view-certificate"]}}}})");
  EXPECT_EQ(failure(1, error), expected);
}

TEST(Answers, ErrorsHaveTheCodeOfTheirKind) {
  EXPECT_EQ(failure(1, Error(ErrorKind::busy, "s", "m"))["error"]["code"], -32000);
  const json plain = failure("x", Error(ErrorKind::protocol_error, "send", "m"));
  EXPECT_EQ(plain["error"]["code"], -32015);
  EXPECT_EQ(plain["error"]["data"],
            json::parse(R"({"kind":"protocol_error","stage":"send","retryable":false})"));
  const json wrong = failure(1, wrong_parameter("url", "https://HOST/PATH"));
  EXPECT_EQ(wrong["error"]["code"], -32602);
  EXPECT_EQ(wrong["error"]["message"], "parameter url: allowed https://HOST/PATH");
  EXPECT_EQ(wrong["error"]["data"]["kind"], "invalid");
}

}  // namespace
}  // namespace sim52xx::daemon::control
