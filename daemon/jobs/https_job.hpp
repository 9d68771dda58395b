// An HTTPS job: one request and its redirects, over the HTTPS stack or a session of the SSL stack.
// Any answer of the server is a result; errors are what kept it from answering. Headers of the
// request are forgotten as soon as it is over: they may hold secrets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>

#include "daemon/config/config.hpp"
#include "daemon/http/client.hpp"
#include "daemon/http/redirect.hpp"
#include "daemon/http/stream.hpp"
#include "daemon/jobs/body_stall.hpp"
#include "daemon/jobs/https_request.hpp"
#include "daemon/jobs/job.hpp"
#include "daemon/stacks/https_stack.hpp"
#include "daemon/stacks/ssl_stack.hpp"

namespace sim52xx::daemon {

// What HTTPS jobs need of the daemon; all of it outlives them.
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
  ~HttpsJob() override;

  // {status, headers, bytes, via, verified, redirects}; `headers` has names in lower case, and an
  // array where there are several of a name.
  asio::awaitable<Result<nlohmann::json>> run() override;

 private:
  void on_stop() override;
  void on_sent(std::uint64_t count) override;
  void on_waiting() override;
  Sink* on_answer(const http::Answer& answer) override;
  void on_received(std::uint64_t count) override;

  asio::awaitable<Result<void>> serve();
  asio::awaitable<Result<void>> acquire();
  asio::awaitable<Result<void>> wait_modem();
  asio::awaitable<Result<void>> converse();
  asio::awaitable<Result<void>> connect();
  asio::awaitable<Result<bool>> redirected(const http::Answer& answer);
  asio::awaitable<void> release(bool succeeded);
  void open_stream();
  void begin_exchange();
  [[nodiscard]] bool rewind_body();
  [[nodiscard]] bool follows(const http::Answer& answer) const;
  [[nodiscard]] nlohmann::json result() const;
  void forget();

  HttpsContext context_;
  BodyStall stall_;
  HttpsRequest request_;
  std::unique_ptr<Sink> nowhere_;  // for who wants no body
  http::Hop hop_;                  // what is asked now
  Lease lease_;
  std::unique_ptr<http::Stream> stream_;  // while there is a lease
  http::Answer answer_;                   // the last one
  int redirects_ = 0;
  Stack via_ = Stack::none;
  bool verified_ = false;
};

}  // namespace sim52xx::daemon
