// job.list, job.get, job.wait and job.cancel, with HTTPS jobs.
#include "tests/unit/control/https_methods_fixture.hpp"

namespace sim52xx::daemon::control::test {
namespace {

class JobMethods : public HttpsMethods {};

TEST_F(JobMethods, ShowAJobObject) {
  call("https.request", request(json::parse(R"({"client_ref":"r1","detach":true})")));
  json shown = result("job.get", json::parse(R"({"job_id":"1"})"));
  for (const char* time : {"created", "started"})
    EXPECT_THAT(shown[time].get<string>(), testing::MatchesRegex("20.*Z"));
  shown.erase("created");
  shown.erase("started");
  EXPECT_EQ(shown, json::parse(R"({"job_id":"1","client_ref":"r1","kind":"https",
      "target":{"host":"server.test","port":443},"state":"connecting","waiting_for":null,"error":null,"result":null,"finished":null,
      "progress":{"stage":"","up":0,"down":0,"total":null},"owner":{"uid":1001,"pid":4711}})"));
  end("1", json::parse(R"({"status":200})"));
  shown = result("job.get", json::parse(R"({"job_id":"1"})"));
  EXPECT_EQ(shown["state"], "done");
  EXPECT_EQ(shown["result"], json::parse(R"({"status":200,"body":"","job_id":"1"})"));
  EXPECT_TRUE(shown["finished"].is_string());
}

TEST_F(JobMethods, AFailedOneHasItsErrorAndNoBody) {
  call("https.request", request(json::parse(R"({"detach":true})")));
  end("1", Error(ErrorKind::tls_alert, "handshake", "not trusted"));
  const json shown = result("job.get", json::parse(R"({"job_id":"1"})"));
  EXPECT_EQ(shown["state"], "failed");
  EXPECT_EQ(shown["error"]["message"], "not trusted");
  EXPECT_EQ(refusal("job.read", json::parse(R"({"job_id":"1"})"))["data"]["kind"], "tls_alert");
}

TEST_F(JobMethods, ListTheNewestFirst) {
  for (int i = 0; i < 3; ++i)
    call("https.request", request(json::parse(R"({"detach":true})")));
  end("2");
  const auto ids = [this](const char* params) {
    json found = json::array();
    const json listed = result("job.list", json::parse(params));
    for (const json& job : listed["jobs"])
      found.push_back(job["job_id"]);
    return found;
  };
  EXPECT_EQ(ids("{}"), json::parse(R"(["3","2","1"])"));
  EXPECT_EQ(ids(R"({"limit":1})"), json::parse(R"(["3"])"));
  EXPECT_EQ(ids(R"({"state":"done"})"), json::parse(R"(["2"])"));
  EXPECT_THAT(refusal("job.list", json::parse(R"({"state":"over"})"))["message"].get<string>(),
              HasSubstr("parameter state"));
  EXPECT_THAT(refusal("job.list", json::parse(R"({"limit":0})"))["message"].get<string>(),
              HasSubstr("parameter limit"));
  EXPECT_FALSE(result("job.list", json::object())["jobs"][1].contains("result"));
}

TEST_F(JobMethods, AreForOwnerAndAdmin) {
  call("https.request", request(json::parse(R"({"detach":true})")));
  const auto stranger = std::make_shared<FakeClient>(bob);
  const auto admin = std::make_shared<FakeClient>(bob, true);
  for (const char* method : {"job.get", "job.wait", "job.cancel", "job.read"}) {
    const auto refused = call_as(stranger, method, json::parse(R"({"job_id":"1"})"));
    EXPECT_EQ(refused->error()["data"]["kind"], "not_found") << method;
  }
  EXPECT_EQ(call_as(stranger, "job.list", json::object())->result()["jobs"], json::array());
  EXPECT_EQ(status_jobs(*context_, *stranger), json::array());
  EXPECT_EQ(status_jobs(*context_, *admin).size(), 1U);
  EXPECT_EQ(call_as(admin, "job.get", json::parse(R"({"job_id":"1"})"))->result()["job_id"], "1");
  EXPECT_EQ(refusal("job.get", json::parse(R"({"job_id":"nonsense"})"))["data"]["kind"],
            "not_found");
}

TEST_F(JobMethods, WaitForTheEndOrForAWhile) {
  call("https.request", request(json::parse(R"({"detach":true})")));
  const auto for_ever = call("job.wait", json::parse(R"({"job_id":"1"})"));
  const auto for_long = call("job.wait", json::parse(R"({"job_id":"1","timeout":10})"));
  const auto vanishing = std::make_shared<FakeClient>(alice);
  const auto for_nobody = call_as(vanishing, "job.wait", json::parse(R"({"job_id":"1"})"));
  vanishing->go();
  stage_.settle();
  EXPECT_TRUE(for_nobody->done()) << "nobody waits for who is gone";
  stage_.pass(11s);
  ASSERT_TRUE(for_long->done());
  EXPECT_EQ(for_long->result()["state"], "connecting") << "as it is then";
  EXPECT_FALSE(for_ever->done());
  end("1");
  EXPECT_EQ(for_ever->result()["state"], "done");
}

TEST_F(JobMethods, WaitUntilTheModemIsUnwound) {
  call("https.request", request(json::parse(R"({"detach":true})")));
  job().unwinding = true;
  const auto waiting = call("job.wait", json::parse(R"({"job_id":"1"})"));
  result("job.cancel", json::parse(R"({"job_id":"1"})"));
  stage_.settle();
  EXPECT_FALSE(waiting->done());
  job().unwinding = false;
  end("1");
  EXPECT_EQ(waiting->result()["state"], "cancelled");
}

}  // namespace
}  // namespace sim52xx::daemon::control::test
