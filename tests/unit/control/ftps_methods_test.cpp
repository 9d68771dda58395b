#include "daemon/control/ftps_methods.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "daemon/control/job_methods.hpp"
#include "tests/unit/control/calls.hpp"

namespace sim52xx::daemon::control::test {
namespace {

using testing::HasSubstr;

class FtpsMethods : public CallsTest {
 protected:
  FtpsMethods() {
    FtpsSupport support;
    support.make = [this](const string& id, FtpsRequest request) {
      return make(id, std::move(request));
    };
    support.find_op = [](std::string_view name) { return find_op(name); };
    support.credential = [](const string& name) -> Result<string> {
      if (name != "ftp-password") return Error(ErrorKind::denied, "credential", "not " + name);
      return string("from the credential");
    };
    add_ftps_methods(methods_, *context_, std::move(support));
    add_job_methods(methods_, *context_);
  }

  static std::optional<FtpsOp> find_op(std::string_view name) {
    if (name == "list") return FtpsOp::list;
    if (name == "put") return FtpsOp::put;
    if (name == "get") return FtpsOp::get;
    if (name == "put_efs") return FtpsOp::put_efs;
    return std::nullopt;
  }
  Result<std::unique_ptr<Job>> make(const string& id, FtpsRequest request) {
    Want want;
    want.ftps = true;
    requests_[id] = std::move(request);
    std::unique_ptr<Job> job = std::make_unique<FakeJob>(stage_.runtime, id, want);
    return job;
  }
  static json request(const char* steps, json more = json::object()) {
    json params = json::parse(R"({"host":"ftp.test","user":"me","password":"geheim"})");
    params["steps"] = json::parse(steps);
    params.update(more);
    return params;
  }
  json why_not(const char* steps, json more = json::object(), std::vector<Fd> fds = {}) {
    return refusal("ftps.run", request(steps, std::move(more)), std::move(fds));
  }
  string words(const char* steps, json more = json::object(), std::vector<Fd> fds = {}) {
    return why_not(steps, std::move(more), std::move(fds))["message"];
  }

  std::map<string, FtpsRequest> requests_;
};

TEST_F(FtpsMethods, PassesOnWhatWasAsked) {
  call("ftps.run",
       request(R"([{"op":"list"},{"op":"put","path":"a.txt","body":"text","verify":true},
      {"op":"get","path":"b.bin"},{"op":"put_efs","path":"c.jpg","dir":3}])",
               json::parse(R"({"port":990,"type":"A"})")));
  FtpsRequest& made = requests_.at("1");
  EXPECT_EQ(made.host, "ftp.test");
  EXPECT_EQ(made.port, 990);
  EXPECT_EQ(made.user, "me");
  EXPECT_EQ(made.password, "geheim");
  EXPECT_EQ(made.type, 'A');
  ASSERT_EQ(made.steps.size(), 4U);
  EXPECT_EQ(made.steps[0].op, FtpsOp::list);
  EXPECT_EQ(made.steps[0].response, nullptr);
  EXPECT_EQ(made.steps[1].path, "a.txt");
  EXPECT_TRUE(made.steps[1].verify);
  EXPECT_EQ(read(*made.steps[1].body), "text");
  EXPECT_NE(made.steps[2].response, nullptr);
  EXPECT_EQ(made.steps[3].dir, 3);
}

TEST_F(FtpsMethods, APasswordMayBeACredential) {
  json params = request(R"([{"op":"list"}])");
  params.erase("password");
  params["password_credential"] = "ftp-password";
  call("ftps.run", params);
  EXPECT_EQ(requests_.at("1").password, "from the credential");
  params["password_credential"] = "sim-pin";
  EXPECT_EQ(refusal("ftps.run", params)["data"]["kind"], "denied");
  params["password"] = "x";
  EXPECT_THAT(refusal("ftps.run", params)["message"].get<string>(),
              HasSubstr("parameter password: allowed only one"));
}

TEST_F(FtpsMethods, RefusesStepsWithTheNameOfTheMember) {
  const json unknown = why_not(R"([{"op":"list"},{"op":"put","pth":"x"}])");
  EXPECT_EQ(unknown["code"], -32602);
  EXPECT_EQ(unknown["data"]["unknown"], json::parse(R"(["steps[1].pth"])"));
  EXPECT_EQ(why_not(R"([{"path":"x"}])")["data"]["missing"], json::parse(R"(["steps[0].op"])"));
  EXPECT_EQ(why_not(R"([{"op":5}])")["data"]["wrong"], json::parse(R"(["steps[0].op"])"));
  EXPECT_EQ(words(R"(["list"])"), "wrong parameter: steps[0] must be an object");
  EXPECT_EQ(words(R"({"op":"list"})"), "wrong parameter: steps must be an array");
  EXPECT_THAT(words(R"([{"op":"chmod"}])"), HasSubstr("parameter steps[0].op: allowed pwd, cwd"));
  EXPECT_THAT(words(R"([{"op":"list","body":"x"}])"),
              HasSubstr("steps[0].body: allowed only with put"));
  EXPECT_THAT(words(R"([{"op":"put","path":"x","response_fd":0}])"),
              HasSubstr("steps[0].response_fd: allowed only with get"));
  EXPECT_THAT(words(R"([{"op":"get","path":"x","dir":1}])"),
              HasSubstr("steps[0].dir: allowed only"));
  EXPECT_THAT(words(R"([{"op":"get","path":"x","verify":false}])"),
              HasSubstr("steps[0].verify: allowed only with put"));
  EXPECT_THAT(words(R"([{"op":"put_efs","path":"x","dir":9}])"),
              HasSubstr("steps[0].dir: allowed 0 to 8"));
  EXPECT_THAT(words(R"([{"op":"put","path":"x","body_base64":"?"}])"),
              HasSubstr("steps[0].body_base64: allowed base64"));
  EXPECT_THAT(words(R"([{"op":"list"}])", json::parse(R"({"port":0})")),
              HasSubstr("parameter port: allowed 1 to 65535"));
  EXPECT_THAT(words(R"([{"op":"list"}])", json::parse(R"({"type":"B"})")),
              HasSubstr("parameter type: allowed"));
  EXPECT_EQ(jobs_.counters().accepted, 0U);
}

