#include "daemon/http/answer_reader.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace sim52xx::daemon::http {
namespace {

namespace beast = boost::beast::http;
using beast_error = boost::beast::error_code;
using View = boost::beast::string_view;

constexpr int most_interim = 100;  // 1xx answers before the real one

Error broken(const std::string& why) {
  return {ErrorKind::protocol_error, "receive", "the server's answer is not HTTP: " + why};
}

Error too_long() {
  return {ErrorKind::limit, "receive", "the head of the server's answer is longer than 64 KiB"};
}

}  // namespace

class AnswerReader::Parser final : public beast::basic_parser<false> {
 public:
  Parser(bool head, std::string& piece) : piece_(piece) {
    header_limit(longest_head);
    body_limit(boost::none);
    eager(true);
    skip(head);
  }

  Answer answer;

 private:
  void on_request_impl(beast::verb, View, View, int, beast_error&) override {}
  void on_response_impl(int code, View, int, beast_error&) override { answer.status = code; }
  void on_field_impl(beast::field, View name, View value, beast_error&) override {
    if (is_header_done()) return;  // a trailer
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    answer.headers.emplace_back(std::move(lower), std::string(value));
  }
  void on_header_impl(beast_error&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, beast_error&) override {
    if (length) answer.length = *length;
  }
  std::size_t on_body_impl(View body, beast_error&) override { return take(body); }
  void on_chunk_header_impl(std::uint64_t, View, beast_error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View body, beast_error&) override {
    return take(body);
  }
  void on_finish_impl(beast_error&) override {}

  std::size_t take(View body) {
    piece_.append(body);
    answer.bytes += body.size();
    return body.size();
  }

  std::string& piece_;
};

AnswerReader::AnswerReader(bool head)
    : head_(head), parser_(std::make_unique<Parser>(head, piece_)) {}

AnswerReader::~AnswerReader() = default;

Result<void> AnswerReader::feed(std::string_view bytes) {
  began_ = began_ || !bytes.empty();
  piece_.clear();
  unread_ += bytes;
  if (done()) return {};
  auto parsed = parse();
  // Another answer than an interim one ends it; those are followed by what counts.
  while (parsed && parser_->is_done() && parser_->answer.status / 100 == 1) {
    if (parser_->answer.status == 101) return broken("it switches protocols");
    if (++interim_ > most_interim) return broken("too many interim answers");
    parser_ = std::make_unique<Parser>(head_, piece_);
    parsed = parse();
  }
  if (parsed && done()) parser_->answer.reusable = parser_->keep_alive() && unread_.empty();
  return parsed;
}

Result<void> AnswerReader::parse() {
  std::size_t taken = 0;
  while (taken < unread_.size() && !parser_->is_done()) {
    beast_error error;
    const auto rest = boost::asio::buffer(unread_) + taken;
    const std::size_t count = parser_->put(rest, error);
    taken += count;
    if (error == beast::error::need_more) break;
    if (error == beast::error::header_limit) return too_long();
    if (error) return broken(error.message());
    if (count == 0) break;
  }
  unread_.erase(0, taken);
  if (!parser_->is_done() && unread_.size() > longest_head) return too_long();
  return {};
}

Result<void> AnswerReader::end() {
  piece_.clear();
  if (done()) return {};
  if (!began_)
    return Error(ErrorKind::peer_closed, "receive", "the server closed without an answer");
  if (parser_->got_some() && head_done()) {
    beast_error error;
    parser_->put_eof(error);
    if (!error) return {};
  }
  std::string words = "the server closed before its answer was complete";
  if (head_done()) {
    words += ": " + std::to_string(parser_->answer.bytes);
    if (parser_->answer.length) words += " of " + std::to_string(*parser_->answer.length);
    words += " bytes of the body came";
  }
  return Error(ErrorKind::peer_closed, "receive", std::move(words));
}

bool AnswerReader::head_done() const {
  return parser_->is_header_done() && parser_->answer.status / 100 != 1;
}

bool AnswerReader::done() const {
  return parser_->is_done() && parser_->answer.status / 100 != 1;
}

const Answer& AnswerReader::answer() const {
  return parser_->answer;
}

std::string_view AnswerReader::piece() const {
  return piece_;
}

}  // namespace sim52xx::daemon::http
