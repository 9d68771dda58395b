// Reads one HTTP/1.1 answer from bytes as they come, cut anywhere: its head, then its body piece by
// piece. Interim answers (1xx) are skipped, trailers are dropped. Sans-I/O; the parser is Beast's.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/http/answer.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon::http {

class AnswerReader {
 public:
  static constexpr std::size_t longest_head = std::size_t{64} * 1024;

  // `head`: it answers a HEAD request, and so has no body.
  explicit AnswerReader(bool head);
  ~AnswerReader();
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  // Bytes of the server. Errors: protocol_error, limit.
  Result<void> feed(std::string_view bytes);
  // There are no more: the server has closed. Errors: peer_closed, where the answer is cut short.
  Result<void> end();

  [[nodiscard]] bool head_done() const;
  // All of it is there.
  [[nodiscard]] bool done() const;
  // Once head_done(); `reusable` once done().
  [[nodiscard]] const Answer& answer() const;
  // The bytes of the body that the last feed() has brought.
  [[nodiscard]] std::string_view piece() const;

 private:
  class Parser;

  Result<void> parse();

  const bool head_;
  std::unique_ptr<Parser> parser_;
  std::string unread_;  // bytes the parser did not take yet: never much more than a head
  std::string piece_;
  int interim_ = 0;
  bool began_ = false;
};

}  // namespace sim52xx::daemon::http
