// An HTTPS job: one request and its redirects, over the HTTPS stack or a session of the SSL stack.
// Any answer of the server is a result; errors are what kept it from answering.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>

#include "daemon/config/config.hpp"
#include "daemon/http/client.hpp"
#include "daemon/http/stream.hpp"
#include "daemon/http/url.hpp"
#include "daemon/jobs/https_request.hpp"
#include "daemon/jobs/job.hpp"
#include "daemon/stacks/https_stack.hpp"
#include "daemon/stacks/ssl_stack.hpp"

namespace sim52xx::daemon {

// What an HTTPS job needs of the house; all of it outlives the job.
struct HttpsContext {
  Runtime& runtime;
  Modem& modem;
  HttpsStack& https;
  SslStack& ssl;
  Arbiter& arbiter;
  const config::Config& config;
};

class HttpsJob final : public Job, private http::Watcher {
 public:
  static constexpr int most_redirects = 50;

  // Whether the request can be done at all. The error names the field at fault; nothing is sent.
  static Result<void> check(const HttpsRequest& request);

  // `request` has been checked.
  HttpsJob(const HttpsContext& context, std::string id, HttpsRequest request);

  // {status, headers, bytes, via, verified, redirects}
  asio::awaitable<Result<nlohmann::json>> run() override;

 private:
  void on_stop() override;
};

}  // namespace sim52xx::daemon
