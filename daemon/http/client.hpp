// One HTTP/1.1 exchange over a Stream: writes a request, reads its answer, piece by piece in
// constant memory. Knows nothing of redirects, jobs or the modem.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "daemon/body/body.hpp"
#include "daemon/http/headers.hpp"
#include "daemon/http/stream.hpp"
#include "daemon/http/url.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon::http {

// What is asked. Method and headers have been checked (headers.hpp).
struct Request {
  std::string method = "GET";
  Url url;
  Headers headers;         // replace ours of that name
  Source* body = nullptr;  // none: no body
};

// The head of an answer.
struct Answer {
  int status = 0;
  Headers headers;                      // names in lower case
  std::optional<std::uint64_t> length;  // of the body, where it is known beforehand
  std::uint64_t bytes = 0;              // of the body, as received
  bool reusable = false;                // another request may follow on this connection
};

// Follows an exchange.
class Watcher {
 public:
  virtual ~Watcher() = default;
  // `count` more bytes of the request's body were sent.
  virtual void on_sent(std::uint64_t count) = 0;
  // All of the request was sent.
  virtual void on_waiting() = 0;
  // The head is there: where the body goes; nullptr: nowhere.
  virtual Sink* on_answer(const Answer& answer) = 0;
  // `count` more bytes of the answer's body were received.
  virtual void on_received(std::uint64_t count) = 0;
};

class Client {
 public:
  // `max_bytes`: of an answer's body that goes to a sink; more is ErrorKind::limit. 0: any.
  Client(Stream& stream, Watcher& watcher, std::uint64_t max_bytes)
      : stream_(stream), watcher_(watcher), max_bytes_(max_bytes) {}

  // Over the connected stream. Errors: those of the stream and of the bodies; peer_closed where the
  // answer is cut short, protocol_error where it is none, limit. `request` must live until then.
  asio::awaitable<Result<Answer>> exchange(const Request& request);
  // The last exchange has got at least one byte of an answer.
  [[nodiscard]] bool answered() const { return answered_; }

 private:
  class Reader;

  asio::awaitable<Result<void>> send(const Request& request);
  asio::awaitable<Result<Answer>> receive(bool head);
  asio::awaitable<Result<void>> receive_body(Reader& reader, Answer& answer);

  Stream& stream_;
  Watcher& watcher_;
  std::uint64_t max_bytes_;
  bool answered_ = false;
};

}  // namespace sim52xx::daemon::http
