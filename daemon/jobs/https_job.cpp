#include "daemon/jobs/https_job.hpp"

#include <utility>

#include <string.h>

#include <spdlog/spdlog.h>

#include "daemon/http/https_stream.hpp"
#include "daemon/http/ssl_stream.hpp"

namespace sim52xx::daemon {
namespace {

Want want_of(Via via) {
  Want want;
  want.https = via != Via::ssl;
  if (via != Via::https) {
    want.ssl.emplace();
    want.ssl->zero = want.ssl->one = true;
    want.ssl->transparency = Transparency::never;
  }
  return want;
}

class Nowhere final : public Sink {
 public:
  asio::awaitable<Result<void>> write(std::string_view) override { co_return Result<void>(); }
  void cancel() override {}
};

// An error that a connection gives which the server has closed while nobody used it.
bool may_be_stale(const Error& error) {
  return error.kind == ErrorKind::peer_closed || error.kind == ErrorKind::modem_error ||
         error.kind == ErrorKind::interrupted;
}

}  // namespace

HttpsJob::HttpsJob(const HttpsContext& context, std::string id, HttpsRequest request)
    : Job(context.runtime, std::move(id), want_of(request.via)),
      context_(context),
      stall_(context.runtime, context.arbiter, *this),
      request_(std::move(request)) {
  request_.body = stall_.watch(std::move(request_.body));
  request_.response = stall_.watch(std::move(request_.response));
  if (!request_.response) nowhere_ = std::make_unique<Nowhere>();
  hop_.url = *http::parse_url(request_.url);
  hop_.method = request_.method;
  hop_.headers = std::exchange(request_.headers, {});
  hop_.with_body = request_.body != nullptr;
}

HttpsJob::~HttpsJob() {
  forget();
}

void HttpsJob::forget() {
  for (auto& header : hop_.headers)
    explicit_bzero(header.second.data(), header.second.size());
  hop_.headers.clear();
}

void HttpsJob::on_stop() {
  if (stream_) stream_->cancel();
  if (request_.body) request_.body->cancel();
  if (request_.response) request_.response->cancel();
  context_.arbiter.look_again();
  context_.modem.changed().notify();
}

asio::awaitable<Result<nlohmann::json>> HttpsJob::run() {
  auto served = co_await serve();
  forget();
  if (stopped()) co_return *stopped();
  if (!served) co_return served.error();
  nlohmann::json object = result();
  co_return object;
}

// A modem that refuses session 1 beside a transparent session 0 is no failure of ours: back to the
// end of the queue.
asio::awaitable<Result<void>> HttpsJob::serve() {
  for (;;) {
    set_state(JobState::acquiring);
    auto done = co_await acquire();
    if (done) done = co_await converse();
    co_await release(static_cast<bool>(done));
    if (done || stopped() || done.error().stage != "window") co_return done;
    spdlog::info("{}: {}; waiting", name, done.error().message);
  }
}

asio::awaitable<Result<void>> HttpsJob::acquire() {
  auto ready = co_await wait_modem();
  if (!ready) co_return ready;
  auto lease = co_await context_.arbiter.take(*this, Arbiter::Busy::wait);
  if (!lease) co_return lease.error();
  lease_ = std::move(*lease);
  open_stream();
  ready = co_await wait_modem();  // it may have been lost while others used it
  co_return ready;
}

asio::awaitable<Result<void>> HttpsJob::wait_modem() {
  const Time deadline = context_.runtime.now() + context_.config.timeouts.https.connect;
  bool in_time = true;
  while (in_time && !stopped() && !context_.modem.ready())
    in_time = co_await context_.modem.changed().wait_until(deadline);
  if (stopped()) co_return *stopped();
  if (!in_time) co_return context_.modem.not_ready();
  co_return Result<void>();
}

void HttpsJob::open_stream() {
  via_ = lease_.stack();
  if (via_ == Stack::https)
    stream_ = std::make_unique<http::HttpsStream>(context_.https);
  else
    stream_ = std::make_unique<http::SslStream>(
        context_.runtime, context_.ssl, lease_.ssl().session, context_.config.https.accept_alerts,
        context_.config.timeouts.ssl);
}

asio::awaitable<Result<void>> HttpsJob::converse() {
  http::Client client(*stream_, *this, request_.max_bytes);
  for (;;) {
    if (stopped()) co_return *stopped();
    // One that was used before may turn out to be closed, and then the body is needed again.
    const bool reused =
        stream_->connected_to(hop_.url.host, hop_.url.port) && (!hop_.with_body || rewind_body());
    if (!reused) {
      auto connected = co_await connect();
      if (!connected) co_return connected;
    }
    begin_exchange();
    http::Request request{hop_.method, hop_.url, hop_.headers,
                          hop_.with_body ? request_.body.get() : nullptr};
    auto answer = co_await client.exchange(request);
    if (!answer) {
      const bool again = reused && !stopped() && !client.answered() &&
                         may_be_stale(answer.error()) && rewind_body();
      if (!again) co_return answer.error();
      spdlog::info("{}: the connection was closed meanwhile; connecting anew", name);
      co_await stream_->close();
      continue;
    }
    answer_ = std::move(*answer);
    auto further = co_await redirected(answer_);
    if (!further) co_return further.error();
    if (!*further) co_return Result<void>();
  }
}

asio::awaitable<Result<void>> HttpsJob::connect() {
  set_state(JobState::connecting);
  co_await stream_->close();
  if (stopped()) co_return *stopped();
  auto connected = co_await stream_->connect(hop_.url.host, hop_.url.port);
  if (stopped()) co_return *stopped();
  co_return connected;
}

void HttpsJob::begin_exchange() {
  progress.up = progress.down = 0;
  progress.total = hop_.with_body ? request_.body->size() : std::nullopt;
  state = JobState::sending;
  changed.notify();
}

// Whether there is more to ask, and then hop_ says what.
asio::awaitable<Result<bool>> HttpsJob::redirected(const http::Answer& answer) {
  if (!follows(answer)) co_return false;
  if (redirects_ == request_.follow_redirects)
    co_return Error(ErrorKind::limit, "redirect",
                    "the server redirects more than " + std::to_string(redirects_) +
                        " times (follow_redirects)");
  auto next = http::follow(hop_, answer);
  if (!next) co_return next.error();
  hop_ = std::move(*next);
  if (hop_.with_body && !rewind_body())
    co_return Error(ErrorKind::unsupported, "redirect",
                    "the server redirects the upload, whose body cannot be read a second time");
  ++redirects_;
  progress.stage = "redirect " + std::to_string(redirects_);
  spdlog::info("{}: {} to {}", name, progress.stage, hop_.url.authority());
  if (!answer.reusable) co_await stream_->close();
  co_return true;
}

bool HttpsJob::follows(const http::Answer& answer) const {
  return request_.follow_redirects > 0 && http::is_redirect(answer);
}

bool HttpsJob::rewind_body() {
  return !hop_.with_body || request_.body->rewind();
}

// A connection that can be used again stays open with its stack, as long as that is warm.
asio::awaitable<void> HttpsJob::release(bool succeeded) {
  if (!stream_) co_return;
  const bool keep = succeeded && !stopped() && answer_.reusable && via_ == Stack::https;
  if (!keep) {
    set_state(JobState::closing);
    co_await stream_->close();
  }
  verified_ = stream_->verified();
  if (stream_->in_order()) lease_.clean();
  stream_.reset();
  lease_ = Lease();
}

}  // namespace sim52xx::daemon
