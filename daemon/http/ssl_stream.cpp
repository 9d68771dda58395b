#include "daemon/http/ssl_stream.hpp"

#include <algorithm>
#include <utility>

namespace sim52xx::daemon::http {

asio::awaitable<Result<void>> SslStream::connect(std::string host, int port) {
  co_await close();
  target_.emplace("https", std::move(host), port, accept_alerts_, "https");
  auto opened = co_await stack_.open(id_, SslStack::Mode::counted, *target_, limits_);
  alerted_ = alerted_ || session().alerts > 0;
  if (!opened) {
    note(opened.error());
    target_.reset();
    co_return opened;
  }
  if (auto why = broken("open")) co_return *why;
  co_return Result<void>();
}

bool SslStream::connected_to(std::string_view host, int port) const {
  return target_ && target_->host == host && target_->port == port &&
         session().state == SslSession::State::open && !readable() && !cancelled_;
}

asio::awaitable<Result<void>> SslStream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (auto why = broken("send")) co_return *why;
    if (session().peer_closed)
      co_return Error(ErrorKind::peer_closed, "send", "the server closed the connection");
    auto sent = co_await stack_.send(id_, bytes);
    if (!sent) {
      note(sent.error());
      if (auto why = broken("send")) co_return *why;
      co_return sent.error();
    }
    bytes.remove_prefix(*sent);
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> SslStream::flush() {
  if (auto why = broken("send")) co_return *why;
  co_return Result<void>();  // the modem sends what it has
}

asio::awaitable<Result<std::size_t>> SslStream::read(char* to, std::size_t most) {
  const Time deadline = runtime_.now() + timeouts_.transfer;
  SslSession& from = session();
  bool in_time = true;
  while (from.down().empty()) {
    if (auto why = broken("receive")) co_return *why;
    if (from.peer_closed) co_return std::size_t{0};
    if (!in_time)
      co_return Error(ErrorKind::timeout, "receive",
                      "the server sent nothing within the transfer timeout");
    in_time = co_await from.changed.wait_until(deadline);
  }
  const std::string_view bytes = from.down().view().substr(0, most);
  const std::size_t count = bytes.size();
  std::ranges::copy(bytes, to);
  from.pop(count);
  co_return count;
}

bool SslStream::readable() const {
  return !session().down().empty() || session().peer_closed || session().failure;
}

asio::awaitable<void> SslStream::close() {
  if (target_) co_await stack_.close(id_);
  if (target_) alerted_ = alerted_ || session().alerts > 0;
  target_.reset();
  cancelled_ = false;
}

// A session that has failed closes without waiting for what is unsent.
void SslStream::cancel() {
  cancelled_ = true;
  session().fail(Error(ErrorKind::cancelled, "session", "cancelled"));
}

std::optional<Error> SslStream::broken(std::string_view stage) const {
  if (cancelled_) return Error(ErrorKind::cancelled, std::string(stage), "cancelled");
  if (session().failure) return session().failure;
  if (session().state != SslSession::State::open)
    return Error(ErrorKind::interrupted, std::string(stage), "not connected");
  return std::nullopt;
}

// A command without an answer: nobody knows what the modem makes of it.
void SslStream::note(const Error& error) {
  if (error.kind == ErrorKind::timeout && !error.at.empty()) in_order_ = false;
}

}  // namespace sim52xx::daemon::http
