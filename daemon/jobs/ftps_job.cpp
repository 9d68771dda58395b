#include "daemon/jobs/ftps_job.hpp"

#include <algorithm>
#include <utility>

#include <string.h>

#include <spdlog/spdlog.h>

namespace sim52xx::daemon {

using nlohmann::json;

namespace {

Want ftps_only() {
  Want want;
  want.ftps = true;
  return want;
}

JobState state_of(FtpsOp op) {
  switch (op) {
    case FtpsOp::pwd:
    case FtpsOp::list:
    case FtpsOp::get:
    case FtpsOp::get_efs:
      return JobState::receiving;
    default:
      return JobState::sending;
  }
}

}  // namespace

FtpsJob::FtpsJob(const FtpsContext& context, std::string id, FtpsRequest request)
    : Job(context.runtime, std::move(id), ftps_only()),
      context_(context),
      stall_(context.runtime, context.arbiter, *this),
      request_(std::move(request)),
      transfer_(context.runtime) {
  for (FtpsStep& step : request_.steps) {
    step.body = stall_.watch(std::move(step.body));
    step.response = stall_.watch(std::move(step.response));
  }
  transfer_.moved = [this](std::size_t count) {
    (state == JobState::sending ? progress.up : progress.down) += count;
    changed.notify();
  };
}

FtpsJob::~FtpsJob() {
  forget_password();
}

void FtpsJob::forget_password() {
  explicit_bzero(request_.password.data(), request_.password.size());
  request_.password.clear();
}

void FtpsJob::on_stop() {
  transfer_.end();
  for (const FtpsStep& step : request_.steps) {
    if (step.body) step.body->cancel();
    if (step.response) step.response->cancel();
  }
  context_.arbiter.look_again();
  context_.modem.changed().notify();
}

asio::awaitable<Result<json>> FtpsJob::run() {
  set_state(JobState::acquiring);
  auto done = co_await connect();
  forget_password();
  if (done) done = co_await all_steps();
  co_await log_out();
  if (stopped()) co_return *stopped();
  if (!done) co_return done.error();
  Result<json> result(std::move(partial));
  partial = nullptr;
  co_return result;
}

asio::awaitable<Result<void>> FtpsJob::connect() {
  auto ready = co_await wait_modem();
  if (!ready) co_return ready;
  auto lease = co_await context_.arbiter.take(*this, Arbiter::Busy::wait);
  if (!lease) co_return lease.error();
  lease_ = std::move(*lease);
  ready = co_await wait_modem();  // it may have been lost while others used it
  if (!ready) co_return ready;
  set_state(JobState::connecting);
  auto started = co_await context_.stack.start();
  if (!started) co_return started;
  if (stopped()) co_return *stopped();
  auto logged_in =
      co_await context_.stack.login(request_.host, request_.port, request_.user, request_.password);
  if (logged_in) spdlog::info("{}: logged in to {}:{}", name, request_.host, request_.port);
  co_return logged_in;
}

asio::awaitable<Result<void>> FtpsJob::wait_modem() {
  const Time deadline = context_.runtime.now() + context_.config.timeouts.ftps.connect;
  bool in_time = true;
  while (in_time && !stopped() && !context_.modem.ready())
    in_time = co_await context_.modem.changed().wait_until(deadline);
  if (stopped()) co_return *stopped();
  if (!in_time) co_return context_.modem.not_ready();
  co_return Result<void>();
}

asio::awaitable<Result<void>> FtpsJob::all_steps() {
  for (std::size_t i = 0; i < request_.steps.size(); ++i) {
    if (stopped()) co_return *stopped();
    FtpsStep& step = request_.steps[i];
    enter(step, i + 1);
    json result = json::object();
    result["op"] = sim52xx::daemon::name(step.op);
    if (!step.path.empty()) result["path"] = step.path;
    auto done = co_await one_step(step, result);
    if (!done) co_return explain(done.error(), step, i + 1);
    partial["steps"].push_back(std::move(result));
  }
  co_return Result<void>();
}

void FtpsJob::enter(const FtpsStep& step, std::size_t number) {
  progress.stage = sim52xx::daemon::name(step.op);
  if (request_.steps.size() > 1)
    progress.stage = "step " + std::to_string(number) + " of " +
                     std::to_string(request_.steps.size()) + ": " + progress.stage;
  progress.total.reset();
  if (step.body && step.body->size()) progress.total = progress.up + *step.body->size();
  state = state_of(step.op);
  changed.notify();
}

Error FtpsJob::explain(Error error, const FtpsStep& step, std::size_t number) const {
  error.stage = progress.stage;
  if (request_.steps.size() == 1) return error;
  std::string words = "step " + std::to_string(number) + " of " +
                      std::to_string(request_.steps.size()) + " (" +
                      std::string(sim52xx::daemon::name(step.op));
  if (!step.path.empty()) words += " " + step.path;
  words += "): " + error.message;
  if (number > 1) words += "; the steps before it were done";
  error.message = std::move(words);
  return error;
}

asio::awaitable<Result<void>> FtpsJob::one_step(FtpsStep& step, json& result) {
  FtpsStack& stack = context_.stack;
  Result<void> done;
  switch (step.op) {
    case FtpsOp::pwd: {
      auto path = co_await stack.pwd();
      if (!path) co_return path.error();
      result["path"] = *path;
      break;
    }
    case FtpsOp::cwd:
      done = co_await stack.cwd(step.path);
      break;
    case FtpsOp::mkdir:
      done = co_await stack.mkdir(step.path);
      break;
    case FtpsOp::rmdir:
      done = co_await stack.rmdir(step.path);
      break;
    case FtpsOp::remove:
      done = co_await stack.remove(step.path);
      break;
    case FtpsOp::list:
      done = co_await list(step, result);
      break;
    default:
      done = co_await transfer_step(step, result);
      break;
  }
  co_return done;
}

// A stack that is left in order stays warm; one that is not is stopped by the arbiter.
asio::awaitable<void> FtpsJob::log_out() {
  if (!lease_) co_return;
  set_state(JobState::closing);
  if (context_.modem.ready()) {
    auto gone = co_await context_.stack.logout();
    if (!gone) spdlog::warn("{}: {}", name, gone.error().message);
  }
  if (!context_.stack.unclear()) lease_.clean();
  lease_ = Lease();
}

}  // namespace sim52xx::daemon
