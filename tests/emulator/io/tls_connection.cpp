#include "tests/emulator/io/tls_connection.hpp"

#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <openssl/err.h>

namespace sim52xx::sim {
namespace {

// A modem has little memory: what it cannot send waits where CSSLSEND? sees it, and what it cannot
// take waits at the peer.
constexpr int send_buffer = 16384;
constexpr int receive_buffer = 65536;
constexpr int segment = 1400;
constexpr std::size_t read_size = 4096;
// How long a closed session may still send what is left and wait for the peer's end.
constexpr std::chrono::seconds linger_time{120};

}  // namespace

TlsConnection::TlsConnection(asio::io_context& io, SSL_CTX& context, std::string name,
                             Events events)
    : resolver_(io),
      socket_(io),
      linger_(io),
      context_(context),
      name_(std::move(name)),
      events_(std::move(events)) {}

void TlsConnection::start(const std::string& address, std::uint16_t port) {
  auto self = shared_from_this();
  resolver_.async_resolve(
      address, std::to_string(port),
      [self](const error_code& failure, const asio::ip::tcp::resolver::results_type& found) {
        if (self->stage_ != Stage::connecting) return;
        if (failure) {
          self->fail(std::nullopt, "no address: " + failure.message());
          return;
        }
        self->addresses_ = found;
        self->next_ = self->addresses_.begin();
        self->connect_next(asio::error::not_found);
      });
}

// Tries one address after the other.
void TlsConnection::connect_next(const error_code& failure) {
  if (stage_ != Stage::connecting) return;
  if (next_ == addresses_.end()) {
    fail(std::nullopt, failure.message());
    return;
  }
  const asio::ip::tcp::endpoint endpoint = *next_++;
  error_code ignored;
  socket_.close(ignored);
  socket_.open(endpoint.protocol(), ignored);
  set_options();
  socket_.async_connect(endpoint, [self = shared_from_this()](const error_code& refused) {
    if (self->stage_ != Stage::connecting) return;
    if (refused)
      self->connect_next(refused);
    else
      self->connected();
  });
}

void TlsConnection::set_options() {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.set_option(asio::socket_base::send_buffer_size(send_buffer), ignored);
  socket_.set_option(asio::socket_base::receive_buffer_size(receive_buffer), ignored);
  // Segments as over the air; with the large ones of loopback, small windows would stall.
  ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
}

void TlsConnection::connected() {
  ssl_ = make_ssl(context_, name_, verification_);
  SSL_set_fd(ssl_.get(), socket_.native_handle());
  stage_ = Stage::handshake;
  drive();
}

void TlsConnection::post_drive() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->drive(); });
}

void TlsConnection::drive() {
  const auto self = shared_from_this();  // an event may make the owner forget us
  if (stage_ == Stage::handshake) handshake();
  if (stage_ == Stage::open || stage_ == Stage::closing) write_some();
  if (stage_ == Stage::open || stage_ == Stage::closing) read_some();
  if (stage_ == Stage::closing && out_.empty()) finish_closing();
}

void TlsConnection::handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    stage_ = Stage::open;
    events_.opened();
    return;
  }
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_RETRY_VERIFY) {
    stage_ = Stage::suspended;
    events_.alerted(verification_.bits);
  } else if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
    wait_for(error);
  } else {
    std::string words;
    const auto bits = handshake_failure(words);
    fail(bits, words);
  }
}

void TlsConnection::resume() {
  if (stage_ != Stage::suspended) return;
  verification_.accepted = true;
  stage_ = Stage::handshake;
  post_drive();
}

void TlsConnection::wait(asio::ip::tcp::socket::wait_type what, bool& waiting) {
  if (waiting) return;
  waiting = true;
  socket_.async_wait(what, [self = shared_from_this(), &waiting](const error_code& failure) {
    waiting = false;
    if (!failure) self->drive();
  });
}

void TlsConnection::wait_for(int ssl_error) {
  if (ssl_error == SSL_ERROR_WANT_WRITE)
    wait(asio::ip::tcp::socket::wait_write, waiting_write_);
  else
    wait(asio::ip::tcp::socket::wait_read, waiting_read_);
}

void TlsConnection::send(std::string_view bytes) {
  out_ += bytes;
  post_drive();
}

void TlsConnection::write_some() {
  while (!out_.empty()) {
    ERR_clear_error();
    const int count = SSL_write(ssl_.get(), out_.data(), static_cast<int>(out_.size()));
    if (count > 0) {
      out_.erase(0, static_cast<std::size_t>(count));
      if (stage_ == Stage::open) events_.sent();
      if (stage_ == Stage::dead) return;
      continue;
    }
    const int error = SSL_get_error(ssl_.get(), count);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
      wait_for(error);
    else
      end("the connection broke while sending");
    return;
  }
}

void TlsConnection::allow_receive(bool allowed) {
  const bool more = allowed && !allowed_;
  allowed_ = allowed;
  if (more) post_drive();
}

void TlsConnection::read_some() {
  char buffer[read_size];
  // While closing, what the peer still says is read and dropped: an unread byte would turn the
  // end of the connection into a reset, and the peer would lose what we sent last.
  while ((stage_ == Stage::open && allowed_) || stage_ == Stage::closing) {
    ERR_clear_error();
    const int count = SSL_read(ssl_.get(), buffer, sizeof buffer);
    if (count <= 0) {
      read_result(SSL_get_error(ssl_.get(), count));
      return;
    }
    if (stage_ == Stage::open)
      events_.received(std::string_view(buffer, static_cast<std::size_t>(count)));
  }
}

void TlsConnection::read_result(int error) {
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
    wait_for(error);
  else if (error == SSL_ERROR_ZERO_RETURN)
    end("the peer closed");
  else
    end("the connection broke");
}

// The connection is over; bytes that are left to send have nowhere to go.
void TlsConnection::end(const std::string& how) {
  out_.clear();
  if (stage_ == Stage::open) events_.peer_closed(how);
  if (stage_ != Stage::dead) {
    if (ssl_ && how == "the peer closed") SSL_shutdown(ssl_.get());
    die();
  }
}

void TlsConnection::fail(std::optional<std::uint32_t> bits, const std::string& why) {
  const auto self = shared_from_this();
  die();
  events_.failed(bits, why);
}

void TlsConnection::close() {
  const auto self = shared_from_this();
  if (stage_ != Stage::open) {
    abort();
    return;
  }
  stage_ = Stage::closing;
  linger_.expires_after(linger_time);
  linger_.async_wait([self](const error_code& stopped) {
    if (!stopped) self->die();
  });
  post_drive();
}

// The peer is told once everything else has gone, and only then the sending side is shut.
void TlsConnection::finish_closing() {
  if (said_goodbye_) return;
  ERR_clear_error();
  const int result = SSL_shutdown(ssl_.get());
  if (result < 0 && SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_WRITE) {
    wait_for(SSL_ERROR_WANT_WRITE);
    return;
  }
  said_goodbye_ = true;
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void TlsConnection::abort() {
  die();
}

void TlsConnection::die() {
  stage_ = Stage::dead;
  out_.clear();
  resolver_.cancel();
  linger_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace sim52xx::sim
