// https.request, and what all requests of jobs have in common.
#include "daemon/control/https_methods.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "daemon/body/encoding.hpp"
#include "daemon/control/call_bodies.hpp"
#include "daemon/control/job_methods.hpp"
#include "tests/unit/control/calls.hpp"

namespace sim52xx::daemon::control::test {
namespace {

using testing::HasSubstr;

class HttpsMethods : public CallsTest {
 protected:
  HttpsMethods() {
    add_https_methods(methods_, *context_, [this](const string& id, HttpsRequest request) {
      return make(id, std::move(request));
    });
    add_job_methods(methods_, *context_);
  }

  Result<std::unique_ptr<Job>> make(const string& id, HttpsRequest request) {
    if (refusal_) return *refusal_;
    Want want;
    want.https = true;
    requests_[id] = std::move(request);
    std::unique_ptr<Job> job = std::make_unique<FakeJob>(stage_.runtime, id, want);
    return job;
  }
  static json request(json more = json::object()) {
    json params = json::object();
    params["url"] = "https://server.test/";
    params.update(more);
    return params;
  }
  // Why it is refused, with its code; the words begin with the name of the parameter.
  string why_not(json more, std::vector<Fd> fds = {}) {
    const json error = refusal("https.request", request(std::move(more)), std::move(fds));
    EXPECT_EQ(error["code"], -32602);
    EXPECT_EQ(error["data"]["kind"], "invalid");
    EXPECT_EQ(jobs_.waiting(), 0U);
    return error["message"];
  }

