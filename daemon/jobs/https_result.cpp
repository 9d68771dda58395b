// What an HTTPS job refuses, what it shows as it goes on, and what it comes to.
#include <spdlog/spdlog.h>

#include "daemon/body/encoding.hpp"
#include "daemon/http/headers.hpp"
#include "daemon/http/url.hpp"
#include "daemon/jobs/https_job.hpp"

namespace sim52xx::daemon {

using nlohmann::json;

namespace {

// Header values are bytes; those that are no UTF-8 are taken for Latin-1, as HTTP once meant them.
std::string as_utf8(const std::string& bytes) {
  if (is_utf8(bytes)) return bytes;
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0U | (byte >> 6U));
      text += static_cast<char>(0x80U | (byte & 0x3fU));
    }
  }
  return text;
}

json headers_json(const http::Headers& headers) {
  json object = json::object();
  for (const auto& [name, value] : headers) {
    json& place = object[name];
    if (place.is_null()) {
      place = as_utf8(value);
    } else {
      if (place.is_string()) place = json::array({place});
      place.push_back(as_utf8(value));
    }
  }
  return object;
}

}  // namespace

Result<void> HttpsJob::check(const HttpsRequest& request) {
  if (auto url = http::parse_url(request.url); !url) return url.error();
  if (auto method = http::check_method(request.method); !method) return method;
  const auto body = request.body ? request.body->size() : 0;
  if (auto headers = http::check_headers(request.headers, body); !headers) return headers;
  if (request.follow_redirects < 0 || request.follow_redirects > most_redirects)
    return Error(ErrorKind::invalid, "check",
                 "follow_redirects is not from 0 to " + std::to_string(most_redirects));
  return {};
}

void HttpsJob::on_sent(std::uint64_t count) {
  progress.up += count;
  changed.notify();
}

void HttpsJob::on_waiting() {
  set_state(JobState::receiving);
}

Sink* HttpsJob::on_answer(const http::Answer& answer) {
  if (follows(answer)) return nullptr;
  progress.total = answer.length;
  changed.notify();
  return request_.response ? request_.response.get() : nowhere_.get();
}

void HttpsJob::on_received(std::uint64_t count) {
  progress.down += count;
  changed.notify();
}

json HttpsJob::result() const {
  const std::string via = via_ == Stack::https ? "https" : "ssl";
  spdlog::info("{}: {} answers {} over {}, {} bytes", name, hop_.url.authority(), answer_.status,
               via, answer_.bytes);
  json object = json::object();
  object["status"] = answer_.status;
  object["headers"] = headers_json(answer_.headers);
  object["bytes"] = answer_.bytes;
  object["via"] = via;
  object["verified"] = verified_;
  object["redirects"] = redirects_;
  return object;
}

}  // namespace sim52xx::daemon