TEST_F(FtpsMethods, DescriptorsInsideOfStepsCount) {
  const Method& row = *methods_.find("ftps.run");
  EXPECT_EQ(descriptors_needed(row, request(R"([{"op":"list"}])")), 0U);
  EXPECT_EQ(
      descriptors_needed(row, request(R"([{"op":"put","body_fd":0},{"op":"get","response_fd":3},
      {"op":"get","response_fd":1}])")),
      4U);
  EXPECT_EQ(descriptors_needed(row, request(R"([5,{"op":"put","body_fd":"x"}])")), 0U);

  const auto open = [this](const char* name) {
    return Fd(::open((folder_ / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  };
  std::vector<Fd> fds;
  fds.push_back(open("a"));
  fds.push_back(open("b"));
  call("ftps.run", request(R"([{"op":"get","path":"x","response_fd":1},
      {"op":"get","path":"y","response_fd":0}])"),
       std::move(fds));
  write(*requests_.at("1").steps[0].response, "to b");
  EXPECT_EQ(fs::file_size(folder_ / "b"), 4U);
  EXPECT_EQ(fs::file_size(folder_ / "a"), 0U);

  std::vector<Fd> one;
  one.push_back(open("c"));
  EXPECT_THAT(
      words(R"([{"op":"get","path":"x","response_fd":0},
      {"op":"get","path":"y","response_fd":0}])",
            json::object(), std::move(one)),
      HasSubstr("steps[1].response_fd: allowed the index of a passed descriptor that nothing"));
}

TEST_F(FtpsMethods, WhatWasGotIsInItsStep) {
  const auto called = call("ftps.run", request(R"([{"op":"list"},{"op":"get","path":"x"},
      {"op":"get","path":"y"}])"));
  write(*requests_.at("1").steps[1].response, "first");
  write(*requests_.at("1").steps[2].response, "\xff");
  end("1", json::parse(R"({"steps":[{"op":"list"},{"op":"get"},{"op":"get"}]})"));
  EXPECT_EQ(called->result(), json::parse(R"({"job_id":"1","steps":[{"op":"list"},
      {"op":"get","body":"first"},{"op":"get","body_base64":"/w=="}]})"));
  const auto piece = [this](const char* params) {
    return result("job.read", json::parse(params))["data_base64"];
  };
  EXPECT_EQ(piece(R"({"job_id":"1"})"), "Zmlyc3Q=");
  EXPECT_EQ(piece(R"({"job_id":"1","step":1})"), "Zmlyc3Q=");
  EXPECT_EQ(piece(R"({"job_id":"1","step":2})"), "/w==");
  EXPECT_EQ(refusal("job.read", json::parse(R"({"job_id":"1","step":0})"))["data"]["kind"],
            "not_found");
}

TEST_F(FtpsMethods, AFailureHalfWayKeepsWhatThereIs) {
  const auto called = call("ftps.run", request(R"([{"op":"list"},{"op":"list"}])"));
  job().partial = json::parse(R"({"steps":[{"op":"list","entries":[]}]})");
  end("1", Error(ErrorKind::timeout, "receive", "step 2"));
  EXPECT_EQ(called->error()["data"]["kind"], "timeout");
  EXPECT_EQ(called->call.error_data["partial"]["steps"].size(), 1U);
}

TEST_F(FtpsMethods, APasswordIsNowhereAfterwards) {
  call("ftps.run",
       request(R"([{"op":"list"}])", json::parse(R"({"client_ref":"r","detach":true})")));
  const JobPtr job = jobs_.find("1", JobReader{alice, false});
  EXPECT_THAT(whole_job(*context_, *job).dump(), testing::Not(HasSubstr("geheim")));
  json other =
      request(R"([{"op":"list"}])", json::parse(R"({"client_ref":"r","password":"anders"})"));
  EXPECT_EQ(refusal("ftps.run", other)["data"]["kind"], "invalid") << "other parameters";
  EXPECT_THAT(stage_.log(), testing::Not(HasSubstr("geheim")));
}

}  // namespace
}  // namespace sim52xx::daemon::control::test
