// One HTTP/1.1 exchange over a Stream: writes a request, reads its answer, piece by piece in
// constant memory. Knows nothing of redirects, jobs or the modem.
#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "daemon/body/body.hpp"
#include "daemon/http/answer.hpp"
#include "daemon/http/request.hpp"
#include "daemon/http/stream.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon::http {

class AnswerReader;
class RequestWriter;

// Follows an exchange.
class Watcher {
 public:
  virtual ~Watcher() = default;
  // `count` more bytes of the request's body were sent.
  virtual void on_sent(std::uint64_t count) = 0;
  // All of the request was sent.
  virtual void on_waiting() = 0;
  // The head is there: where the body goes; nullptr: nowhere, and it need not be read to its end.
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
  // answer is cut short, protocol_error where it is none, limit. Then, or where the answer is not
  // `reusable`, the stream has to be closed. `request` must live until it returns.
  asio::awaitable<Result<Answer>> exchange(const Request& request);
  // The last exchange has got at least one byte of an answer.
  [[nodiscard]] bool answered() const { return answered_; }

 private:
  asio::awaitable<Result<void>> send(const Request& request);
  asio::awaitable<Result<void>> send_body(const Request& request, RequestWriter& writer);
  asio::awaitable<Result<void>> write_out(std::size_t least);
  asio::awaitable<Result<Answer>> receive(const Request& request);
  asio::awaitable<Result<void>> receive_more(AnswerReader& reader);
  asio::awaitable<Result<void>> pass_on(const AnswerReader& reader);
  [[nodiscard]] bool worth_reading(const Answer& answer) const;

  Stream& stream_;
  Watcher& watcher_;
  const std::uint64_t max_bytes_;
  bool answered_ = false;
  std::string out_;             // to be sent
  std::uint64_t body_out_ = 0;  // how much of it is the body's
  Sink* sink_ = nullptr;        // of the answer's body, once its head is there
  std::string in_;
};

}  // namespace sim52xx::daemon::http