  std::map<string, HttpsRequest> requests_;
  std::optional<Error> refusal_;
};

TEST_F(HttpsMethods, PassesOnWhatWasAsked) {
  call("https.request", request(json::parse(R"({"method":"PUT","via":"ssl","max_bytes":1000,
      "follow_redirects":3,"headers":{"Accept":"text/plain","X-A":"1"},"body":"h\u00e9llo"})")));
  HttpsRequest& made = requests_.at("1");
  EXPECT_EQ(made.url, "https://server.test/");
  EXPECT_EQ(made.method, "PUT");
  EXPECT_EQ(made.via, Via::ssl);
  EXPECT_EQ(made.max_bytes, 1000U);
  EXPECT_EQ(made.follow_redirects, 3);
  ASSERT_EQ(made.headers.size(), 2U);
  EXPECT_EQ(made.headers[1], std::make_pair(string("X-A"), string("1")));
  EXPECT_EQ(read(*made.body), "h\xc3\xa9llo");
  EXPECT_NE(made.response, nullptr);
}

TEST_F(HttpsMethods, HasDefaults) {
  call("https.request", request());
  HttpsRequest& made = requests_.at("1");
  EXPECT_EQ(made.method, "GET");
  EXPECT_EQ(made.via, Via::automatic);
  EXPECT_EQ(made.body, nullptr);
  EXPECT_EQ(made.follow_redirects, 0);
  EXPECT_EQ(made.max_bytes, 0U);
  call("https.request", request(json::parse(R"({"follow_redirects":true,
      "headers":[{"name":"A","value":"1"},{"name":"A","value":"2"}],"body_base64":"AP8="})")));
  HttpsRequest& other = requests_.at("2");
  EXPECT_EQ(other.follow_redirects, 10);
  EXPECT_EQ(other.headers.size(), 2U) << "a name may come twice";
  EXPECT_EQ(read(*other.body), string("\0\xff", 2));
}

TEST_F(HttpsMethods, RefusesWithTheNameOfTheParameter) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({"body":"a","body_base64":"YQ=="})", "parameter body: allowed only one of"},
      {R"({"body_base64":"YQ"})", "parameter body_base64: allowed base64"},
      {R"({"headers":"Accept: x"})", "parameter headers: allowed an object"},
      {R"({"headers":{"A":1}})", "parameter headers:"},
      {R"({"headers":[{"name":"A"}]})", "parameter headers:"},
      {R"({"headers":[{"name":"A","value":"1","more":1}]})", "parameter headers:"},
      {R"({"headers":["A"]})", "parameter headers:"},
      {R"({"via":"http"})", "parameter via: allowed \"auto\""},
      {R"({"follow_redirects":-1})", "parameter follow_redirects: allowed 0 to 50"},
      {R"({"follow_redirects":51})", "parameter follow_redirects: allowed 0 to 50"},
      {R"({"follow_redirects":"yes"})", "parameter follow_redirects: allowed true"},
      {R"({"max_bytes":0})", "parameter max_bytes: allowed 1 to"},
      {R"({"max_bytes":18446744073709551615})", "parameter max_bytes: allowed 1 to"},
      {R"({"timeout":0})", "parameter timeout: allowed seconds"},
      {R"({"timeout":-1})", "parameter timeout:"},
      {R"({"timeout":1e300})", "parameter timeout:"},
      {R"({"client_ref":""})", "parameter client_ref: allowed 1 to 256"},
      {R"({"client_ref":"a b"})", "parameter client_ref:"},
      {R"({"client_ref":"a\n"})", "parameter client_ref:"},
      {R"({"url":5})", "wrong parameter: url must be a string"},
      {R"({"detach":"yes"})", "wrong parameter: detach must be true or false"},
      {R"({"body_fd":-1})", "wrong parameter: body_fd must be the index"},
      {R"({"verbose":true})", "unknown parameter: verbose"},
  };
  for (const auto& [params, words] : wrong)
    EXPECT_THAT(why_not(json::parse(params)), HasSubstr(words)) << params;
  json without = json::object();
  EXPECT_EQ(refusal("https.request", without)["message"], "missing parameter: url");
}

TEST_F(HttpsMethods, RefusesWhatTheJobRefuses) {
  refusal_ = Error(ErrorKind::invalid, "check", "url contains a line feed");
  EXPECT_EQ(why_not(json::object()), "url contains a line feed");
  refusal_ = Error(ErrorKind::unsupported, "check", "no");
  EXPECT_EQ(refusal("https.request", request())["data"]["kind"], "unsupported");
}

TEST_F(HttpsMethods, ABodyInsideHasALimit) {
  json more = json::object();
  more["body"] = string(inline_limit + 1, 'x');
  const json error = refusal("https.request", request(more));
  EXPECT_EQ(error["data"]["kind"], "limit");
  EXPECT_THAT(error["message"].get<string>(), HasSubstr("parameter body: allowed at most 256 KiB"));
  more["body"] = string(inline_limit, 'x');
  EXPECT_FALSE(call("https.request", request(more))->done());
}

TEST_F(HttpsMethods, TakesPassedDescriptors) {
  const string path = folder_ / "file";
  const Fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_EQ(::write(file.get(), "sent", 4), 4);
  ASSERT_EQ(::lseek(file.get(), 0, SEEK_SET), 0);
  std::vector<Fd> fds;
  fds.emplace_back(::dup(file.get()));
  fds.emplace_back(::open((folder_ / "out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const auto called = call(
      "https.request", request(json::parse(R"({"body_fd":0,"response_fd":1})")), std::move(fds));
  HttpsRequest& made = requests_.at("1");
  EXPECT_EQ(read(*made.body), "sent");
  write(*made.response, "received");
  end("1", json::parse(R"({"status":200})"));
  EXPECT_EQ(called->result(), json::parse(R"({"status":200,"job_id":"1"})")) << "no body";
  EXPECT_EQ(fs::file_size(folder_ / "out"), 8U);
}

TEST_F(HttpsMethods, RefusesDescriptorsThatAreOfNoUse) {
  std::vector<Fd> fds;
  fds.emplace_back(::open("/dev/null", O_RDWR | O_CLOEXEC));
  EXPECT_THAT(why_not(json::parse(R"({"response_fd":0})"), std::move(fds)),
              HasSubstr("parameter response_fd: the passed descriptor is neither"));
  fds.clear();
  fds.emplace_back(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  EXPECT_THAT(why_not(json::parse(R"({"body_fd":0,"response_fd":0})"), std::move(fds)),
              HasSubstr("parameter response_fd: allowed the index of a passed descriptor"));
}

TEST_F(HttpsMethods, AnswersWhenTheJobIsDone) {
  const auto called = call("https.request", request());
  EXPECT_FALSE(called->done());
  EXPECT_TRUE(called->call.params.is_null()) << "parameters may have secrets in them";
  write(*requests_.at("1").response, "h\xc3\xa9llo");
  end("1", json::parse(R"({"status":404})"));
  EXPECT_EQ(called->result(), json::parse(R"({"status":404,"body":"h\u00e9llo","job_id":"1"})"));
  EXPECT_EQ(client_->callbacks(), 0U) << "nothing is left behind";
}

TEST_F(HttpsMethods, BytesThatAreNoTextComeInBase64) {
  const auto called = call("https.request", request());
  write(*requests_.at("1").response, "\xff\xfe");
  end("1");
  EXPECT_EQ(called->result()["body_base64"], "//4=");
  EXPECT_FALSE(called->result().contains("body"));
  const auto empty = call("https.request", request());
  end("2");
  EXPECT_EQ(empty->result()["body"], "");
}

TEST_F(HttpsMethods, ALargeBodyIsReadInPieces) {
  const auto called = call("https.request", request());
  string sent;
  for (int i = 0; sent.size() < 700000; ++i)
    sent += std::to_string(i) + "\n";
  write(*requests_.at("1").response, sent);
  EXPECT_EQ(result("job.read", json::parse(R"({"job_id":"1","offset":690000})"))["eof"], false)
      << "more may come";
  end("1");
  EXPECT_FALSE(called->result().contains("body"));
  string got;
  bool eof = false;
  while (!eof) {
    json params = json::object();
    params["job_id"] = "1";
    params["offset"] = got.size();
    params["length"] = 100000;
    const json piece = result("job.read", params);
    got += *from_base64(piece["data_base64"].get<string>());
    eof = piece["eof"];
  }
  EXPECT_EQ(got, sent);
  EXPECT_EQ(result("job.read", json::parse(R"({"job_id":"1","offset":9999999})"))["eof"], true);
}

// Of 256 KiB encoded: control characters take six bytes each.
TEST_F(HttpsMethods, TheLimitIsOfTheEncodedBody) {
  const auto called = call("https.request", request());
  write(*requests_.at("1").response, string(50000, '\x01'));
  end("1");
  EXPECT_FALSE(called->result().contains("body"));
  EXPECT_EQ(result("job.read", json::parse(R"({"job_id":"1"})"))["eof"], true);
}

TEST_F(HttpsMethods, DetachedIsANumberAtOnce) {
  const auto called = call("https.request", request(json::parse(R"({"detach":true})")));
  EXPECT_EQ(called->result(), json::parse(R"({"job_id":"1"})"));
  client_->go();
  stage_.settle();
  EXPECT_FALSE(jobs_.find("1", JobReader{alice, false})->decided());
}

TEST_F(HttpsMethods, AttachedIsCancelledWithItsClient) {
  const auto called = call("https.request", request());
  client_->go();
  stage_.settle();
  EXPECT_TRUE(called->done());
  EXPECT_EQ(jobs_.find("1", JobReader{alice, false})->state(), JobState::cancelled);
}

TEST_F(HttpsMethods, ACancelledOneIsAnsweredAtOnce) {
  const auto called = call("https.request", request());
  job().unwinding = true;
  const json shown = result("job.cancel", json::parse(R"({"job_id":"1"})"));
  EXPECT_EQ(shown["state"], "closing") << "the modem is being unwound";
  stage_.settle();
  EXPECT_EQ(called->error()["data"]["kind"], "cancelled");
  EXPECT_EQ(called->call.error_data["job_id"], "1");
  job().unwinding = false;
  end("1");
  EXPECT_EQ(result("job.cancel", json::parse(R"({"job_id":"1"})"))["state"], "cancelled");
}

TEST_F(HttpsMethods, ATimeoutIsAnsweredAtOnce) {
  const auto called = call("https.request", request(json::parse(R"({"timeout":1.5})")));
  job().unwinding = true;
  stage_.pass(1s);
  EXPECT_FALSE(called->done());
  stage_.pass(1s);
  EXPECT_EQ(called->error()["data"]["kind"], "timeout");
  EXPECT_EQ(called->error()["data"]["stage"], "connecting");
  job().unwinding = false;
  end("1");
}

TEST_F(HttpsMethods, ARequestThatComesAgainIsTheSameJob) {
  const json once = request(json::parse(R"({"client_ref":"r1","method":"POST","body":"x"})"));
  const auto first = call("https.request", once);
  json again = once;
  again["detach"] = true;
  EXPECT_EQ(result("https.request", again)["job_id"], "1");
  json other = once;
  other["body"] = "y";
  const json error = refusal("https.request", other);
  EXPECT_EQ(error["data"]["kind"], "invalid");
  EXPECT_THAT(error["message"].get<string>(), HasSubstr("client_ref"));
  client_->go();
  stage_.settle();
  EXPECT_FALSE(jobs_.find("1", JobReader{alice, false})->decided()) << "it is detached by now";
  end("1", json::parse(R"({"status":200})"));
  const auto late = call_as(std::make_shared<FakeClient>(alice), "https.request", once);
  EXPECT_EQ(late->result()["status"], 200);
  const auto of_bob = call_as(std::make_shared<FakeClient>(bob), "https.request", other);
  EXPECT_FALSE(of_bob->done());
  EXPECT_EQ(jobs_.counters().accepted, 2U);
}

class JobMethods : public HttpsMethods {};

TEST_F(JobMethods, ShowAJobObject) {
  call("https.request", request(json::parse(R"({"client_ref":"r1","detach":true})")));
  json shown = result("job.get", json::parse(R"({"job_id":"1"})"));
  for (const char* time : {"created", "started"})
    EXPECT_THAT(shown[time].get<string>(), testing::MatchesRegex("20.*Z"));
  shown.erase("created");
  shown.erase("started");
  EXPECT_EQ(shown, json::parse(R"({"job_id":"1","client_ref":"r1","kind":"https",
      "state":"connecting","waiting_for":null,"error":null,"result":null,"finished":null,
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
