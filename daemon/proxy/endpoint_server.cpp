#include "daemon/proxy/endpoint_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr auto breath = 100ms;  // when accept fails for want of descriptors

}  // namespace

EndpointServer::EndpointServer(ProxyContext context, const config::Endpoint& endpoint,
                               const config::StackTimeouts& timeouts)
    : context_(context),
      endpoint_(std::make_shared<config::Endpoint>(endpoint)),
      timeouts_(timeouts),
      left_(context.runtime) {}

Result<void> EndpointServer::listen(const std::filesystem::path& runtime_dir) {
  path_ = runtime_dir / (endpoint_->name + ".sock");
  auto listening = listen_unix(path_.string(), find_group("sim52xx"));
  if (!listening) return listening.error();
  acceptor_.emplace(context_.runtime.io, asio::local::stream_protocol(), listening->release());
  spdlog::info("{}: serving {} for {}:{}", endpoint_->name, path_.string(), endpoint_->host,
               endpoint_->port);
  return {};
}

void EndpointServer::adopt(Fd socket) {
  acceptor_.emplace(context_.runtime.io, asio::local::stream_protocol(), socket.release());
  if (endpoint_->host.empty())
    spdlog::warn("{}: the socket is systemd's, but it has no host: clients are turned away",
                 endpoint_->name);
  else
    spdlog::info("{}: serving the socket from systemd for {}:{}", endpoint_->name, endpoint_->host,
                 endpoint_->port);
}

asio::awaitable<void> EndpointServer::run() {
  while (acceptor_ && acceptor_->is_open()) {
    asio::local::stream_protocol::socket socket(context_.runtime.io);
    const auto result = co_await acceptor_->async_accept(socket, as_result);
    if (!acceptor_->is_open()) break;
    if (std::get<0>(result)) {
      spdlog::error("{}: accept: {}", endpoint_->name, std::get<0>(result).message());
      co_await pause();
      continue;
    }
    ++accepted_;
    socket.native_non_blocking(true);
    connections_.emplace_back(context_, endpoint_, timeouts_, Fd(socket.release()));
    context_.tasks.spawn(endpoint_->name + " client", serve(std::prev(connections_.end())));
  }
}

asio::awaitable<void> EndpointServer::serve(std::list<Connection>::iterator connection) {
  connection->on_end([this, connection] { remember(*connection); });
  co_await connection->run();
  connections_.erase(connection);
  left_.notify();
}

// Before the client sees its end: whoever asks then is told.
void EndpointServer::remember(const Connection& connection) {
  if (connection.error()) {
    ++failed_;
    last_error_.emplace(*connection.error(), std::chrono::system_clock::now());
  }
  up_ += connection.up();
  down_ += connection.down();
  const SslSession* const session = connection.open_session();
  if (session == nullptr && !connection.error()) return;  // it only waited
  LastSession last;
  if (session != nullptr) last.session = session->id;
  if (session != nullptr) last.mode = name(session->mode);
  last.up = connection.up();
  last.down = connection.down();
  last.client = connection.peer();
  last.since = connection.since();
  last.until = context_.runtime.now();
  last.reason = connection.reason();
  last_session_ = std::move(last);
}

void EndpointServer::set_endpoint(const config::Endpoint& endpoint) {
  endpoint_ = std::make_shared<config::Endpoint>(endpoint);
}

asio::awaitable<void> EndpointServer::drained() {
  while (!connections_.empty())
    co_await left_.wait();
}

asio::awaitable<void> EndpointServer::pause() {
  Event nothing(context_.runtime);
  co_await nothing.wait_until(context_.runtime.now() + breath);
}

void EndpointServer::stop() {
  if (!acceptor_ || !acceptor_->is_open()) return;
  boost::system::error_code ignored;
  acceptor_->close(ignored);
  std::error_code also_ignored;
  if (!path_.empty()) std::filesystem::remove(path_, also_ignored);
  for (Connection& connection : connections_)
    connection.stop();
}

}  // namespace sim52xx::daemon
