#include "daemon/control/methods.hpp"

#include <gtest/gtest.h>

namespace sim52xx::daemon::control {
namespace {

Method sample() {
  return {"m",
          Who::admin,
          "Does it",
          {Parameter("text", Type::text, "a text", true), Parameter("count", Type::integer, ""),
           Parameter("seconds", Type::number, ""), Parameter("flag", Type::boolean, ""),
           Parameter("map", Type::object, ""), Parameter("list", Type::array, ""),
           Parameter("fd", Type::descriptor, ""), Parameter("thing", Type::any, "")},
          "nothing",
          nullptr};
}

// The refusal's message, and data without what is the same in all.
std::string refusal_of(const char* params) {
  const Request request(1, "m", json::parse(params), false);
  std::optional<json> refused = check_parameters(sample(), request);
  if (!refused) return "none";
  json& error = (*refused)["error"];
  EXPECT_EQ((*refused)["id"], 1);
  EXPECT_EQ(error["code"], -32602);
  json& data = error["data"];
  EXPECT_EQ(data["kind"], "invalid");
  data.erase("kind");
  data.erase("stage");
  data.erase("retryable");
  return error["message"].get<std::string>() + " " + data.dump();
}

TEST(CheckParameters, ByTheRow) {
  EXPECT_EQ(refusal_of(R"({"text":"x"})"), "none");
  EXPECT_EQ(refusal_of(R"({"text":"x","count":-1,"seconds":1.5,"flag":true,"map":{},"list":[],
                           "fd":15,"thing":null})"),
            "none");
  EXPECT_EQ(refusal_of(R"({"text":"x","seconds":2})"), "none");
  EXPECT_EQ(refusal_of(R"({"text":"x","txet":1,"zz":2})"),
            R"(unknown parameter: txet, zz {"unknown":["txet","zz"]})");
  EXPECT_EQ(refusal_of("{}"), R"(missing parameter: text {"missing":["text"]})");
  EXPECT_EQ(refusal_of(R"({"text":1,"count":1.5})"),
            R"(wrong parameter: count must be an integer, text must be a string )"
            R"({"wrong":["count","text"]})");
  for (const char* wrong :
       {R"("seconds":"1")", R"("flag":1)", R"("map":[])", R"("list":{})", R"("fd":16)",
        R"("fd":-1)", R"("fd":18446744073709551615)", R"("fd":0.5)", R"("count":null)"})
    EXPECT_NE(refusal_of((std::string(R"({"text":"x",)") + wrong + "}").c_str()), "none") << wrong;
}

TEST(Descriptors, AsManyAsTheHighestIndexNeeds) {
  const auto needed = [](const char* params) {
    return descriptors_needed(sample(), json::parse(params));
  };
  EXPECT_EQ(needed("{}"), 0U);
  EXPECT_EQ(needed(R"({"fd":0})"), 1U);
  EXPECT_EQ(needed(R"({"fd":2})"), 3U);
  EXPECT_EQ(needed(R"({"fd":99})"), 0U) << "refused by its type";
  EXPECT_EQ(needed(R"({"fd":"x"})"), 0U);
}

TEST(Discover, ShowsTheTable) {
  Methods methods;
  methods.add(sample());
  const json document = discover(methods);
  EXPECT_EQ(document["openrpc"], "1.2.6");
  const json& method = document["methods"][0];
  EXPECT_EQ(method["name"], "m");
  EXPECT_EQ(method["x-who"], "admin");
  EXPECT_EQ(method["params"][0], json::parse(R"({"name":"text","description":"a text",
    "required":true,"schema":{"type":"string"}})"));
  EXPECT_EQ(method["params"][7]["schema"], json::object());
}

TEST(Roles, ByUserAndGroup) {
  const Groups with{500, 10, 20};
  const Groups without{500, std::nullopt, std::nullopt};
  struct Row {
    Peer peer;
    bool user_with, admin_with, user_without, admin_without;
  };
  for (const Row& row :
       {Row{{1, 0, {0}}, true, true, true, true}, Row{{1, 500, {500}}, true, false, true, true},
        Row{{1, 501, {501}}, false, false, false, false},
        Row{{1, 501, {501, 10}}, true, false, false, false},
        Row{{1, 501, {20, 501}}, true, true, false, false}}) {
    EXPECT_EQ(is_user(row.peer, with), row.user_with) << row.peer.uid;
    EXPECT_EQ(is_admin(row.peer, with), row.admin_with) << row.peer.uid;
    EXPECT_EQ(is_user(row.peer, without), row.user_without) << row.peer.uid;
    EXPECT_EQ(is_admin(row.peer, without), row.admin_without) << row.peer.uid;
  }
}

}  // namespace
}  // namespace sim52xx::daemon::control
