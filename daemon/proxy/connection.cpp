#include "daemon/proxy/connection.hpp"

#include <algorithm>
#include <utility>

#include <fcntl.h>

#include <spdlog/spdlog.h>

#include "daemon/system/log_event.hpp"

namespace sim52xx::daemon {
namespace {

Want want_of(const config::Endpoint& endpoint) {
  SslWant want;
  want.zero = endpoint.session != config::SessionChoice::one;
  want.one = endpoint.session != config::SessionChoice::zero;
  want.transparency = endpoint.transparent;
  Want session;
  session.ssl = want;
  return session;
}

// A socket of systemd's is there whatever is configured.
Error no_host(const config::Endpoint& endpoint) {
  const bool numbered = endpoint.name == "ssl0" || endpoint.name == "ssl1";
  const std::string key = (numbered ? "" : "endpoint.") + endpoint.name + ".host";
  return {ErrorKind::invalid, "config", "the configuration has no " + key};
}

}  // namespace

Connection::Connection(ProxyContext& context, std::shared_ptr<const config::Endpoint> endpoint,
                       const config::StackTimeouts& timeouts, Fd socket)
    : ArbiterUser(endpoint->name, want_of(*endpoint)),
      context_(context),
      kept_endpoint_(std::move(endpoint)),
      endpoint_(*kept_endpoint_),
      timeouts_(timeouts),
      target_(endpoint_.name, endpoint_.host, endpoint_.port, endpoint_.accept_alerts),
      socket_(std::move(socket)),
      copy_(fcntl(socket_.get(), F_DUPFD_CLOEXEC, 0)),
      readable_(context.runtime, socket_.get()),
      writable_(context.runtime, copy_.get()),
      end_look_(context.runtime.timers,
                [this] {
                  more_ = true;
                  readable_.look_again();
                }),
      peer_(peer_of(socket_.get())),
      since_(context.runtime.now()),
      changed_(context.runtime),
      pumped_(context.runtime),
      tasks_(context.runtime, [this] { stop(); }) {}

asio::awaitable<void> Connection::run() {
  spdlog::info("{}: client pid {} uid {} connected", name, peer_ ? peer_->pid : 0,
               peer_ ? peer_->uid : 0);
  tasks_.spawn(name + " hangup", watch_hangup());
  auto connected = co_await connect();
  if (connected) {
    co_await relay();
  } else if (connected.error().kind != ErrorKind::cancelled) {
    error_ = connected.error();
  }
  ending_ = true;
  if (lease_) context_.arbiter.set_leaving(lease_);
  if (error_)
    log_event({message_id::session_failed, error_->at}, spdlog::level::warn, "{}: {}", name,
              error_->message);
  if (error_ && (!relayed() || replies())) co_await await_request();
  if (const SslSession* const last = open_session()) {
    up_bytes_ = last->sent;
    down_bytes_ = last->received;
  }
  if (on_end_) on_end_();
  close_client();  // at once: the modem may take long to close
  if (context_.watcher != nullptr) context_.watcher->on_closed(*this);
  if (lease_) {
    changed_.notify();
    pumped_.notify();
    session().sink = nullptr;
    session().changed.notify();
    context_.stack.end_wait_sendable();
    co_await tasks_.join();
    co_await context_.stack.close(lease_.ssl().session);
    give_back();
  }
  co_await tasks_.join();
}

// A session, open to the target. A modem that refuses session 1 beside a transparent session 0 is
// no failure of ours: back to the end of the queue.
asio::awaitable<Result<void>> Connection::connect() {
  for (;;) {
    auto acquired = co_await acquire();
    if (!acquired) co_return acquired;
    auto opened = co_await open();
    if (opened || opened.error().stage != "window") co_return opened;
    spdlog::info("{}: {}; waiting", name, opened.error().message);
    give_back();
  }
}

asio::awaitable<Result<void>> Connection::acquire() {
  if (endpoint_.host.empty()) co_return no_host(endpoint_);
  auto ready = co_await wait_modem();
  if (!ready) co_return ready;
  auto taken = co_await context_.arbiter.take(*this, endpoint_.busy);
  if (!taken) co_return taken.error();
  lease_ = std::move(*taken);
  auto still_ready = co_await wait_modem();
  co_return still_ready;
}

asio::awaitable<Result<void>> Connection::wait_modem() {
  const Time deadline = context_.runtime.now() + timeouts_.connect;
  bool in_time = true;
  while (in_time && !gone() && !context_.modem.ready())
    in_time = co_await context_.modem.changed().wait_until(deadline);
  if (gone()) co_return Error(ErrorKind::cancelled, "acquire", "the client went away");
  if (!in_time) co_return context_.modem.not_ready();
  co_return Result<void>();
}

asio::awaitable<Result<void>> Connection::open() {
  const auto mode =
      lease_.ssl().transparent ? SslStack::Mode::transparent : SslStack::Mode::counted;
  if (context_.watcher != nullptr) context_.watcher->on_opening(*this);
  auto opened = co_await context_.stack.open(lease_.ssl().session, mode, target_, endpoint_);
  if (opened)
    log_event({message_id::session_open, ""}, spdlog::level::info,
              "{}: connected to {}:{} in session {}, {}", name, target_.host, target_.port,
              lease_.ssl().session, sim52xx::daemon::name(session().mode));
  if (opened && context_.watcher != nullptr) context_.watcher->on_open(*this);
  co_return opened;
}

// Until one side has reason to end. The pumps do the moving; this looks at what they left.
asio::awaitable<void> Connection::relay() {
  last_byte_ = context_.runtime.now();
  session().sink = this;
  tasks_.spawn(name + " read", read_client());
  tasks_.spawn(name + " up", send_up());
  tasks_.spawn(name + " down", send_down());
  while (!finished()) {
    co_await changed_.wait_until(next_timeout());
    check_timeouts();
  }
  log_event({message_id::session_closed, ""}, spdlog::level::info,
            "{}: session ended, {} bytes up, {} bytes down", name, session().sent,
            session().received);
}

bool Connection::finished() {
  if (!ending_ && session().failure) end(session().failure);
  if (!ending_ && down_done_) end(std::nullopt);
  if (!ending_ && sent_all_ && gone_) end(std::nullopt);
  if (!ending_ && stopping_) end(Error(ErrorKind::interrupted, "session", "the daemon stops"));
  return ending_;
}

Time Connection::next_timeout() const {
  Time next = Time::max();
  if (sent_all_) next = half_closed_at_ + endpoint_.half_close_timeout;
  if (endpoint_.idle_timeout > config::Duration::zero())
    next = std::min<Time>(next, last_byte_ + endpoint_.idle_timeout);
  return next;
}

void Connection::check_timeouts() {
  const Time now = context_.runtime.now();
  if (ending_) return;
  if (sent_all_ && now >= half_closed_at_ + endpoint_.half_close_timeout) {
    spdlog::info("{}: half_close_timeout: the peer did not close", name);
    half_closed_out_ = true;
    end(std::nullopt);
  } else if (endpoint_.idle_timeout > config::Duration::zero() &&
             now >= last_byte_ + endpoint_.idle_timeout) {
    end(Error(ErrorKind::timeout, "idle", "idle_timeout: no byte either way"));
  }
}

void Connection::end(std::optional<Error> error) {
  if (ending_) return;
  ending_ = true;
  if (error && !error_) error_ = std::move(error);
  changed_.notify();
  pumped_.notify();
  if (lease_) session().changed.notify();
}

void Connection::stop() {
  stopping_ = true;
  changed_.notify();
  context_.arbiter.look_again();
  context_.modem.changed().notify();
}

void Connection::evict(const std::string& why) {
  end(Error(ErrorKind::interrupted, "session", why));
  context_.arbiter.look_again();
  context_.modem.changed().notify();
}

// It is not idle while it is being opened.
std::optional<Time> Connection::last_byte() const {
  return relayed() ? last_byte_ : context_.runtime.now();
}

void Connection::give_back() {
  lease_.clean();
  lease_ = Lease();
}

// The client has closed both ways; a mere shutdown of its sending side is no hang-up.
asio::awaitable<void> Connection::watch_hangup() {
  co_await readable_.wait_hung_up();
  if (!socket_) co_return;  // closed by us
  gone_ = true;
  changed_.notify();
  context_.arbiter.look_again();
  context_.modem.changed().notify();
}

const SslSession* Connection::open_session() const {
  return lease_ ? &context_.stack.session(lease_.ssl().session) : nullptr;
}

SslSession& Connection::session() {
  return context_.stack.session(lease_.ssl().session);
}

}  // namespace sim52xx::daemon
