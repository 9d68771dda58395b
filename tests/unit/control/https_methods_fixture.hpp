// https.request among the methods of jobs, with jobs that do what the test says.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include "daemon/body/encoding.hpp"
#include "daemon/control/call_bodies.hpp"
#include "daemon/control/https_methods.hpp"
#include "daemon/control/job_methods.hpp"
#include "tests/unit/control/calls.hpp"

namespace sim52xx::daemon::control::test {

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

}  // namespace sim52xx::daemon::control::test
